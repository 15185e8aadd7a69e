package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Threads are interrupted: those of the host while they record, and those that write. */
class InterruptTest extends FaultTest {
    /** More than a batch has, so that each of them has its turn, and the commit as well. */
    private static final int STATEMENTS = 12;

    // Only an interrupt ends the waiting for a connection.
    private final HikariDataSource pool =
            pool(1, config -> config.setConnectionTimeout(Duration.ofMinutes(1).toMillis()));
    private final Attempts attempts = new Attempts(JdbcExecutionStore.create(pool));

    @Test
    void a_writer_that_is_interrupted_while_it_waits_for_a_connection_tries_the_same_batch_again() throws SQLException {
        Recording recording = recordingTo(attempts, settings());
        try (Connection onlyOne = pool.getConnection()) {
            Workload.execution(recording, "execution", 20);
            for (int failures = 1; failures <= 2; failures++) {
                int wanted = failures;
                Await.until("the attempt fails", () -> {
                    attempts.writers().forEach(Thread::interrupt);
                    return attempts.failures().size() >= wanted;
                });
            }
            assertThat(onlyOne.isClosed()).isFalse();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
    }

    @Test
    void a_writer_that_is_interrupted_at_each_statement_loses_and_doubles_nothing() {
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Workload.executions(recording, 2, 100, 8)) {
            for (int statement = 1; statement <= STATEMENTS; statement++) {
                AtStatement atStatement = AtStatement.number(statement, link -> {
                    attempts.writers().forEach(Thread::interrupt);
                    return Verdict.PASS;
                });
                proxy.on(atStatement);
                atStatement.await();
            }
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
    }

    @Test
    void what_interrupted_threads_of_the_host_record_is_stored_and_they_stay_interrupted() {
        Recording recording = recordingTo(attempts, settings().writers(2));
        try (Background hosts = Background.start(4, thread -> {
            for (int i = 0; i < 20; i++) {
                Thread.currentThread().interrupt();
                Workload.execution(recording, "execution-" + thread + "-" + i, 8);
                assertThat(recording.flush(Duration.ofMinutes(1))).isFalse();
                assertThat(Thread.interrupted()).isTrue();
            }
        })) {
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
    }
}
