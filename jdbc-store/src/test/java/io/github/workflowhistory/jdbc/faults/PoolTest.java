package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools that hosts share with the recorder. */
class PoolTest extends FaultTest {

    @Test
    void host_threads_that_hold_all_connections_and_wait_for_the_recorder_get_on() {
        int threads = 4;
        HikariDataSource pool = pool(threads, config -> {});
        Attempts attempts = new Attempts(JdbcExecutionStore.create(pool));
        Recording recording =
                recordingTo(attempts, settings().capacityBytes(64 << 10).maxBlock(Duration.ofMillis(600)));
        CountDownLatch allHold = new CountDownLatch(threads);
        try (Background hosts = Background.start(threads, thread -> {
            try (Connection connection = pool.getConnection()) {
                allHold.countDown();
                Await.until("all hold a connection", allHold);
                Workload.execution(recording, "starving-" + thread, 100);
                assertThat(recording.flush(Duration.ofMillis(100))).isFalse();
                assertThat(connection.isClosed()).isFalse();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        })) {
            hosts.await();
        }
        Emitted.Found found = recording.assertStoredRejectedOrDropped(server.dataSource());
        assertThat(found.missing()).isNotEmpty();
        assertThat(attempts.failures())
                .anySatisfy(failure -> assertThat(failure.message()).contains("no connection to be had"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE"})
    void nothing_is_lost_or_doubled_by_writers_on_a_pool_of_another_isolation_level(String level) {
        HikariDataSource pool = pool(4, config -> {
            config.setTransactionIsolation(level);
            config.setAutoCommit(false);
        });
        Recording recording =
                recordingTo(JdbcExecutionStore.create(pool), settings().writers(3));
        try (Background hosts = Workload.executions(recording, 4, 30, 8)) {
            // Answers get lost, so that batches meet what they wrote before.
            for (int i = 0; i < 3; i++) {
                AtStatement atCommit = AtStatement.commit(TcpProxy.Verdict.CUT_AFTER);
                proxy.on(atCommit);
                atCommit.await();
            }
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
    }
}
