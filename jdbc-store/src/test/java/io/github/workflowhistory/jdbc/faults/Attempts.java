package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A recorder between the buffer and the store that remembers what failed, and can be made to wait. */
final class Attempts implements ExecutionRecorder {
    /**
     * One attempt that failed.
     *
     * @param size how many records the batch had
     * @param message what the store said
     * @param nanos when it was, by {@link System#nanoTime()}
     */
    record Failure(int size, String message, long nanos) {
        boolean isOf(String sqlState) {
            return message.contains("(SQLSTATE " + sqlState);
        }
    }

    private final ReadWriteLock gate = new ReentrantReadWriteLock();
    private final ExecutionRecorder target;
    private final List<Failure> failures = new CopyOnWriteArrayList<>();
    private final List<String> changes = new CopyOnWriteArrayList<>();
    private final Map<Thread, HistoryBatch> lastFailed = new ConcurrentHashMap<>();
    private final Set<Thread> writers = ConcurrentHashMap.newKeySet();

    Attempts(ExecutionRecorder target) {
        this.target = target;
    }

    @Override
    public void record(HistoryBatch batch) {
        writers.add(Thread.currentThread());
        HistoryBatch failed = lastFailed.get(Thread.currentThread());
        if (failed != null && !isSame(failed, batch)) {
            changes.add(failed + " was followed by " + batch);
        }
        gate.readLock().lock();
        try {
            target.record(batch);
            lastFailed.remove(Thread.currentThread());
        } catch (RuntimeException e) {
            lastFailed.put(Thread.currentThread(), batch);
            failures.add(new Failure(batch.size(), String.valueOf(e.getMessage()), System.nanoTime()));
            throw e;
        } finally {
            gate.readLock().unlock();
        }
    }

    private static boolean isSame(HistoryBatch one, HistoryBatch other) {
        return one.executions().equals(other.executions())
                && one.changes().equals(other.changes())
                && one.nodeResults().equals(other.nodeResults())
                && one.logs().equals(other.logs());
    }

    /**
     * Makes attempts wait while something is done, and those under way finish before: attempts that fail meanwhile
     * would only make the pauses between them longer.
     */
    void pausedWhile(Runnable action) {
        gate.writeLock().lock();
        try {
            action.run();
        } finally {
            gate.writeLock().unlock();
        }
    }

    /** The threads that came here. */
    Set<Thread> writers() {
        return writers;
    }

    List<Failure> failures() {
        return failures;
    }

    long failures(String sqlState) {
        return failures.stream().filter(failure -> failure.isOf(sqlState)).count();
    }

    /** After each failure the same batch came again, with nothing taken from it or changed in it. */
    void assertSameBatchCameAgain() {
        assertThat(failures).isNotEmpty();
        assertThat(changes).isEmpty();
    }

    /** Waits until so many more attempts have failed with a SQLSTATE, or with one that begins like this. */
    void awaitFailures(int more, String sqlState) {
        long before = failures(sqlState);
        Await.until(
                more + " failures with " + sqlState + " after " + failures, () -> failures(sqlState) >= before + more);
    }

    /** Waits until attempts have failed with a SQLSTATE for so long. */
    void awaitFailuresFor(Duration duration, String sqlState) {
        long before = failures.size();
        Await.until("failures with " + sqlState + " for " + duration, () -> {
            List<Failure> since = failures.stream()
                    .skip(before)
                    .filter(failure -> failure.isOf(sqlState))
                    .toList();
            return !since.isEmpty()
                    && since.get(since.size() - 1).nanos() - since.get(0).nanos() >= duration.toNanos();
        });
    }
}
