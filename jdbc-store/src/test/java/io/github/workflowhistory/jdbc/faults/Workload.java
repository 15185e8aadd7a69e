package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionRecorder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntConsumer;

/** What hosts record: executions with nodes that log, everything by ids that tell what it is. */
final class Workload {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final String FILLING = "The quick brown fox jumps over the lazy dog. ".repeat(6);

    private Workload() {}

    static WorkflowExecution start(String id) {
        return start(id, null);
    }

    static WorkflowExecution start(String id, UUID userId) {
        return WorkflowExecution.running(id, "import-orders", userId, START);
    }

    static NodeResult result(String id, String executionId, int number) {
        Instant started = START.plusMillis(number);
        return new NodeResult(
                id,
                executionId,
                "node-" + number,
                "Node " + number,
                number % 7 == 3 ? NodeStatus.FAILED : NodeStatus.SUCCESS,
                Json.of(Map.of("number", number, "text", FILLING)),
                number % 7 == 3 ? "the shop said no" : null,
                started,
                started.plusMillis(5),
                Duration.ofMillis(5),
                1);
    }

    static ExecutionLog log(String id, String executionId, String nodeRunId, int number) {
        return new ExecutionLog(
                id,
                executionId,
                nodeRunId,
                LogLevel.INFO,
                "message " + number + " of " + executionId,
                number % 3 == 0 ? Json.of(Map.of("number", number)) : null,
                START.plusMillis(number));
    }

    static ExecutionChange end(String id) {
        return ExecutionChange.ended(id, ExecutionStatus.PARTIAL, START.plusSeconds(2))
                .withFinalOutput(Json.of(Map.of("of", id)))
                .withError("not everything worked");
    }

    /** Nodes of an execution: each logs while it runs, ends, and is logged about. */
    static void nodes(ExecutionRecorder to, String id, int from, int upTo) {
        for (int i = from; i < upTo; i++) {
            String result = id + "-result-" + i;
            to.record(log(id + "-log-" + i + "-a", id, result, i));
            to.record(result(result, id, i));
            to.record(log(id + "-log-" + i + "-b", id, null, i));
        }
    }

    /** A whole execution of {@code 2 + 3 * nodes} records. */
    static void execution(ExecutionRecorder to, String id, int nodes) {
        to.record(start(id));
        nodes(to, id, 0, nodes);
        to.record(end(id));
    }

    /** Executions from several threads at once; threads and the executions of each are numbered. */
    static Background executions(ExecutionRecorder to, int threads, int each, int nodes) {
        return Background.start(threads, thread -> {
            for (int i = 0; i < each; i++) {
                execution(to, "execution-" + thread + "-" + i, nodes);
            }
        });
    }

    /** Runs work on threads of its own, which are numbered, and waits for them. */
    static void concurrently(int threads, IntConsumer work) {
        try (Background background = Background.start(threads, work)) {
            background.await();
        }
    }
}
