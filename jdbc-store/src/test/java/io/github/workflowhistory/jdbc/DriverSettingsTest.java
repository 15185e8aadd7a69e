package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.IdConflictException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PgConnection;

/** Properties of pgjdbc that hosts set, each of which changes how statements and values travel. */
class DriverSettingsTest {
    private static TestDatabase database;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("driver").install();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=simple",
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything",
                "prepareThreshold=0",
                "prepareThreshold=1",
                "prepareThreshold=-1",
                "autosave=always",
                "autosave=conservative",
                "defaultRowFetchSize=1",
                "defaultRowFetchSize=1&adaptiveFetch=true",
                "binaryTransfer=false",
                "stringtype=unspecified",
                "reWriteBatchedInserts=true",
                "currentSchema=elsewhere",
                "escapeSyntaxCallMode=call",
                "readOnlyMode=always",
                "cleanupSavepoints=true&autosave=always",
                "assumeMinServerVersion=14",
                "groupStartupParameters=true",
                "maxResultBuffer=10M"
            })
    void everything_works_with(String properties) throws SQLException {
        PGSimpleDataSource connections = with(properties);
        try (HikariDataSource pool = TestPools.pool(connections, 1, false)) {
            JdbcExecutionStore.Builder settings =
                    JdbcExecutionStore.builder(pool).statementTimeout(Duration.ofSeconds(30));
            JdbcExecutionStore store = settings.build();
            JdbcExecutionStore copying =
                    settings.copyPolicy(CopyPolicy.always()).build();
            for (int i = 0; i < 7; i++) {
                useEverything(store, "e" + i);
                useEverything(copying, "copied " + i);
            }
        }
    }

    /** Not by the URL: a data source keeps what it has been told before. */
    private static PGSimpleDataSource with(String properties) throws SQLException {
        PGSimpleDataSource connections = database.dataSource();
        for (String property : properties.split("&", -1)) {
            String[] nameAndValue = property.split("=", 2);
            connections.setProperty(nameAndValue[0], nameAndValue[1]);
            assertThat(connections.getProperty(nameAndValue[0])).isEqualTo(nameAndValue[1]);
        }
        return connections;
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 5})
    void the_driver_is_told_again_what_it_was_told_before(int prepareThreshold) throws SQLException {
        PGSimpleDataSource connections = with("prepareThreshold=" + prepareThreshold);
        UUID user = database.newUser();
        try (HikariDataSource pool = TestPools.pool(connections, 1, true)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            store.record(Records.execution("e", 3));
            assertThat(store.findDetails("e")).isPresent();
            assertThat(store.actingAs(user).findDetails("e")).isEmpty();
            assertThatThrownBy(() -> store.actingAs(user).record(Records.running("e")))
                    .isInstanceOf(HistoryStoreException.class);
            try (Connection connection = pool.getConnection()) {
                PgConnection driver = connection.unwrap(PgConnection.class);
                assertThat(driver.getPrepareThreshold()).isEqualTo(prepareThreshold);
                assertThat(driver.getForceBinary()).isEqualTo(prepareThreshold == -1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=simple", "prepareThreshold=-1", "prepareThreshold=1", "autosave=always"})
    void everything_works_as_an_end_user_with(String properties) throws SQLException {
        UUID user = database.newUser();
        try (HikariDataSource pool = TestPools.pool(with(properties), 1, true)) {
            ExecutionStore acting = JdbcExecutionStore.create(pool).actingAs(user);
            for (int i = 0; i < 7; i++) {
                String id = "e" + i;
                acting.record(HistoryBatch.builder()
                        .add(WorkflowExecution.running(id, "import-orders", user, Records.START))
                        .add(Records.result(id + "-result", id))
                        .add(Records.log(id + "-log", id, id + "-result"))
                        .build());
                acting.record(Records.ended(id));
                assertThat(acting.findDetails(id)).isEqualTo(database.store().findDetails(id));
                assertThat(acting.listExecutions(ExecutionQuery.all())).hasSize(i + 1);
                assertThat(acting.listLogs(LogQuery.ofExecution(id))).hasSize(1);
            }
            assertThat(acting.deleteExecution("e0")).isTrue();
        }
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

        assertThat(store.findDetails(id))
                .isEqualTo(database.store().findDetails(id))
                .hasValueSatisfying(details -> {
                    assertThat(details.execution().finalOutput())
                            .isEqualTo(Records.ended(id).finalOutput());
                    assertThat(details.nodeResults()).hasSize(4);
                    assertThat(details.logsOf(id + "-result-3")).hasSize(2);
                });
        assertThat(store.findExecution(id)).isEqualTo(database.store().findExecution(id));
        assertThat(store.listExecutions(ExecutionQuery.all().ofWorkflow("import-orders")))
                .isEqualTo(database.store().listExecutions(ExecutionQuery.all()));
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
