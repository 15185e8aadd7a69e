package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.PipelineStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class VirtualThreadsTest {
    private static final int THREADS = 10_000;

    @Test
    void ten_thousand_virtual_threads_record_at_once() throws Exception {
        assumeTrue(
                Runtime.version().feature() >= 21,
                "virtual threads need JDK 21, and this is " + Runtime.version().feature());
        CollectingStore store = new CollectingStore();
        // Room for all executions and node results: the test is about threads, not about waiting for space.
        try (WorkflowHistory history = WorkflowHistory.builder(store)
                .pipeline(PipelineSettings.builder()
                        .capacityBytes(256 << 20)
                        .maxBlock(Duration.ofMinutes(5))
                        .build())
                .build()) {
            ExecutorService executor = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            List<Future<String>> ids = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                ids.add(executor.submit(() -> history.<String, RuntimeException>record("workflow", null, run -> {
                    run.run("node", node -> node.info("from " + number, number));
                    return run.id();
                })));
            }
            for (Future<String> id : ids) {
                assertThat(id.get(120, TimeUnit.SECONDS)).isNotNull();
            }
            executor.shutdown();
            assertThat(history.flush(Duration.ofMinutes(2))).isTrue();

            PipelineStats stats = history.stats().orElseThrow();
            assertThat(stats.accepted()).isEqualTo(4 * THREADS);
            assertThat(stats.stored()).isEqualTo(4 * THREADS);
            // Each execution has one of each, or this fails.
            Map<String, NodeResult> results =
                    store.nodeResults().stream().collect(Collectors.toMap(NodeResult::executionId, result -> result));
            Map<String, ExecutionLog> logs =
                    store.logs().stream().collect(Collectors.toMap(ExecutionLog::executionId, log -> log));
            for (int i = 0; i < THREADS; i++) {
                String id = ids.get(i).get();
                assertThat(store.findExecution(id).orElseThrow().status()).isEqualTo(ExecutionStatus.SUCCESS);
                NodeResult result = results.get(id);
                assertThat(result.nodeId()).isEqualTo("node");
                assertThat(result.status()).isEqualTo(NodeStatus.SUCCESS);
                ExecutionLog log = logs.get(id);
                assertThat(log.message()).isEqualTo("from " + i);
                assertThat(log.data()).isEqualTo(Json.of(i));
                assertThat(log.nodeRunId()).isEqualTo(result.id());
            }
            assertThat(results).hasSize(THREADS);
            assertThat(logs).hasSize(THREADS);
        }
    }
}
