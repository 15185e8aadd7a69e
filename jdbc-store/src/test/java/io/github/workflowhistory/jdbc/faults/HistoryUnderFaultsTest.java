package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Test
    void a_clock_that_is_set_an_hour_back_and_forth_costs_nothing_and_no_duration_is_negative() {
        Recording recording = recordingTo(JdbcExecutionStore.create(server.dataSource(proxy)), settings());
        AtomicInteger readings = new AtomicInteger();
        Instant start = Instant.parse("2026-03-29T01:00:00Z");
        WorkflowHistory history = closedAtEnd(WorkflowHistory.builder(JdbcExecutionStore.create(server.dataSource()))
                .recorder(behind -> recording)
                .clock(() -> start.plusSeconds(3_600L * (readings.incrementAndGet() % 7 % 3 - 1)))
                .build());
        try (Background hosts = Background.start(2, thread -> {
            for (int i = 0; i < 25; i++) {
                assertThat(work(history, i)).isEqualTo(i);
            }
        })) {
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        assertThat(server.value("select count(*) from public.workflow_executions where duration_ms >= 0"))
                .isEqualTo("50");
        assertThat(server.value("""
                select count(*) from public.node_execution_results
                where duration_ms < 0 or created_at < started_at""")).isEqualTo("0");
        assertThat(server.value(
                        "select count(distinct date_trunc('hour', started_at)) from public.workflow_executions"))
                .as("hours")
                .isNotEqualTo("1");
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
