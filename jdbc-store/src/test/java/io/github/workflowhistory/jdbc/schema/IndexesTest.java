package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which indexes there are, and that deleting and reading use them. By counts and plans, never by the clock. */
class IndexesTest extends InstalledSchema {
    @Test
    void every_foreign_key_leads_an_index() {
        String foreignKeys = "select conrelid::regclass || '.' || conname from pg_constraint"
                + " where contype = 'f' and connamespace = 'public'::regnamespace";
        assertThat(session.rows(foreignKeys)).hasSize(4);
        // A partial index counts when it leaves out nothing but null, which refers to nothing.
        assertThat(session.rows(foreignKeys + """
                                 and not exists (
                                  select from pg_index i
                                  where i.indrelid = conrelid
                                    and (i.indkey::int2[])[0:cardinality(conkey) - 1] @> conkey
                                    and (i.indpred is null
                                         or pg_get_expr(i.indpred, i.indrelid) = '(node_result_id IS NOT NULL)'
                                            and 'execution_logs_node_result_fkey' = conname))
                                """)).isEmpty();
    }

    @Test
    void indexed_texts_compare_as_bytes() {
        assertThat(session.rows("""
                        select distinct i.indexrelid::regclass || ' on ' || a.attname || ': ' || c.collname
                        from pg_index i
                        cross join lateral unnest(i.indkey, i.indcollation) as k (attnum, collation_id)
                        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                        join pg_collation c on c.oid = k.collation_id
                        where i.indrelid::regclass::text in
                          ('workflow_executions', 'node_execution_results', 'execution_logs', 'workflow_recorders')
                          and c.collname <> 'C'
                        """)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            workflow_executions    | id, workflow_id, recorder_id
            node_execution_results | id, execution_id, node_id
            execution_logs         | id, execution_id, node_result_id, node_run_id
            workflow_recorders     | id
            """)
    void ids_compare_as_bytes(String table, String columns) {
        assertThat(session.row("""
                        select string_agg(attname, ', ' order by attnum) from pg_attribute
                        where attrelid = ?::regclass and attcollation = '"C"'::regcollation
                        """, table)).isEqualTo(columns);
    }

    @Test
    void no_index_is_there_twice() {
        assertThat(session.rows("""
                        select a.indexrelid::regclass, b.indexrelid::regclass
                        from pg_index a join pg_index b on a.indrelid = b.indrelid and a.indexrelid <> b.indexrelid
                        where a.indrelid::regclass::text ~ '^(workflow|node|execution)_'
                          and a.indpred is null and b.indpred is null
                          and (b.indkey::text || ' ') like (a.indkey::text || ' %')
                        """)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            an execution  | delete from workflow_executions where id = 'e7'
            a node result | delete from node_execution_results where id = 'r7-1' and execution_id = 'e7'
            a user        | delete from users where id = '00000000-0000-4000-8000-00000000000b'
            """)
    void deleting_reads_no_table_as_a_whole(String what, String delete) {
        fill();
        String before = sequentialScans();
        assertThat(session.changed(delete)).as(what).isEqualTo(1);
        assertThat(sequentialScans()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            workflow_executions_by_user                | select id from workflow_executions where user_id = '00000000-0000-4000-8000-00000000000b' order by created_at desc, id desc limit 10
            workflow_executions_by_workflow            | select id from workflow_executions where workflow_id = 'w3' order by created_at desc, id desc limit 10
            workflow_executions_by_creation            | select id from workflow_executions order by created_at desc, id desc limit 10
            workflow_executions_open                   | select id from workflow_executions where status in ('queued', 'running') and recorder_id = 'gone'
            node_execution_results_execution_id_id_key | select id from node_execution_results where execution_id = 'e7'
            execution_logs_by_time                     | select id from execution_logs where execution_id = 'e7' order by "timestamp", id
            execution_logs_by_node_result              | select id from execution_logs where execution_id = 'e7' and node_result_id = 'r7-1'
            execution_logs_by_node_run                 | select id from execution_logs where execution_id = 'e7' and node_run_id = 'later' and node_result_id is null
            """)
    void each_way_of_reading_has_its_index_and_sorts_nothing(String index, String query) {
        fill();
        // What could be read otherwise counts on the size of the tables; here it is whether the index can do it.
        session.run("set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off");
        List<String> plan = session.rows("explain (costs off) " + query);
        assertThat(plan).anyMatch(line -> line.contains(index)).noneMatch(line -> line.contains("Sort"));
    }

    /** Enough for an index to pay. */
    private void fill() {
        session.run("""
                insert into workflow_executions (id, workflow_id, user_id, status, created_at)
                select 'e' || i, 'w' || i % 1000, '00000000-0000-4000-8000-00000000000a', 'success',
                       '2026-01-01Z'::timestamptz + i * interval '1 s'
                from generate_series(1, 3000) as i;
                insert into node_execution_results (id, execution_id, node_id, status)
                select 'r' || i || '-' || j, 'e' || i, 'n', 'success'
                from generate_series(1, 3000) as i, generate_series(1, 2) as j;
                insert into execution_logs (id, execution_id, node_result_id, level, message, "timestamp")
                select 'l' || i || '-' || j, 'e' || i, case when j < 3 then 'r' || i || '-' || j end, 'info', 'm',
                       '2026-01-01Z'::timestamptz + i * interval '1 s'
                from generate_series(1, 3000) as i, generate_series(1, 5) as j;
                insert into execution_logs (execution_id, level, message)
                select 'e7', 'info', 'one of many' from generate_series(1, 200);
                analyze workflow_executions, node_execution_results, execution_logs;
                """);
    }

    /** Of this session, those of cascades included. The table of users is too small for an index to pay. */
    private String sequentialScans() {
        return session.row("select string_agg(relname || ': ' || seq_scan, ', ' order by relname)"
                + " from pg_stat_xact_user_tables where relname <> 'users' and schemaname = 'public'");
    }
}
