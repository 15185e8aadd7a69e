package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts in another schema, by replacing its name as their headers say, amid decoys. */
class OtherSchemaTest {
    private static SchemaDatabase database;

    @BeforeAll
    static void create_database() {
        database = SchemaDatabase.empty();
    }

    @AfterAll
    static void drop_database() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"We ird", "a\"b'c", "select", "ünï", "%I"})
    void everything_lands_in_the_schema_and_nothing_in_public(String schema) {
        try (Session session = database.session()) {
            install(session, schema);
            assertThat(session.rows(
                            "select relname from pg_class where relnamespace = ?::regnamespace and relkind = 'r'"
                                    + " order by 1",
                            '"' + schema.replace("\"", "\"\"") + '"'))
                    .containsExactly(
                            "execution_logs",
                            "node_execution_results",
                            "users",
                            "workflow_executions",
                            "workflow_recorders");
            assertThat(session.rows("select relname from pg_class where relnamespace = 'public'::regnamespace"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"We ird", "a\"b'c"})
    void end_users_are_kept_apart_there_too(String schema) {
        try (Session session = database.session()) {
            install(session, schema);
            session.run(Scripts.inSchema(schema, "set local search_path = \"public\";")
                    + Scripts.resource("history-of-two-users.sql"));
            String ids = Scripts.inSchema(
                    schema,
                    "select id from \"public\".workflow_executions union all"
                            + " select id from \"public\".execution_logs order by 1");
            assertThat(session.rows(ids)).contains("alice-1", "bob-1", "bob-log-1");

            session.actAs(Session.BOB);
            assertThat(session.rows(ids)).containsExactly("bob-1", "bob-log-1");
        }
    }

    @Test
    void two_schemas_of_one_database_do_not_know_each_other() {
        try (Session session = database.session()) {
            install(session, "one");
            install(session, "two");
            session.run("insert into one.workflow_executions (id, workflow_id) values ('e', 'w')");
            assertThat(session.refused("insert into two.execution_logs (execution_id, level, message)"
                                    + " values ('e', 'info', 'm')")
                            .state())
                    .isEqualTo("23503");

            session.run(Scripts.inSchema("two", Scripts.WHOLE));
            assertThat(session.rows("select id from one.workflow_executions")).containsExactly("e");
        }
    }

    @Test
    void a_search_path_full_of_decoys_changes_nothing() {
        List<String> expected;
        try (Session session = database.session()) {
            install(session, "We ird");
            expected = Catalog.description(session, "We ird");
        }
        try (Session session = database.session()) {
            session.run(Scripts.resource("decoys.sql"));
            session.run("set local search_path = evil, pg_catalog, \"We ird\"");
            install(session, "We ird");
            session.run(Scripts.inSchema("We ird", Scripts.PART_2));
            assertThat(session.row("select pg_catalog.current_setting('search_path')"))
                    .isEqualTo("evil, pg_catalog, \"We ird\"");

            session.run("""
                    insert into "We ird".workflow_executions (id, workflow_id, status, started_at)
                    values ('e', 'w', 'success', '2026-01-01 00:00Z');
                    insert into "We ird".execution_logs (execution_id, level, message) values ('e', 'info', 'm');
                    """);
            session.run("set local search_path = pg_catalog");
            assertThat(session.row("select completed_at = now() from \"We ird\".workflow_executions"))
                    .isEqualTo("t");
            assertThat(Catalog.description(session, "We ird")).isEqualTo(expected);
        }
    }

    @Test
    void policies_are_not_fooled_by_an_operator_of_the_caller() {
        try (Session session = database.session()) {
            install(session, "public");
            session.run(Scripts.resource("history-of-two-users.sql"));
            session.run(Scripts.resource("decoys.sql"));
            session.actAs(Session.BOB);
            session.run("set local search_path = evil, pg_catalog");
            assertThat(session.rows("select id from public.workflow_executions"))
                    .containsExactly("bob-1");
        }
    }

    private static void install(Session session, String schema) {
        session.run(Scripts.inSchema(schema, Scripts.AUTH));
        session.run(Scripts.inSchema(schema, Scripts.WHOLE));
    }
}
