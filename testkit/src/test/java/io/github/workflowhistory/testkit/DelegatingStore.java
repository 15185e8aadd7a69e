package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.List;
import java.util.Optional;

/** A store that is right, as far as it is not overridden, and has no leases. */
class DelegatingStore implements ExecutionStore {
    final InMemoryExecutionStore right = new InMemoryExecutionStore();

    @Override
    public void record(HistoryBatch batch) {
        right.record(batch);
    }

    @Override
    public Optional<WorkflowExecution> findExecution(String executionId) {
        return right.findExecution(executionId);
    }

    @Override
    public Optional<ExecutionDetails> findDetails(String executionId) {
        return right.findDetails(executionId);
    }

    @Override
    public List<ExecutionSummary> listExecutions(ExecutionQuery query) {
        return right.listExecutions(query);
    }

    @Override
    public List<ExecutionLog> listLogs(LogQuery query) {
        return right.listLogs(query);
    }

    @Override
    public boolean deleteExecution(String executionId) {
        return right.deleteExecution(executionId);
    }
}
