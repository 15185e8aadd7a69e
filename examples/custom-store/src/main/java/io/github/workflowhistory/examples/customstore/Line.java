package io.github.workflowhistory.examples.customstore;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the file: a batch, or the deletion of an execution. A batch is one line, so that it is there whole or not
 * at all.
 */
record Line(
        List<WorkflowExecution> executions,
        List<ExecutionChange> changes,
        List<NodeResult> nodeResults,
        List<ExecutionLog> logs,
        @Nullable String deleted) {

    static Line of(HistoryBatch batch) {
        return new Line(batch.executions(), batch.changes(), batch.nodeResults(), batch.logs(), null);
    }

    static Line ofDeletion(String executionId) {
        return new Line(List.of(), List.of(), List.of(), List.of(), executionId);
    }

    HistoryBatch batch() {
        HistoryBatch.Builder batch = HistoryBatch.builder();
        executions.forEach(batch::add);
        changes.forEach(batch::add);
        nodeResults.forEach(batch::add);
        logs.forEach(batch::add);
        return batch.build();
    }
}
