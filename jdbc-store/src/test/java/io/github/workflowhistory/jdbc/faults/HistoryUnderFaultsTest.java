package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The way by which applications record: their work goes on whatever happens to the database. */
class HistoryUnderFaultsTest extends FaultTest {

    @Test
    void work_goes_on_and_its_history_arrives_whole_although_the_server_dies() {
        JdbcExecutionStore store = JdbcExecutionStore.create(server.dataSource(proxy));
        Recording recording = recordingTo(store, settings());
        WorkflowHistory history = closedAtEnd(
                WorkflowHistory.builder(store).recorder(behind -> recording).build());
        AtStatement atCommit = AtStatement.number(Integer.MAX_VALUE, link -> {
            server.process().kill();
            return Verdict.PASS;
        });
        proxy.on(atCommit);
        try (Background hosts = Background.start(4, thread -> {
            for (int i = 0; i < 25; i++) {
                int worked = work(history, i);
                assertThat(worked).isEqualTo(i);
            }
        })) {
            atCommit.await();
            hosts.await();
        }
        proxy.on(TcpProxy.PASS_ALL);
        server.process().start();
        assertThat(history.flush(Duration.ofSeconds(30))).isTrue();
        recording.assertEverythingIsStored(server.dataSource());
        assertThat(server.value("select count(*) from public.workflow_executions where status = 'partial'"))
                .isEqualTo("100");
    }

    private static int work(WorkflowHistory history, int number) {
        return history.record("import-orders", null, run -> {
            int fetched = run.call("fetch", node -> {
                node.info("asking the shop", Map.of("number", number));
                return number;
            });
            run.begin("enrich").failed(new IllegalStateException("the shop said no"));
            run.skip("mail", "nothing new");
            run.info("done", Map.of());
            return fetched;
        });
    }
}
