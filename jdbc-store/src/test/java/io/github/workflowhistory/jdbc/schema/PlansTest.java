package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deleting and reading use the indexes, on enough rows for that to pay. By counts and plans, never by the clock. */
class PlansTest {
    private static final String ROWS = """
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
                """;

    private static SchemaDatabase database;

    private Session session;

    @BeforeAll
    static void create_database() {
        database = SchemaDatabase.installed();
        try (Session filling = database.autoCommit()) {
            filling.run(ROWS);
        }
    }

    @AfterAll
    static void drop_database() {
        database.close();
    }

    @BeforeEach
    void begin() {
        session = database.session();
    }

    @AfterEach
    void roll_back() {
        session.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            an execution  | delete from workflow_executions where id = 'e7'
            a node result | delete from node_execution_results where id = 'r7-1' and execution_id = 'e7'
            a user        | delete from users where id = '00000000-0000-4000-8000-00000000000b'
            """)
    void deleting_reads_no_table_as_a_whole(String what, String delete) {
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
        // What could be read otherwise counts on the size of the tables; here it is whether the index can do it.
        session.run("set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off");
        List<String> plan = session.rows("explain (costs off) " + query);
        assertThat(plan).anyMatch(line -> line.contains(index)).noneMatch(line -> line.contains("Sort"));
    }

    /** Of this session, those of cascades included. The table of users is too small for an index to pay. */
    private String sequentialScans() {
        return session.row("select string_agg(relname || ': ' || seq_scan, ', ' order by relname)"
                + " from pg_stat_xact_user_tables where relname <> 'users' and schemaname = 'public'");
    }
}
