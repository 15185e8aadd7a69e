package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A recorder between the buffer and the store that remembers what failed. */
final class Attempts implements ExecutionRecorder {
    /**
     * One attempt that failed.
     *
     * @param size how many records the batch had
     * @param message what the store said
     */
    record Failure(int size, String message) {}

    private final ExecutionRecorder target;
    private final List<Failure> failures = new CopyOnWriteArrayList<>();

    Attempts(ExecutionRecorder target) {
        this.target = target;
    }

    @Override
    public void record(HistoryBatch batch) {
        try {
            target.record(batch);
        } catch (RuntimeException e) {
            failures.add(new Failure(batch.size(), String.valueOf(e.getMessage())));
            throw e;
        }
    }

    List<Failure> failures() {
        return failures;
    }

    long failures(String sqlState) {
        return failures.stream()
                .filter(failure -> failure.message().contains("(SQLSTATE " + sqlState + ")"))
                .count();
    }

    /** Waits until so many more attempts have failed with a SQLSTATE. */
    void awaitFailures(int more, String sqlState) {
        long before = failures(sqlState);
        Await.until(
                more + " failures with " + sqlState + " after " + failures, () -> failures(sqlState) >= before + more);
    }
}
