package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.jdbc.PreferQueryMode;

/** Properties of pgjdbc that hosts set, each of which changes how statements and values travel. */
class DriverSettingsTest {
    private static TestDatabase database;
    private static TwoUsers users;
    private static HikariDataSource plain;
    private static HikariDataSource usersPlain;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("driver").install();
        plain = TestPools.pool(database.dataSource(), 1, true);
        users = new TwoUsers("driver_users");
        usersPlain = TestPools.pool(users.database.dataSource(), 1, true);
    }

    @AfterAll
    static void close() {
        plain.close();
        usersPlain.close();
        users.close();
    }

    /** What is stored, read with the driver as it comes. */
    private static JdbcExecutionStore stored() {
        return database.store(plain);
    }

    /** What is stored in the database with users, read by its owner. */
    private static JdbcExecutionStore storedOfUsers() {
        return users.database.store(usersPlain);
    }

    @BeforeEach
    void clear() {
        database.clear();
        users.database.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=simple",
                "preferQueryMode=extended",
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything",
                "prepareThreshold=0",
                "prepareThreshold=1",
                "prepareThreshold=-1",
                "preparedStatementCacheQueries=0",
                "autosave=always",
                "autosave=conservative",
                "autosave=always&cleanupSavepoints=true",
                "defaultRowFetchSize=1",
                "defaultRowFetchSize=1&adaptiveFetch=true",
                "binaryTransfer=false",
                "stringtype=unspecified",
                "reWriteBatchedInserts=true",
                "currentSchema=elsewhere",
                "escapeSyntaxCallMode=call",
                "readOnlyMode=always",
                "assumeMinServerVersion=14",
                "groupStartupParameters=true",
                "maxResultBuffer=10M",
                "tcpKeepAlive=true&socketTimeout=60",
                "logUnclosedConnections=true",
                "disableColumnSanitiser=true"
            })
    void everything_works_with(String settings) throws SQLException {
        try (HikariDataSource pool = TestPools.pool(set(database.dataSource(), settings), 1, false);
                HikariDataSource userPool = TestPools.pool(set(users.dataSource(), settings), 1, true)) {
            JdbcExecutionStore.Builder builder =
                    JdbcExecutionStore.builder(pool).statementTimeout(Duration.ofSeconds(30));
            JdbcExecutionStore store = builder.build();
            JdbcExecutionStore copying = builder.copyPolicy(CopyPolicy.always()).build();
            ExecutionStore acting = JdbcExecutionStore.create(userPool).actingAs(users.ada);
            for (int i = 0; i < 7; i++) {
                useEverything(store, "e" + i);
                useEverything(copying, "copied " + i);
                useEverythingAs(acting, "own " + i);
            }
        }
    }

    /** A data source with settings of the driver, which have to be in force. */
    private static PGSimpleDataSource set(PGSimpleDataSource connections, String settings) throws SQLException {
        for (String setting : settings.split("&", -1)) {
            String[] nameAndValue = setting.split("=", -1);
            connections.setProperty(nameAndValue[0], nameAndValue[1]);
            assertThat(connections.getUrl()).contains(setting);
        }
        return connections;
    }

    @Test
    void settings_are_in_force() throws SQLException {
        String named = "select count(*) from pg_prepared_statements";
        try (Connection connection =
                set(database.dataSource(), "prepareThreshold=1").getConnection()) {
            assertThat(valueOf(connection, named)).isEqualTo("1");
        }
        try (Connection connection =
                set(database.dataSource(), "preferQueryMode=simple").getConnection()) {
            assertThat(connection.unwrap(PGConnection.class).getPreferQueryMode())
                    .isEqualTo(PreferQueryMode.SIMPLE);
        }
        try (Connection connection =
                set(database.dataSource(), "currentSchema=elsewhere").getConnection()) {
            assertThat(valueOf(connection, "show search_path")).isEqualTo("elsewhere");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 5})
    void the_driver_is_told_again_what_it_was_told_before(int threshold) throws SQLException {
        PGSimpleDataSource connections = set(database.dataSource(), "prepareThreshold=" + threshold);
        try (HikariDataSource pool = TestPools.pool(connections, 1, true)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            store.record(Records.execution("e", 3));
            assertThat(store.findDetails("e")).isPresent();
            assertThatThrownBy(() -> store.record(Records.log("l", "missing")))
                    .isInstanceOf(UnknownExecutionException.class);

            try (Connection connection = pool.getConnection()) {
                PgConnection driver = connection.unwrap(PgConnection.class);
                assertThat(driver.getPrepareThreshold()).isEqualTo(threshold);
                assertThat(driver.getForceBinary()).isEqualTo(threshold == -1);
            }
        }
    }

    private static String valueOf(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /** The same without leases, which a store that acts as a user has not. */
    private static void useEverythingAs(ExecutionStore store, String id) {
        store.record(TwoUsers.execution(id, users.ada));
        store.record(TwoUsers.execution(id, users.ada));
        store.record(Records.log(id + " early", id, id + "-result-3"));
        store.record(Records.rest(id, 4));

        assertThat(store.findDetails(id))
                .isEqualTo(storedOfUsers().findDetails(id))
                .hasValueSatisfying(details -> {
                    assertThat(details.nodeResults()).hasSize(5);
                    assertThat(details.logsOf(id + "-result-3")).hasSize(2);
                });
        assertThat(store.findExecution(id)).isEqualTo(storedOfUsers().findExecution(id));
        assertThat(store.listExecutions(ExecutionQuery.all()))
                .isEqualTo(storedOfUsers().listExecutions(ExecutionQuery.all()));
        assertThat(store.listLogs(
                        LogQuery.ofExecution(id).ofNodeRun(id + "-result-3").atLeast(LogLevel.INFO)))
                .hasSize(2);
        store.record(TwoUsers.running("other than " + id, users.ada));
        assertThatThrownBy(() -> store.record(Records.result(id + "-result-0", "other than " + id)))
                .isInstanceOf(IdConflictException.class);
        assertThat(store.deleteExecution("other than " + id)).isTrue();
    }

    private static void useEverything(JdbcExecutionStore store, String id) {
        ExecutionLeases leases = store.leases().orElseThrow();
        store.record(Records.execution(id, 3));
        leases.renew("recorder of " + id);
        assertThat(leases.takeOver(id, "recorder of " + id)).isTrue();
        store.record(Records.log(id + " early", id, id + "-result-3"));
        store.record(Records.execution(id, 3));
        store.record(Records.rest(id, 4));
        assertThat(leases.endAbandoned(Duration.ofDays(10_000_000))).isEmpty();

        assertThat(store.findDetails(id)).isEqualTo(stored().findDetails(id)).hasValueSatisfying(details -> {
            assertThat(details.execution().finalOutput())
                    .isEqualTo(Records.ended(id).finalOutput());
            assertThat(details.nodeResults()).hasSize(4);
            assertThat(details.logsOf(id + "-result-3")).hasSize(2);
        });
        assertThat(store.findExecution(id)).isEqualTo(stored().findExecution(id));
        assertThat(store.listExecutions(ExecutionQuery.all().ofWorkflow("import-orders")))
                .isEqualTo(stored().listExecutions(ExecutionQuery.all()));
        assertThat(store.listExecutions(ExecutionQuery.all().ofUser(new UUID(1, 2))))
                .isEmpty();
        assertThat(store.listLogs(
                        LogQuery.ofExecution(id).ofNodeRun(id + "-result-3").atLeast(LogLevel.INFO)))
                .hasSize(2);
        assertThatThrownBy(() -> store.record(Records.result(id + "-result-0", otherThan(store, id))))
                .isInstanceOf(IdConflictException.class);
        assertThat(store.deleteExecution("other than " + id)).isTrue();
    }

    private static String otherThan(JdbcExecutionStore store, String id) {
        store.record(Records.running("other than " + id));
        return "other than " + id;
    }
}
