package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that also takes the time from the call that ends an execution until this end is durable. */
final class DurabilityProbe implements ExecutionStore {
    private final ExecutionStore store;
    private final Map<String, Long> calledAt = new ConcurrentHashMap<>();
    private final Queue<Double> millis = new ConcurrentLinkedQueue<>();
    private final AtomicInteger batches = new AtomicInteger();

    DurabilityProbe(ExecutionStore store) {
        this.store = store;
    }

    /** To be told right before the call that ends an execution. */
    void ending(String executionId) {
        calledAt.put(executionId, System.nanoTime());
    }

    @Override
    public void record(HistoryBatch batch) {
        store.record(batch);
        long now = System.nanoTime();
        batches.incrementAndGet();
        for (WorkflowExecution execution : batch.executions()) {
            if (execution.status().isTerminal()) {
                durable(execution.id(), now);
            }
        }
        for (ExecutionChange change : batch.changes()) {
            if (change.status().isTerminal()) {
                durable(change.executionId(), now);
            }
        }
    }

    private void durable(String executionId, long now) {
        Long called = calledAt.remove(executionId);
        if (called != null) {
            millis.add((now - called) / 1e6);
        }
    }

    /** How long each end took. */
    List<Double> millis() {
        return List.copyOf(millis);
    }

    int batches() {
        return batches.get();
    }

    @Override
    public boolean deleteExecution(String executionId) {
        return store.deleteExecution(executionId);
    }

    @Override
    public Optional<WorkflowExecution> findExecution(String executionId) {
        return store.findExecution(executionId);
    }

    @Override
    public Optional<ExecutionDetails> findDetails(String executionId) {
        return store.findDetails(executionId);
    }

    @Override
    public List<ExecutionSummary> listExecutions(ExecutionQuery query) {
        return store.listExecutions(query);
    }

    @Override
    public List<ExecutionLog> listLogs(LogQuery query) {
        return store.listLogs(query);
    }

    @Override
    public Optional<ExecutionLeases> leases() {
        return store.leases();
    }
}
