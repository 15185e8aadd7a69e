package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An administrator ends the backend of a batch. */
class TerminatedBackendTest extends FaultTest {
    /** More than a batch has, so that each of them has its turn, and the commit as well. */
    private static final int STATEMENTS = 12;

    @Test
    void nothing_is_lost_or_doubled_when_backends_are_terminated_at_each_statement() {
        Recording recording = recording(settings());
        List<Integer> terminated = new ArrayList<>();
        try (Background hosts = Workload.executions(recording, 2, 100, 8)) {
            for (int statement = 1; statement <= STATEMENTS; statement++) {
                AtStatement atStatement = AtStatement.number(statement, link -> {
                    terminate(link.backend());
                    terminated.add(link.backend());
                    return Verdict.PASS;
                });
                proxy.on(atStatement);
                atStatement.await();
            }
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        assertThat(terminated).hasSize(STATEMENTS).doesNotHaveDuplicates();
    }

    private void terminate(int backend) {
        server.execute("select pg_terminate_backend(" + backend + ")");
        Await.until(
                "backend " + backend + " is gone",
                () -> server.query("select from pg_stat_activity where pid = " + backend)
                        .isEmpty());
    }
}
