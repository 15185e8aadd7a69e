package io.github.workflowhistory.examples.benchmarks.jmh;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A database that does not answer, or one that takes everything at once and keeps nothing. */
final class GatedStore implements ExecutionStore {
    private final CountDownLatch gate;

    private GatedStore(int closed) {
        gate = new CountDownLatch(closed);
    }

    /** Writes wait for ever: whoever writes has to be interrupted. */
    static GatedStore blocked() {
        return new GatedStore(1);
    }

    /** Writes return at once. */
    static GatedStore discarding() {
        return new GatedStore(0);
    }

    @Override
    public void record(HistoryBatch batch) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HistoryStoreException(HistoryStoreException.Kind.UNKNOWN, "interrupted", e);
        }
    }

    @Override
    public boolean deleteExecution(String executionId) {
        return false;
    }

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
}
