package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several threads flush at once, while connections break around commits. */
class FlushTest extends FaultTest {
    private static final int THREADS = 6;
    private static final int EXECUTIONS = 10;
    private static final int NODES = 5;

    @Test
    void what_a_thread_had_recorded_is_in_the_database_when_its_own_flush_succeeds() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        AtomicInteger commits = new AtomicInteger();
        proxy.on((link, sql) -> AtStatement.isCommit(sql) ? verdict(commits.incrementAndGet()) : Verdict.PASS);
        AtomicInteger inVain = new AtomicInteger();
        try (Background hosts = Background.start(THREADS, thread -> {
            for (int i = 0; i < EXECUTIONS; i++) {
                String id = "execution-" + thread + "-" + i;
                Workload.execution(recording, id, NODES);
                // As long as a batch takes when nothing breaks, so that either answer comes.
                while (!recording.flush(Duration.ofMillis(10))) {
                    inVain.incrementAndGet();
                }
                assertThat(rowsOf(id)).as(id).isEqualTo(1 + 3 * NODES);
            }
        })) {
            hosts.await();
        }
        assertThat(inVain).hasPositiveValue();
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
    }

    /** Of three commits one gets no answer, and one does not arrive. */
    private static Verdict verdict(int commit) {
        return switch (commit % 3) {
            case 1 -> Verdict.CUT_AFTER;
            case 2 -> Verdict.CUT_BEFORE;
            default -> Verdict.PASS;
        };
    }

    /** The execution itself counts when its end is there. */
    private int rowsOf(String executionId) {
        return Integer.parseInt(server.value("""
                select (select count(*) from public.workflow_executions where id = '%1$s' and status = 'partial')
                  + (select count(*) from public.node_execution_results where execution_id = '%1$s')
                  + (select count(*) from public.execution_logs where execution_id = '%1$s')""".formatted(executionId)));
    }
}
