package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.IdConflictException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

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
    void everything_works_with(String property) {
        PGSimpleDataSource connections = database.dataSource();
        connections.setUrl(connections.getUrl() + (connections.getUrl().contains("?") ? "&" : "?") + property);
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
