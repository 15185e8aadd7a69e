package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

class WorkflowSchemaTest {
    @Test
    void the_script_for_hosts_never_drops_a_table() {
        assertThat(WorkflowSchema.script())
                .startsWith("-- Part 2")
                .doesNotContainIgnoringCase("drop table")
                .isEqualTo(WorkflowSchema.script("public"));
        assertThat(WorkflowSchema.recreateScript("public"))
                .containsIgnoringCase("drop table")
                .endsWith(WorkflowSchema.script());
    }

    @Test
    void the_schema_is_named_in_the_spelling_of_its_place() {
        String script = WorkflowSchema.recreateScript("\"public\"'public'\\$1");

        assertThat(script)
                .contains("\"\"\"public\"\"'public'\\$1\".workflow_executions")
                .contains("'\"public\"''public''\\$1'")
                .doesNotContain(" 'public'", " \"public\".");
    }

    @Test
    void a_schema_with_an_awkward_name_works() {
        TestDatabase database = TestDatabase.create("awkward")
                .inSchema("\"a\"'b'\\$1 :c ?d {schema} \u00E9;--")
                .install();

        database.store().record(Records.execution("e", 2));
        database.store().record(Records.rest("e", 3));

        assertThat(database.store().findDetails("e").orElseThrow().logs()).hasSize(3);
        assertThat(database.store().deleteExecution("e")).isTrue();
    }

    @Test
    void installing_makes_the_tables_and_again_changes_nothing() {
        TestDatabase database = TestDatabase.create("install").installUsers();
        WorkflowSchema schema = WorkflowSchema.of(database.dataSource());
        assertThat(schema.installedVersion()).isEmpty();

        assertThat(schema.install()).isEmpty();
        assertThat(schema.installedVersion()).hasValue(WorkflowSchema.VERSION);
        database.store().record(Records.running("e"));
        assertThat(schema.install()).isEmpty();

        assertThat(database.store().findExecution("e")).isPresent();
    }

    @Test
    void adopting_tells_what_it_replaced() {
        TestDatabase database = TestDatabase.create("adopt").installUsers();
        database.execute("""
                create table workflow_executions (
                  id text primary key, workflow_id text, user_id uuid, status text, started_at timestamptz,
                  completed_at timestamptz, duration_ms integer, final_output jsonb, error text);
                create policy everybody on workflow_executions using (true)""");

        try (HikariDataSource pool = TestPools.pool(database.dataSource(), 1, false)) {
            assertThat(WorkflowSchema.of(Jdbi.create(pool)).install())
                    .singleElement()
                    .asString()
                    .contains("policy everybody on workflow_executions");
        }
    }

    @Test
    void a_database_without_users_gets_an_error_that_names_the_script() {
        TestDatabase database = TestDatabase.create("no_users");

        assertThatThrownBy(() -> WorkflowSchema.of(database.dataSource()).install())
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("cannot install the tables in schema \"public\"")
                .hasMessageContaining("plain-postgres-auth.sql");
    }

    @Test
    void newer_tables_are_left_alone() {
        TestDatabase database = TestDatabase.create("newer").install();
        database.execute("comment on table workflow_recorders is 'Workflow History schema 99: for the test'");
        WorkflowSchema schema = WorkflowSchema.of(database.dataSource());

        assertThat(schema.installedVersion()).hasValue(99);
        assertThatThrownBy(schema::install)
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("newer than version " + WorkflowSchema.VERSION + " of this script");
    }

    @Test
    void an_open_reader_makes_an_installation_fail_whole_and_no_writer_wait() throws SQLException {
        TestDatabase database = TestDatabase.create("reader").installUsers();
        database.execute("""
                create table workflow_executions (
                  id text primary key, workflow_id text, user_id uuid, status text, started_at timestamptz,
                  completed_at timestamptz, duration_ms integer, final_output jsonb, error text)""");
        WorkflowSchema schema = WorkflowSchema.of(database.dataSource());
        try (Connection reader = database.dataSource().getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select from workflow_executions");

            assertThatThrownBy(() -> schema.lockTimeout(Duration.ofMillis(100)).install())
                    .isInstanceOfSatisfying(
                            HistoryStoreException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.CONTENTION))
                    .hasMessageContaining(
                            "process " + reader.unwrap(PGConnection.class).getBackendPID())
                    .hasMessageContaining("idle in transaction")
                    .hasMessageContaining("Nothing was changed");
            database.execute("set lock_timeout = '5s';"
                    + " insert into workflow_executions (id, workflow_id, status) values ('e', 'w', 'queued')");
            assertThat(schema.installedVersion()).isEmpty();
            assertThat(database.value("select to_regclass('execution_logs') is null"))
                    .isEqualTo("t");
        }
        schema.install();
        assertThat(database.store().findExecution("e")).isPresent();
    }

    @Test
    void a_current_schema_is_left_without_waiting_for_any_lock() throws SQLException {
        TestDatabase database = TestDatabase.create("current_schema").install();
        PGSimpleDataSource impatient = database.dataSource();
        impatient.setOptions("-c lock_timeout=100");
        try (Connection other = database.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table workflow_executions, node_execution_results, execution_logs,"
                    + " workflow_recorders in access exclusive mode;"
                    + " select pg_advisory_xact_lock(hashtextextended('workflow history schema public', 0))");

            assertThat(WorkflowSchema.of(impatient).install()).isEmpty();
        }
    }

    /** Any login can take an advisory lock; a role needs no rights for that. */
    @Test
    void no_script_waits_for_ever_for_a_lock_that_anybody_may_take() throws SQLException {
        TestDatabase database = TestDatabase.create("script_turns").install();
        PGSimpleDataSource dataSource = database.dataSource();
        // So that waiting for ever would end.
        dataSource.setSocketTimeout(20);
        try (Connection other = database.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("select pg_advisory_lock(hashtextextended('workflow history schema public', 0)),"
                    + " pg_advisory_lock(hashtextextended('workflow history auth', 0))");

            for (String script : List.of(
                    WorkflowSchema.script(),
                    WorkflowSchema.plainPostgresAuthScript("public"),
                    WorkflowSchema.recorderRoleScript("public", "wh_waits"))) {
                assertThat(script).containsOnlyOnce("'2min'");
                String impatient = script.replace("'2min'", "'100ms'");
                assertThatThrownBy(() -> TestDatabase.execute(dataSource, impatient))
                        .hasMessageContaining("lock timeout");
            }
        }
    }

    @Test
    void an_installation_whose_turn_never_comes_names_who_stands_in_the_way() throws SQLException {
        TestDatabase database = TestDatabase.create("turn").inSchema("We ird").installUsers();
        PGSimpleDataSource dataSource = database.dataSource();
        // So that waiting for ever would end.
        dataSource.setSocketTimeout(20);
        SchemaInstallation installation = new SchemaInstallation(
                Transactions.over(dataSource::getConnection, new SchemaName("We ird")),
                WorkflowSchema.LOCK_TIMEOUT,
                Duration.ofMillis(100));
        try (Connection other = database.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("select pg_advisory_lock(hashtextextended('workflow history schema We ird', 0)),"
                    + " pg_advisory_lock_shared(hashtextextended('workflow history schema public', 0))");

            for (Callable<List<String>> doing :
                    List.<Callable<List<String>>>of(installation::install, installation::recreate)) {
                assertThatThrownBy(doing::call)
                        .isInstanceOfSatisfying(
                                HistoryStoreException.class,
                                e -> assertThat(e.kind()).isEqualTo(Kind.CONTENTION))
                        .hasMessageContaining("the lock of an installation is held by process "
                                + other.unwrap(PGConnection.class).getBackendPID() + " ")
                        .hasMessageContaining("after waiting for 100 ms")
                        .hasMessageContaining("pg_terminate_backend");
            }
            assertThat(installation.version()).isEmpty();
            statement.execute("select pg_advisory_unlock_all()");
        }
        installation.install();
        assertThat(installation.version()).hasValue(WorkflowSchema.VERSION);
    }

    @Test
    void eight_installations_at_once_make_one() throws Exception {
        TestDatabase database =
                TestDatabase.create("at_once").inSchema("We ird").installUsers();
        PGSimpleDataSource dataSource = database.dataSource();
        // A snapshot from before the wait for the others would show the catalog as it was then.
        dataSource.setOptions("-c default_transaction_isolation=repeatable\\ read");
        WorkflowSchema schema = WorkflowSchema.of(dataSource).inSchema("We ird");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<List<String>> install = schema::install;
            for (Future<List<String>> one :
                    threads.invokeAll(Stream.generate(() -> install).limit(8).toList())) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }

        assertThat(schema.installedVersion()).hasValue(WorkflowSchema.VERSION);
        database.store().record(Records.execution("e", 1));
    }

    @Test
    @Timeout(180)
    void eight_processes_that_start_at_once_install_one_schema(@TempDir Path folder) throws Exception {
        TestDatabase database = TestDatabase.create("processes").installUsers();
        List<ChildProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                processes.add(ChildProcess.start(database, folder, "install", "process-" + i));
            }
            for (ChildProcess process : processes) {
                assertThat(process.expectLine()).isEqualTo("ready");
            }
            for (ChildProcess process : processes) {
                process.tell("go");
            }
            for (ChildProcess process : processes) {
                assertThat(process.expectLine()).isEqualTo("installed");
            }
        } finally {
            processes.forEach(ChildProcess::close);
        }

        assertThat(database.store().listExecutions(ExecutionQuery.all())).hasSize(8);
        assertThat(WorkflowSchema.of(database.dataSource()).verify()).isEmpty();
    }
}
