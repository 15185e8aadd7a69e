package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps every batch it is handed, and does with it what a test says: hold it until the test opens the
 * gate, fail, or insist on parents.
 */
final class ScriptedStore implements ExecutionRecorder {
    private static final long PATIENCE_SECONDS = 30;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<HistoryBatch> attempts = new ArrayList<>();
    private final List<HistoryBatch> written = new ArrayList<>();
    private final Set<Thread> writers = new HashSet<>();
    private final Set<String> executions = new HashSet<>();
    private boolean checksParents;
    private boolean held;
    private int waiting;
    private volatile Reaction reaction = batch -> {};

    /** What the store does with a batch that has passed the gate: nothing, or throw. */
    interface Reaction {
        void to(HistoryBatch batch);
    }

    @Override
    public void record(HistoryBatch batch) {
        lock.lock();
        try {
            attempts.add(batch);
            writers.add(Thread.currentThread());
            waiting++;
            changed.signalAll();
            while (held) {
                changed.await();
            }
        } catch (InterruptedException e) {
            throw new HistoryStoreException(Kind.CONNECTION, "interrupted", e);
        } finally {
            waiting--;
            lock.unlock();
        }
        // Not under the lock: a script may wait, or record.
        reaction.to(batch);
        lock.lock();
        try {
            requireParents(batch);
            written.add(batch);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void requireParents(HistoryBatch batch) {
        if (!checksParents) {
            return;
        }
        Set<String> created = new HashSet<>();
        batch.executions().forEach(execution -> created.add(execution.id()));
        List<String> missing = Stream.of(
                        batch.changes().stream().map(ExecutionChange::executionId),
                        batch.nodeResults().stream().map(NodeResult::executionId),
                        batch.logs().stream().map(ExecutionLog::executionId))
                .flatMap(Function.identity())
                .filter(id -> !executions.contains(id) && !created.contains(id))
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            throw new UnknownExecutionException(missing);
        }
        executions.addAll(created);
    }

    // -- the script

    ScriptedStore reacts(Reaction next) {
        reaction = next;
        return this;
    }

    /** Fails with these, one after the other, and then works. */
    ScriptedStore failsWith(Throwable... failures) {
        List<Throwable> left = new ArrayList<>(List.of(failures));
        return reacts(batch -> {
            if (!left.isEmpty()) {
                throw sneaky(left.remove(0));
            }
        });
    }

    /** Refuses as data every batch with what the test calls poison. */
    ScriptedStore refuses(Predicate<HistoryBatch> poison) {
        return reacts(batch -> {
            if (poison.test(batch)) {
                throw failure(Kind.DATA);
            }
        });
    }

    ScriptedStore checksParents() {
        checksParents = true;
        return this;
    }

    /** Another process records an execution. */
    void create(String executionId) {
        locked(() -> executions.add(executionId));
    }

    void delete(String executionId) {
        locked(() -> executions.remove(executionId));
    }

    /** Batches wait from now on. */
    ScriptedStore hold() {
        locked(() -> held = true);
        return this;
    }

    void open() {
        locked(() -> held = false);
    }

    private void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    static HistoryStoreException failure(Kind kind) {
        return new HistoryStoreException(kind, "scripted " + kind, null);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
        throw (T) failure;
    }

    // -- what happened

    void awaitAttempts(int count) {
        await(() -> attempts.size() >= count, count + " attempts");
    }

    void awaitWritten(int count) {
        await(() -> written.size() >= count, count + " written batches");
    }

    /** Waits until a writer stands before the gate. */
    void awaitHeld() {
        await(() -> held && waiting > 0, "a writer at the gate");
    }

    private void await(java.util.function.BooleanSupplier condition, String what) {
        lock.lock();
        try {
            long nanos = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!condition.getAsBoolean()) {
                if (nanos <= 0) {
                    throw new AssertionError("waited in vain for " + what + "; attempts: " + attempts);
                }
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    List<HistoryBatch> attempts() {
        return read(attempts);
    }

    List<HistoryBatch> written() {
        return read(written);
    }

    private List<HistoryBatch> read(List<HistoryBatch> batches) {
        lock.lock();
        try {
            return List.copyOf(batches);
        } finally {
            lock.unlock();
        }
    }

    Set<Thread> writers() {
        lock.lock();
        try {
            return Set.copyOf(writers);
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether a thread that ever wrote is still there. */
    boolean hasLivingWriter() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(writers()::contains);
    }

    List<WorkflowExecution> executions() {
        return written().stream().flatMap(batch -> batch.executions().stream()).toList();
    }

    List<ExecutionChange> changes() {
        return written().stream().flatMap(batch -> batch.changes().stream()).toList();
    }

    List<ExecutionLog> logs() {
        return written().stream().flatMap(batch -> batch.logs().stream()).toList();
    }

    List<String> executionIds() {
        return executions().stream().map(WorkflowExecution::id).toList();
    }

    List<String> logIds() {
        return logs().stream().map(ExecutionLog::id).toList();
    }

    /** The ids of the log entries of one execution, in the order in which they were written. */
    List<String> logIds(String executionId) {
        return logs().stream()
                .filter(log -> log.executionId().equals(executionId))
                .map(ExecutionLog::id)
                .toList();
    }

    @Nullable
    ExecutionChange changeOf(String executionId) {
        return changes().stream()
                .filter(change -> change.executionId().equals(executionId))
                .findFirst()
                .orElse(null);
    }
}
