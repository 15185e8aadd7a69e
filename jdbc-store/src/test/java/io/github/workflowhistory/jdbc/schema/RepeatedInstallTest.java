package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Part 2 again, at the same time, beside writers, and after damage. */
class RepeatedInstallTest {
    private SchemaDatabase database = SchemaDatabase.installed();

    @AfterEach
    void drop_database() {
        database.close();
    }

    @Test
    void part_2_again_changes_nothing_and_says_nothing() {
        try (Session session = database.session()) {
            List<String> before = Catalog.description(session, "public");
            List<String> rows = everyRow(session);
            assertThat(session.run(Scripts.PART_2)).isEmpty();
            assertThat(session.run(Scripts.PART_2)).isEmpty();
            assertThat(Catalog.description(session, "public")).isEqualTo(before);
            assertThat(everyRow(session)).isEqualTo(rows).isNotEmpty();
        }
    }

    @Test
    void the_whole_again_starts_from_nothing() {
        try (Session session = database.session()) {
            List<String> before = Catalog.description(session, "public");
            assertThat(everyRow(session)).isNotEmpty();
            session.run(Scripts.WHOLE);
            assertThat(Catalog.description(session, "public")).isEqualTo(before);
            assertThat(everyRow(session)).isEmpty();
            assertThat(session.row("select count(*) from users")).isEqualTo("2");
        }
    }

    @Test
    void the_whole_refuses_to_drop_what_a_view_of_the_host_needs() {
        try (Session session = database.session()) {
            session.run("create view host_view as select id from workflow_executions");
            assertThat(session.refused(Scripts.WHOLE))
                    .returns("2BP01", Refusal::state)
                    .matches(e -> String.valueOf(e.detail()).contains("view host_view"));
            assertThat(everyRow(session)).isNotEmpty();
        }
    }

    @Test
    void a_run_on_a_current_schema_waits_for_nobody_who_reads_or_writes() {
        try (Session writer = database.session();
                Session installer = database.session()) {
            writer.run("insert into workflow_executions (id, workflow_id) values ('e', 'w');"
                    + "insert into node_execution_results (id, execution_id, node_id, status)"
                    + " values ('n', 'e', 'n', 'success');"
                    + "insert into execution_logs (execution_id, level, message) values ('e', 'info', 'm')");
            installer.run("set local lock_timeout = '5 s'");
            installer.run(Scripts.PART_2);
            assertThat(installer.rows("select c.relname, l.mode from pg_locks l join pg_class c on c.oid = l.relation"
                            + " where l.pid = pg_backend_pid() and l.mode <> 'AccessShareLock'"
                            + " and c.relnamespace = 'public'::regnamespace"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eight_runs_at_once_end_as_one(boolean adoption) throws Exception {
        List<String> expected;
        try (Session session = database.session()) {
            expected = Catalog.description(session, "public");
        }
        try (SchemaDatabase fresh = SchemaDatabase.withAuth()) {
            if (adoption) {
                try (Session session = fresh.autoCommit()) {
                    session.run(Scripts.resource("application-tables.sql"));
                }
            }
            List<List<String>> notices = atOnce(8, fresh, Scripts.PART_2);
            assertThat(notices.stream().filter(n -> !n.isEmpty())).hasSize(adoption ? 1 : 0);
            try (Session session = fresh.session()) {
                assertThat(Catalog.description(session, "public")).containsAll(expected);
            }
        }
    }

    @Test
    void eight_runs_of_the_script_for_plain_postgres_at_once_end_as_one() throws Exception {
        try (SchemaDatabase fresh = SchemaDatabase.empty()) {
            assertThat(atOnce(8, fresh, Scripts.AUTH)).hasSize(8).allMatch(List::isEmpty);
            try (Session session = fresh.autoCommit()) {
                session.run(Scripts.WHOLE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drop index workflow_executions_by_user",
                "drop index execution_logs_by_node_result",
                "drop policy execution_logs_select on execution_logs",
                "drop policy workflow_executions_service_role on workflow_executions",
                "drop trigger workflow_executions_complete on workflow_executions",
                "drop function workflow_executions_complete cascade",
                "alter table workflow_executions drop constraint workflow_executions_status_check",
                "alter table execution_logs drop constraint execution_logs_node_result_fkey",
                "alter table workflow_executions alter created_at drop default",
                "alter table execution_logs alter message drop not null",
                "alter table node_execution_results disable row level security",
                "grant truncate, references, trigger on execution_logs to anon, authenticated, public",
                "drop table execution_logs",
                "drop table execution_logs, node_execution_results, workflow_executions",
                "alter table workflow_executions drop column recorder_id cascade",
                "alter table node_execution_results drop column attempt",
                "alter table execution_logs drop column node_run_id"
            })
    void damage_is_healed(String damage) {
        try (Session session = database.session()) {
            List<String> description = Catalog.description(session, "public");
            List<String> privileges = Catalog.privileges(session);
            session.run(damage);
            assertThat(Catalog.description(session, "public").equals(description)
                            && Catalog.privileges(session).equals(privileges))
                    .isFalse();

            session.run(Scripts.PART_2);

            assertThat(Catalog.description(session, "public")).isEqualTo(description);
            assertThat(Catalog.privileges(session)).isEqualTo(privileges);
        }
    }

    @Test
    void what_the_host_takes_away_from_end_users_stays_away() {
        try (Session session = database.session()) {
            session.run("revoke delete on execution_logs from authenticated");
            session.run(Scripts.PART_2);
            assertThat(session.row("select has_table_privilege('authenticated', 'execution_logs', 'delete')"))
                    .isEqualTo("f");
        }
    }

    private static List<List<String>> atOnce(int runs, SchemaDatabase database, String script) throws Exception {
        CyclicBarrier start = new CyclicBarrier(runs);
        ExecutorService threads = Executors.newFixedThreadPool(runs);
        try {
            List<Future<List<String>>> running = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                running.add(threads.submit(() -> {
                    try (Session session = database.autoCommit()) {
                        start.await(60, TimeUnit.SECONDS);
                        return session.run(script);
                    }
                }));
            }
            List<List<String>> results = new ArrayList<>();
            for (Future<List<String>> run : running) {
                results.add(run.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> everyRow(Session session) {
        return session.rows("""
                select t::text from workflow_executions as t
                union all select t::text from node_execution_results as t
                union all select t::text from execution_logs as t
                order by 1
                """);
    }
}
