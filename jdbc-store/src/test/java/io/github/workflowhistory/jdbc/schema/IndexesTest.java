package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which indexes there are, and how they compare. */
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
}
