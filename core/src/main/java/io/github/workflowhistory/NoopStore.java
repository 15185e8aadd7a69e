package io.github.workflowhistory;

import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.List;
import java.util.Optional;

/** Keeps nothing and finds nothing. */
final class NoopStore implements ExecutionStore {
    static final NoopStore INSTANCE = new NoopStore();

    private NoopStore() {}

    @Override
    public void record(HistoryBatch batch) {}

    @Override
    public Optional<WorkflowExecution> findExecution(String executionId) {
        return Optional.empty();
    }

    @Override
    public Optional<ExecutionDetails> findDetails(String executionId) {
        return Optional.empty();
    }

    @Override
    public List<ExecutionSummary> listExecutions(ExecutionQuery query) {
        return List.of();
    }

    @Override
    public List<ExecutionLog> listLogs(LogQuery query) {
        return List.of();
    }

    @Override
    public boolean deleteExecution(String executionId) {
        return false;
    }
}
