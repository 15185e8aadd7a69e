package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Instant;
import java.util.stream.IntStream;

/** Records for tests. */
final class Records {
    static final Instant START = Instant.parse("2026-03-01T10:00:00.123456Z");

    private Records() {}

    static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    static WorkflowExecution running(String id) {
        return WorkflowExecution.running(id, "import-orders", null, START);
    }

    static ExecutionChange ended(String id) {
        return ExecutionChange.ended(id, ExecutionStatus.SUCCESS, at(1_000)).withFinalOutput(Json.of(id));
    }

    static NodeResult result(String id, String executionId) {
        return NodeResult.of(id, executionId, "node", NodeStatus.SUCCESS, at(500));
    }

    static ExecutionLog log(String id, String executionId) {
        return ExecutionLog.of(id, executionId, LogLevel.INFO, "message of " + id, at(100));
    }

    static ExecutionLog log(String id, String executionId, String nodeRunId) {
        return new ExecutionLog(id, executionId, nodeRunId, LogLevel.INFO, "message of " + id, null, at(100));
    }

    /** One execution with results, and a log for each of them. */
    static HistoryBatch execution(String id, int results) {
        HistoryBatch.Builder batch = HistoryBatch.builder().add(running(id));
        addResults(batch, id, results);
        return batch.build();
    }

    /** Only what comes after the start of an execution. */
    static HistoryBatch rest(String id, int results) {
        HistoryBatch.Builder batch = HistoryBatch.builder().add(ended(id));
        addResults(batch, id, results);
        return batch.build();
    }

    private static void addResults(HistoryBatch.Builder batch, String id, int results) {
        IntStream.range(0, results).forEach(i -> {
            batch.add(result(id + "-result-" + i, id));
            batch.add(log(id + "-log-" + i, id, id + "-result-" + i));
        });
    }
}
