package io.github.workflowhistory.jdbc;

import static io.github.workflowhistory.jdbc.Failures.failure;
import static io.github.workflowhistory.jdbc.Failures.recording;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Whatever is wrong with a server, a pool, a login or a record, the error names the thing and the mend. */
class ErrorMessagesTest {
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
