package io.github.workflowhistory.jdbc.schema;

import static io.github.workflowhistory.jdbc.schema.Session.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SQL of the guide, word for word, trailing blanks included. */
class GuideQueriesTest extends InstalledSchema {
    private static final String STEP_1 = """
            -- Copy and paste the contents of workflow-execution-schema.sql
            -- Located at: database/workflow-execution-schema.sql
            """;
    private static final String STEP_2 = """
            SELECT table_name\s
            FROM information_schema.tables\s
            WHERE table_schema = 'public'\s
            AND table_name IN ('workflow_executions', 'node_execution_results', 'execution_logs');
            """;
    private static final String STEP_3 = """
            SELECT tablename, policyname\s
            FROM pg_policies\s
            WHERE tablename IN ('workflow_executions', 'node_execution_results', 'execution_logs');
            """;
    private static final String RECENT_EXECUTIONS = """
            SELECT * FROM workflow_executions\s
            WHERE user_id = auth.uid()\s
            ORDER BY created_at DESC\s
            LIMIT 10;
            """;
    private static final String DETAILS = """
            SELECT\s
              e.*,
              json_agg(nr.*) as node_results
            FROM workflow_executions e
            LEFT JOIN node_execution_results nr ON nr.execution_id = e.id
            WHERE e.id = 'execution-id-here'
            GROUP BY e.id;
            """;
    private static final String LOGS = """
            SELECT * FROM execution_logs\s
            WHERE execution_id = 'execution-id-here'\s
            ORDER BY timestamp ASC;
            """;
    private static final String PGCRYPTO = "CREATE EXTENSION IF NOT EXISTS \"pgcrypto\";";

    /** Who runs the guide's queries. The role that installs stands outside row level security. */
    enum Reader {
        OWNER,
        ALICE;

        void begin(Session session) {
            if (this == ALICE) {
                session.actAs(Session.ALICE);
            }
        }
    }

    /** The guide asks for the execution with this id. */
    @BeforeEach
    void record_the_execution_that_the_guide_asks_for() {
        session.run("""
                insert into workflow_executions (id, workflow_id, user_id, created_at)
                values ('execution-id-here', 'w', '%s', '2026-01-03 10:00Z');
                insert into node_execution_results (id, execution_id, node_id, status)
                values ('r1', 'execution-id-here', 'a', 'success'), ('r2', 'execution-id-here', 'b', 'failed');
                insert into execution_logs (id, execution_id, level, message, timestamp)
                values ('third', 'execution-id-here', 'info', 'm', '2026-01-03 10:00:03Z'),
                       ('first', 'execution-id-here', 'info', 'm', '2026-01-03 10:00:01Z'),
                       ('second', 'execution-id-here', 'info', 'm', '2026-01-03 10:00:02Z');
                """.formatted(ALICE));
    }

    @Test
    void step_1_as_printed_is_a_comment() {
        assertThat(session.run(STEP_1)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void step_2_lists_the_three_tables(Reader reader) {
        reader.begin(session);
        assertThat(session.rows(STEP_2))
                .containsExactlyInAnyOrder("workflow_executions", "node_execution_results", "execution_logs");
    }

    @ParameterizedTest
    @EnumSource
    void step_3_lists_several_policies_for_each_table(Reader reader) {
        reader.begin(session);
        assertThat(session.rows(STEP_3))
                .contains(
                        "workflow_executions | workflow_executions_select",
                        "workflow_executions | workflow_executions_insert",
                        "workflow_executions | workflow_executions_update",
                        "workflow_executions | workflow_executions_delete",
                        "node_execution_results | node_execution_results_select",
                        "node_execution_results | node_execution_results_update",
                        "execution_logs | execution_logs_select",
                        "execution_logs | execution_logs_delete");
    }

    @Test
    void recent_executions_of_the_signed_in_user_come_newest_first() {
        session.actAs(ALICE);
        assertThat(session.rows(RECENT_EXECUTIONS))
                .extracting(row -> row.substring(0, row.indexOf(" | ")))
                .containsExactly("execution-id-here", "alice-2", "alice-1");
    }

    @Test
    void recent_executions_are_ten_at_most() {
        session.run("""
                insert into workflow_executions (id, workflow_id, user_id, created_at)
                select 'more-' || i, 'w', '%s', '2026-02-01 00:00Z'::timestamptz + i * interval '1 hour'
                from generate_series(1, 12) as i
                """.formatted(ALICE));
        session.actAs(ALICE);
        assertThat(session.rows(RECENT_EXECUTIONS))
                .hasSize(10)
                .first()
                .asString()
                .startsWith("more-12 | ");
    }

    @Test
    void recent_executions_of_nobody_are_none() {
        assertThat(session.rows(RECENT_EXECUTIONS)).isEmpty();
        assertThat(session.rows("select id from workflow_executions")).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void details_carry_the_node_results_as_one_json_array(Reader reader) {
        reader.begin(session);
        assertThat(session.row(
                        "select d.id, d.workflow_id, json_typeof(node_results), json_array_length(node_results) from ("
                                + withoutSemicolon(DETAILS) + ") as d"))
                .isEqualTo("execution-id-here | w | array | 2");
        assertThat(session.row(DETAILS)).contains("\"node_id\":\"a\"", "\"node_id\":\"b\"", "\"status\":\"failed\"");
    }

    @ParameterizedTest
    @EnumSource
    void logs_come_in_the_order_of_their_timestamps(Reader reader) {
        reader.begin(session);
        assertThat(session.rows(LOGS))
                .extracting(row -> row.substring(0, row.indexOf(" | ")))
                .containsExactly("first", "second", "third");
    }

    @ParameterizedTest
    @EnumSource
    void the_troubleshooting_note_on_pgcrypto_has_nothing_left_to_do(Reader reader) {
        reader.begin(session);
        assertThat(session.run(PGCRYPTO)).containsExactly("extension \"pgcrypto\" already exists, skipping");
        assertThat(session.row("select gen_random_uuid() is not null")).isEqualTo("t");
    }

    private static String withoutSemicolon(String query) {
        return query.strip().replaceFirst(";$", "");
    }
}
