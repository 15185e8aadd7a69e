package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.List;
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
     */
    record Failure(int size, String message) {
        boolean isOf(String sqlState) {
            return message.contains("(SQLSTATE " + sqlState + ")");
        }
    }

    private final ReadWriteLock gate = new ReentrantReadWriteLock();
    private final ExecutionRecorder target;
    private final List<Failure> failures = new CopyOnWriteArrayList<>();
    private final Set<Thread> writers = ConcurrentHashMap.newKeySet();

    Attempts(ExecutionRecorder target) {
        this.target = target;
    }

    @Override
    public void record(HistoryBatch batch) {
        writers.add(Thread.currentThread());
        gate.readLock().lock();
        try {
            target.record(batch);
        } catch (RuntimeException e) {
            failures.add(new Failure(batch.size(), String.valueOf(e.getMessage())));
            throw e;
        } finally {
            gate.readLock().unlock();
        }
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

    /** Every failure with a SQLSTATE was one of the same batch: nothing was taken apart because of it. */
    void assertNothingWasTakenApart(String sqlState) {
        assertThat(failures)
                .filteredOn(failure -> failure.isOf(sqlState))
                .isNotEmpty()
                .extracting(Failure::size)
                .containsOnly(failures.stream()
                        .filter(failure -> failure.isOf(sqlState))
                        .findFirst()
                        .orElseThrow()
                        .size());
    }

    /** Waits until so many more attempts have failed with a SQLSTATE. */
    void awaitFailures(int more, String sqlState) {
        long before = failures(sqlState);
        Await.until(
                more + " failures with " + sqlState + " after " + failures, () -> failures(sqlState) >= before + more);
    }
}
