package io.github.workflowhistory;

import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A store whose writing a test holds or lets fail, with leases that note what they are asked. */
final class ScriptedHistoryStore implements ExecutionStore, ExecutionLeases {
    final CollectingStore kept = new CollectingStore();
    private final List<String> asked = new ArrayList<>();
    private volatile Consumer<HistoryBatch> script = batch -> {};
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile CountDownLatch entered = new CountDownLatch(1);
    private volatile boolean hasLeases;
    private volatile UUID actingUser;
    private volatile CountDownLatch leaseGate = new CountDownLatch(0);
    private volatile Thread threadOfLeases;

    /** What happens before a batch is written: nothing, or an exception. */
    void script(Consumer<HistoryBatch> next) {
        script = next;
    }

    void isAway(boolean away) {
        script = batch -> {
            if (away) {
                throw new HistoryStoreException(HistoryStoreException.Kind.CONNECTION, "away", null);
            }
        };
    }

    ScriptedHistoryStore withLeases() {
        hasLeases = true;
        return this;
    }

    void actsAs(UUID user) {
        actingUser = user;
    }

    void hold() {
        entered = new CountDownLatch(1);
        gate = new CountDownLatch(1);
    }

    void holdLeases() {
        leaseGate = new CountDownLatch(1);
    }

    Thread threadOfLeases() {
        return threadOfLeases;
    }

    void awaitHeld() throws InterruptedException {
        if (!entered.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody writes");
        }
    }

    void open() {
        gate.countDown();
    }

    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    private synchronized void note(String request) {
        asked.add(request);
        notifyAll();
    }

    synchronized void awaitAsked(String request) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!asked.contains(request)) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new AssertionError("never asked for " + request + ", only " + asked);
            }
            wait(millis);
        }
    }

    @Override
    public void record(HistoryBatch batch) {
        entered.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new HistoryStoreException(HistoryStoreException.Kind.CONNECTION, "interrupted", e);
        }
        script.accept(batch);
        kept.record(batch);
    }

    @Override
    public Optional<ExecutionLeases> leases() {
        return hasLeases ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Optional<UUID> actingUser() {
        return Optional.ofNullable(actingUser);
    }

    @Override
    public void renew(String recorderId) {
        threadOfLeases = Thread.currentThread();
        note("renew");
        try {
            leaseGate.await();
        } catch (InterruptedException e) {
            throw new HistoryStoreException(HistoryStoreException.Kind.CONNECTION, "interrupted", e);
        }
    }

    @Override
    public boolean takeOver(String executionId, String recorderId) {
        note("takeOver " + executionId);
        return kept.findExecution(executionId).isPresent();
    }

    @Override
    public boolean release(String executionId, String recorderId) {
        note("release " + executionId);
        return kept.findExecution(executionId).isPresent();
    }

    @Override
    public List<String> endAbandoned(Duration olderThan, Scope scope) {
        note("endAbandoned " + scope);
        return List.of();
    }

    @Override
    public Optional<WorkflowExecution> findExecution(String executionId) {
        return kept.findExecution(executionId);
    }

    @Override
    public Optional<ExecutionDetails> findDetails(String executionId) {
        return kept.findDetails(executionId);
    }

    @Override
    public List<ExecutionSummary> listExecutions(ExecutionQuery query) {
        return kept.listExecutions(query);
    }

    @Override
    public List<ExecutionLog> listLogs(LogQuery query) {
        return kept.listLogs(query);
    }

    @Override
    public boolean deleteExecution(String executionId) {
        return kept.deleteExecution(executionId);
    }
}
