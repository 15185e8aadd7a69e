package io.github.workflowhistory.jdbc.faults;

import static io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict.CUT_BEFORE;
import static io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict.PASS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An administrator ends the backend of a batch. */
class TerminatedBackendTest extends FaultTest {
    /** More than a batch has, so that each of them has its turn, and the commit as well. */
    private static final int STATEMENTS = 12;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothing_is_lost_or_doubled_when_backends_are_terminated_at_each_statement(boolean withCopy) {
        Attempts attempts = new Attempts(JdbcExecutionStore.builder(server.dataSource(proxy))
                .copyLargeBatches(withCopy)
                .build());
        Recording recording = recordingTo(attempts, settings());
        List<Integer> terminated = new ArrayList<>();
        try (Background hosts = Workload.executions(recording, 2, 100, 8)) {
            for (int statement = 1; statement <= STATEMENTS; statement++) {
                AtStatement atStatement = AtStatement.number(statement, link -> {
                    terminate(link.backend());
                    terminated.add(link.backend());
                    return PASS;
                });
                proxy.on(atStatement);
                atStatement.await();
            }
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
        assertThat(terminated).hasSize(STATEMENTS).doesNotHaveDuplicates();
    }

    @Test
    void nothing_is_lost_or_doubled_when_the_connection_is_cut_in_the_middle_of_copy() {
        Recording recording = recording(settings());
        AtomicInteger cuts = new AtomicInteger();
        proxy.on((link, sql) -> sql.equals(Link.COPY_DONE) && cuts.incrementAndGet() <= 2 ? CUT_BEFORE : PASS);
        try (Background hosts = Workload.executions(recording, 2, 100, 8)) {
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        assertThat(cuts).hasValueGreaterThan(1);
    }

    private void terminate(int backend) {
        server.execute("select pg_terminate_backend(" + backend + ")");
        Await.until(
                "backend " + backend + " is gone",
                () -> server.query("select pid from pg_stat_activity where pid = " + backend)
                        .isEmpty());
    }
}
