package io.github.workflowhistory.testkit.contract;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records for tests that do not care about most of what is in them. */
final class Samples {
    /** When every sample execution starts. */
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    static final String WORKFLOW = "import-orders";

    private Samples() {}

    /** So many milliseconds after {@link #START}. */
    static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    static WorkflowExecution queued(String id) {
        return WorkflowExecution.queued(id, WORKFLOW, null, START);
    }

    static WorkflowExecution running(String id) {
        return running(id, null);
    }

    static WorkflowExecution running(String id, @Nullable UUID userId) {
        return WorkflowExecution.running(id, WORKFLOW, userId, START);
    }

    /** An execution that was recorded only when it had ended, after one second. */
    static WorkflowExecution ended(String id, ExecutionStatus status) {
        return new WorkflowExecution(id, WORKFLOW, null, status, START, at(1_000), null, null, null, START, null, null);
    }

    /** The end of an execution after one second. */
    static ExecutionChange end(String id, ExecutionStatus status) {
        return ExecutionChange.ended(id, status, at(1_000));
    }

    static NodeResult result(String id, String executionId) {
        return NodeResult.of(id, executionId, "fetch", NodeStatus.SUCCESS, at(500));
    }

    /** A result in which nothing is null. */
    static NodeResult fullResult(String id, String executionId, NodeStatus status) {
        return new NodeResult(
                id,
                executionId,
                "fetch",
                "Fetch orders",
                status,
                Json.parse("{\"orders\": 3}"),
                "two were skipped",
                at(100),
                at(500),
                Duration.ofMillis(399),
                2);
    }

    static ExecutionLog log(String id, String executionId) {
        return ExecutionLog.of(id, executionId, LogLevel.INFO, "asking the shop", at(200));
    }

    static ExecutionLog log(String id, String executionId, Instant timestamp) {
        return ExecutionLog.of(id, executionId, LogLevel.INFO, "asking the shop", timestamp);
    }

    static ExecutionLog nodeLog(String id, String executionId, String nodeRunId) {
        return new ExecutionLog(
                id, executionId, nodeRunId, LogLevel.WARN, "the shop is slow", Json.parse("{\"seconds\": 7}"), at(300));
    }

    /** A batch of executions, changes, node results, log entries and collections of them, in this order. */
    static HistoryBatch batch(Object... records) {
        HistoryBatch.Builder batch = HistoryBatch.builder();
        for (Object record : records) {
            add(batch, record);
        }
        return batch.build();
    }

    private static void add(HistoryBatch.Builder batch, Object record) {
        if (record instanceof WorkflowExecution execution) {
            batch.add(execution);
        } else if (record instanceof ExecutionChange change) {
            batch.add(change);
        } else if (record instanceof NodeResult result) {
            batch.add(result);
        } else if (record instanceof ExecutionLog log) {
            batch.add(log);
        } else if (record instanceof Collection<?> records) {
            records.forEach(each -> add(batch, each));
        } else {
            throw new IllegalArgumentException("not a record of the history: " + record.getClass());
        }
    }
}
