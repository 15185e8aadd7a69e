package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guide's "Tables Overview", column by column. */
class GuideTablesTest extends InstalledSchema {
    @ParameterizedTest
    @CsvSource(textBlock = """
            workflow_executions,    id,             TEXT
            workflow_executions,    workflow_id,    TEXT
            workflow_executions,    user_id,        UUID
            workflow_executions,    status,         TEXT
            workflow_executions,    started_at,     TIMESTAMPTZ
            workflow_executions,    completed_at,   TIMESTAMPTZ
            workflow_executions,    duration_ms,    INTEGER
            workflow_executions,    final_output,   JSONB
            workflow_executions,    error,          TEXT
            workflow_executions,    created_at,     TIMESTAMPTZ
            node_execution_results, id,             TEXT
            node_execution_results, execution_id,   TEXT
            node_execution_results, node_id,        TEXT
            node_execution_results, node_name,      TEXT
            node_execution_results, status,         TEXT
            node_execution_results, output_data,    JSONB
            node_execution_results, error,          TEXT
            node_execution_results, duration_ms,    INTEGER
            execution_logs,         id,             TEXT
            execution_logs,         execution_id,   TEXT
            execution_logs,         node_result_id, TEXT
            execution_logs,         level,          TEXT
            execution_logs,         message,        TEXT
            execution_logs,         data,           JSONB
            execution_logs,         timestamp,      TIMESTAMPTZ
            """)
    void every_column_of_the_guide_has_its_type(String table, String column, String type) {
        assertThat(session.row("""
                        select data_type from information_schema.columns
                        where table_schema = 'public' and table_name = ? and column_name = ?
                        """, table, column))
                .isEqualTo(
                        switch (type) {
                            case "TIMESTAMPTZ" -> "timestamp with time zone";
                            default -> type.toLowerCase(java.util.Locale.ROOT);
                        });
    }

    @ParameterizedTest
    @CsvSource({"workflow_executions", "node_execution_results", "execution_logs"})
    void the_primary_key_is_the_id(String table) {
        assertThat(keys(table, "p")).isEqualTo("PRIMARY KEY (id)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            workflow_executions    | FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
            node_execution_results | FOREIGN KEY (execution_id) REFERENCES workflow_executions(id) ON DELETE CASCADE
            execution_logs         | FOREIGN KEY (execution_id) REFERENCES workflow_executions(id) ON DELETE CASCADE
            execution_logs         | FOREIGN KEY (execution_id, node_result_id) REFERENCES node_execution_results(execution_id, id) ON DELETE CASCADE
            """)
    void every_reference_of_the_guide_cascades(String table, String reference) {
        assertThat(keys(table, "f")).contains(reference);
    }

    @ParameterizedTest
    @CsvSource({"queued", "running", "success", "failed", "partial"})
    void an_execution_may_have_each_status_of_the_guide(String status) {
        assertThat(session.changed(
                        "update workflow_executions set status = '%s' where id = 'alice-1'".formatted(status)))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"success", "failed", "skipped"})
    void a_node_result_may_have_each_status_of_the_guide(String status) {
        assertThat(session.changed(
                        "update node_execution_results set status = '%s' where id = 'alice-mail'".formatted(status)))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"info", "warn", "error", "debug"})
    void a_log_may_have_each_level_of_the_guide(String level) {
        assertThat(session.changed("update execution_logs set level = '%s' where id = 'alice-log-1'".formatted(level)))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            workflow_executions,    status, cancelled
            workflow_executions,    status, SUCCESS
            workflow_executions,    status, skipped
            workflow_executions,    status, ''
            node_execution_results, status, running
            node_execution_results, status, partial
            execution_logs,         level,  fatal
            execution_logs,         level,  trace
            """)
    void other_words_are_refused_by_a_constraint_that_says_which(String table, String column, String word) {
        assertThat(session.refused("update %s set %s = '%s'".formatted(table, column, word)))
                .returns("23514", Refusal::state)
                .returns(table + "_" + column + "_check", Refusal::constraint);
    }

    @Test
    void what_the_guide_lists_is_enough_to_write_a_history() {
        session.run("""
                insert into workflow_executions
                  (id, workflow_id, user_id, status, started_at, completed_at, duration_ms, final_output, error)
                values ('exec_1732412345678_k3j9x2a1b', 'w', '00000000-0000-4000-8000-00000000000a', 'partial',
                  now(), now(), 1, '{"n": 1}', 'x');
                insert into node_execution_results
                  (id, execution_id, node_id, node_name, status, output_data, error, duration_ms)
                values ('n', 'exec_1732412345678_k3j9x2a1b', 'a', 'A', 'failed', '[]', 'x', 1);
                insert into execution_logs (id, execution_id, node_result_id, level, message, data, timestamp)
                values ('l', 'exec_1732412345678_k3j9x2a1b', 'n', 'error', 'm', '1', now());
                """);
        assertThat(session.row("select e.created_at = now(), n.created_at = now(), n.attempt from workflow_executions e"
                        + " join node_execution_results n on n.execution_id = e.id where n.id = 'n'"))
                .isEqualTo("t | t | 1");
    }

    @Test
    void an_id_that_is_left_out_becomes_a_uuid_that_sorts_by_time() {
        String insert = "insert into execution_logs (execution_id, level, message) values ('alice-1', 'info', 'm')";
        assertThat(session.row(insert + " returning id"))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(session.row("""
                        with written as (%s returning id)
                        select abs(('x' || replace(left(id, 13), '-', ''))::bit(48)::bigint
                                   - 1000 * extract(epoch from clock_timestamp())) < 60000
                        from written
                        """.formatted(insert))).isEqualTo("t");
    }

    private String keys(String table, String type) {
        return session.row(
                "select string_agg(pg_get_constraintdef(oid), '; ') from pg_constraint"
                        + " where conrelid = ?::regclass and contype = ?::\"char\"",
                table,
                type);
    }
}
