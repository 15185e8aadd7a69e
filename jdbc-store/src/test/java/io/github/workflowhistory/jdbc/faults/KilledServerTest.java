package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict;
import org.junit.jupiter.api.Test;

/** The server dies while it writes, and comes back. */
class KilledServerTest extends FaultTest {
    private static final int DEATHS = 8;
    private static final int THREADS = 4;
    private static final int EXECUTIONS = 30;
    private static final int NODES = 10;

    @Test
    void nothing_is_lost_or_doubled_when_the_server_is_killed_in_mid_batch_again_and_again() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Workload.executions(recording, THREADS, EXECUTIONS, NODES)) {
            // Each time one statement further into a batch.
            for (int death = 1; death <= DEATHS; death++) {
                dieBefore(death, attempts, server.process()::kill);
            }
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
        assertThat(recording.stats().stored()).isEqualTo(THREADS * EXECUTIONS * (2 + 3 * NODES));
    }

    @Test
    void nothing_is_lost_or_doubled_when_the_server_is_stopped_at_once() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Workload.executions(recording, THREADS, EXECUTIONS, NODES)) {
            dieBefore(3, attempts, server.process()::stopImmediately);
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
    }

    /** Ends the server right before a statement of some batch reaches it, and starts it again. */
    private void dieBefore(int statement, Attempts attempts, Runnable death) {
        AtStatement atStatement = AtStatement.number(statement, link -> {
            death.run();
            return Verdict.PASS;
        });
        proxy.on(atStatement);
        atStatement.await();
        proxy.on(TcpProxy.PASS_ALL);
        attempts.pausedWhile(server.process()::start);
    }
}
