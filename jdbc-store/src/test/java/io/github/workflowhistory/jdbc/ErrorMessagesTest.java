package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Whatever is wrong with a database, the error names the thing and the mend. */
class ErrorMessagesTest {
    private static HistoryStoreException failure(Runnable work) {
        HistoryStoreException failure = catchThrowableOfType(HistoryStoreException.class, work::run);
        assertThat(failure.isInDoubt()).isFalse();
        assertThat(failure).hasCauseInstanceOf(SQLException.class);
        return failure;
    }

    private static HistoryStoreException recording(TestDatabase database, DataSource dataSource) {
        return failure(() -> database.store(dataSource).record(Records.execution("e", 1)));
    }

    @Test
    void a_database_without_the_tables() {
        TestDatabase database = TestDatabase.create("no_tables");

        HistoryStoreException failure = recording(database, database.dataSource());

        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure)
                .hasMessageContaining("cannot record HistoryBatch[executions=1")
                .hasMessageContaining("\"public.workflow_executions\" does not exist")
                .hasMessageContaining("there is no workflow_executions, node_execution_results, execution_logs,"
                        + " workflow_recorders")
                .hasMessageContaining("run database/workflow-execution-schema.sql")
                .hasMessageContaining("WorkflowSchema.install()");
        assertThat(failure(() -> database.store().listExecutions(ExecutionQuery.all())))
                .hasMessageStartingWith("cannot list executions: ");
    }

    @Test
    void a_pool_of_one_has_a_connection_for_the_explanation() {
        TestDatabase database = TestDatabase.create("no_tables_pool");
        try (HikariDataSource pool = TestPools.pool(database.dataSource(), 1, false)) {
            assertThat(recording(database, pool)).hasMessageContaining("run database/workflow-execution-schema.sql");
        }
    }

    @Test
    void one_table_is_missing() {
        TestDatabase database = TestDatabase.create("no_logs").install();
        database.execute("drop table execution_logs");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("there is no execution_logs: run database/workflow-execution-schema.sql");
        assertThat(database.store().findExecution("e")).as("half of a batch").isEmpty();
    }

    @Test
    void another_schema_than_the_one_of_the_tables() {
        TestDatabase database = TestDatabase.create("no_schema").install().inSchema("We ird");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("schema \"We ird\" does not exist: give the store the right schema");
    }

    @Test
    void tables_that_were_made_from_the_guide_alone() {
        TestDatabase database = TestDatabase.create("guide_tables").install();
        database.execute("alter table workflow_executions drop column recorder_id cascade;"
                + " comment on table workflow_recorders is null");

        HistoryStoreException failure = recording(database, database.dataSource());

        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure)
                .hasMessageContaining("recorder_id")
                .hasMessageContaining("were made without its script: run Part 2 of"
                        + " database/workflow-execution-schema.sql, which keeps all rows");
    }

    @Test
    void tables_of_an_older_version() {
        TestDatabase database = TestDatabase.create("older").install();
        database.execute("alter table workflow_executions drop column recorder_id cascade;"
                + " comment on table workflow_recorders is 'Workflow History schema 0: for the test'");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("are of the older version 0: run Part 2 of");
    }

    @Test
    void tables_of_a_newer_version() {
        TestDatabase database = TestDatabase.create("newer").install();
        database.execute("alter table workflow_executions drop column recorder_id cascade;"
                + " comment on table workflow_recorders is 'Workflow History schema 99: for the test'");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("are of version 99, newer than the version " + WorkflowSchema.VERSION
                        + " that this library knows: update the library");
    }

    @Test
    void tables_that_somebody_changed() {
        TestDatabase database = TestDatabase.create("changed").install();
        database.execute("alter table workflow_executions drop column recorder_id cascade");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("are of this version, but somebody changed them");
    }

    @Test
    void a_role_without_rights() {
        TestDatabase database = TestDatabase.create("grants").install();
        String role = database.name() + "_role";
        database.execute("create role " + role + " login password 'secret'");
        DataSource connections = database.dataSource(role, "secret");
        String mend = "As the owner of the tables run: grant service_role to " + role
                + "; Or make a login that may only record: recorder-role.sql";

        HistoryStoreException failure = recording(database, connections);
        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure).hasMessageContaining(mend);

        // Rights on the tables do not help where no policy is for the role.
        database.execute("grant select, insert, update, delete on workflow_executions, node_execution_results,"
                + " execution_logs, workflow_recorders to " + role);
        assertThat(recording(database, connections))
                .hasMessageContaining("row-level security")
                .hasMessageContaining("for which there is no policy. " + mend)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION));
        assertThatThrownBy(() -> database.store(connections).listExecutions(ExecutionQuery.all()))
                .hasMessageContaining("cannot list executions: nothing can be found. Row level security hides all rows")
                .hasMessageContaining(mend);
        assertThatThrownBy(() -> database.store(connections).findExecution("e")).hasMessageContaining(mend);
        assertThatThrownBy(() -> database.store(connections).deleteExecution("e"))
                .hasMessageContaining(mend);

        database.execute("grant service_role to " + role);
        database.store(connections).record(Records.execution("e", 1));
        assertThat(database.store(connections).findDetails("e")).isPresent();
        assertThat(database.store(connections).findDetails("f")).isEmpty();
    }

    @Test
    void a_role_that_inherits_nothing() {
        TestDatabase database = TestDatabase.create("noinherit").install();
        String role = database.name() + "_role";
        database.execute(
                "create role %1$s login noinherit password 'secret'; grant service_role to %1$s".formatted(role));

        String message =
                recording(database, database.dataSource(role, "secret")).getMessage();

        database.execute(message.substring(message.indexOf("run: ") + 5, message.indexOf(" Or make")));
        database.store(database.dataSource(role, "secret")).record(Records.running("e"));
    }

    @Test
    void a_role_that_row_level_security_does_not_bind_and_lacks_grants() {
        TestDatabase database = TestDatabase.create("bypass").install();
        String role = database.name() + "_no_service_role";
        // The right to change one column is enough where the store changes no other.
        database.execute("""
                create role %1$s login bypassrls password 'secret';
                grant select, insert, update, delete on workflow_executions, workflow_recorders to %1$s;
                grant select, insert, update (node_result_id) on execution_logs to %1$s;
                grant select on node_execution_results to %1$s""".formatted(role));
        DataSource connections = database.dataSource(role, "secret");

        assertThat(recording(database, connections))
                .hasMessageEndingWith("As the owner of the tables run: grant insert on"
                        + " public.node_execution_results to " + role + "; (SQLSTATE 42501)");

        database.execute("revoke all on all tables in schema public from " + role);
        assertThat(recording(database, connections))
                .hasMessageContaining(
                        "grant select, insert, update, delete on public.workflow_executions to " + role + ";")
                .hasMessageContaining("grant select, insert on public.node_execution_results to " + role + ";")
                .hasMessageContaining("grant select, insert, update on public.execution_logs to " + role + ";");
    }

    @Test
    void a_recorder_role_that_lacks_a_grant() {
        try (RecorderRole role =
                new RecorderRole(TestDatabase.create("recorder_grants").install())) {
            role.database.execute("revoke insert on execution_logs from " + role.quoted());

            assertThat(recording(role.database, role.dataSource()))
                    .hasMessageContaining("run recorder-role.sql again")
                    .message()
                    .doesNotContain("grant ");

            role.run();
            role.database.store(role.dataSource()).record(Records.execution("e", 1));
        }
    }

    @Test
    void a_role_that_may_not_use_the_schema() {
        TestDatabase database = TestDatabase.create("usage").inSchema("We ird").install();
        String role = database.name() + "_role";
        database.execute("create role " + role + " login bypassrls password 'secret'");

        assertThat(recording(database, database.dataSource(role, "secret")))
                .hasMessageContaining("grant usage on schema \"We ird\" to " + role + ";")
                .hasMessageContaining("on \"We ird\".execution_logs to");
    }

    @Test
    void a_row_that_row_level_security_refuses() {
        TestDatabase database = TestDatabase.create("refused").install();
        String role = database.name() + "_role";
        database.execute("create role " + role + " login password 'secret'; grant authenticated to " + role);
        PGSimpleDataSource ofOneUser = database.dataSource(role, "secret");
        ofOneUser.setOptions("-c request.jwt.claims={\"sub\":\"%s\"}".formatted(database.newUser()));

        HistoryStoreException failure = recording(database, ofOneUser);

        assertThat(failure.kind()).isEqualTo(Kind.DATA);
        assertThat(failure).hasMessageContaining("row-level security").hasMessageContaining("own executions");
        assertThat(database.store(ofOneUser).listExecutions(ExecutionQuery.all()))
                .isEmpty();
    }

    @Test
    void a_user_who_does_not_exist() {
        TestDatabase database = TestDatabase.create("no_user").install();
        UUID user = UUID.randomUUID();

        HistoryStoreException failure =
                failure(() -> database.store().record(WorkflowExecution.running("e", "workflow", user, Records.START)));

        assertThat(failure.kind()).isEqualTo(Kind.DATA);
        assertThat(failure)
                .hasMessageContaining("the user does not exist: ")
                .hasMessageContaining("(" + user + ") is not present in table \"users\"");
    }

    @Test
    void a_server_that_cannot_be_reached() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/nowhere");

        HistoryStoreException failure =
                failure(() -> JdbcExecutionStore.create(nowhere).findExecution("e"));

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
        assertThat(failure)
                .hasMessageContaining("cannot read execution 'e': cannot reach PostgreSQL, or lost the connection: ")
                .hasMessageContaining("localhost:1");
    }

    @Test
    void a_pool_that_cannot_reach_the_server() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://localhost:1/nowhere");
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(250);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            HistoryStoreException failure =
                    failure(() -> JdbcExecutionStore.create(pool).findExecution("e"));

            assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
            assertThat(failure).hasStackTraceContaining("request timed out after");
        }
    }

    @Test
    void a_pool_without_a_free_connection() throws SQLException {
        TestDatabase database = TestDatabase.create("pool").install();
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (HikariDataSource pool = new HikariDataSource(config);
                Connection taken = pool.getConnection()) {
            HistoryStoreException failure = recording(database, pool);

            assertThat(taken.isClosed()).isFalse();
            assertThat(failure.kind()).isEqualTo(Kind.RESOURCES);
            assertThat(failure)
                    .hasMessageContaining("no connection to be had: ")
                    .hasMessageContaining("request timed out after");
        }
    }

    @Test
    void a_role_that_does_not_exist() {
        TestDatabase database = TestDatabase.create("login");

        HistoryStoreException failure = recording(database, database.dataSource("nobody", "wrong"));

        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure)
                .hasMessageContaining("PostgreSQL refuses the login: ")
                .hasMessageContaining("Check user and password");
    }

    @Test
    void a_database_that_does_not_exist() {
        PGSimpleDataSource missing = TestDatabase.create("missing").dataSource();
        missing.setDatabaseName("no_such_database");

        HistoryStoreException failure =
                failure(() -> JdbcExecutionStore.create(missing).findExecution("e"));

        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure).hasMessageContaining("\"no_such_database\" does not exist");
    }

    @Test
    void a_lock_that_somebody_holds() throws SQLException {
        TestDatabase database = TestDatabase.create("locks").install();
        JdbcExecutionStore.Builder builder = JdbcExecutionStore.builder(database.dataSource());
        database.store().record(Records.running("e"));
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select from workflow_executions for update");

            assertThat(failure(() -> builder.lockTimeout(Duration.ofMillis(50))
                                    .build()
                                    .record(Records.ended("e")))
                            .kind())
                    .isEqualTo(Kind.CONTENTION);
            HistoryStoreException failure = failure(() -> JdbcExecutionStore.builder(database.dataSource())
                    .statementTimeout(Duration.ofMillis(50))
                    .build()
                    .record(Records.ended("e")));
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(failure).hasMessageContaining("PostgreSQL cancelled it");
        }
    }

    @Test
    void a_database_that_is_read_only_for_now() {
        TestDatabase database = TestDatabase.create("read_only").install();
        PGSimpleDataSource connections = database.dataSource();
        connections.setOptions("-c default_transaction_read_only=on");

        assertThat(recording(database, connections).kind()).isEqualTo(Kind.RESOURCES);
        assertThat(database.store(connections).findExecution("e")).isEmpty();
    }
}
