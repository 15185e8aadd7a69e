package io.github.workflowhistory.examples.benchmarks.library;

import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.PipelineStats;
import io.github.workflowhistory.store.ExecutionStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The library as a host sets it up, and a host's manners: it does not work faster than its history can be written. */
public final class LibraryRecorder implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE_NANOS = 2_000_000;
    /** How full the buffer may be when an execution begins: three batches wait then, and more would only be more memory. */
    private static final double FULL_ENOUGH = 0.4;

    private final AtomicReference<@Nullable Exception> rejected = new AtomicReference<>();
    private final WorkflowHistory history;

    private LibraryRecorder(ExecutionStore store, @Nullable PipelineSettings settings) {
        WorkflowHistory.Builder builder =
                WorkflowHistory.builder(store).onRejection((batch, cause) -> rejected.compareAndSet(null, cause));
        history = (settings == null ? builder.synchronous() : builder.pipeline(settings)).build();
    }

    /** Every call writes. */
    public static LibraryRecorder synchronous(ExecutionStore store) {
        return new LibraryRecorder(store, null);
    }

    /** Calls enqueue; writers write. */
    public static LibraryRecorder buffered(ExecutionStore store, PipelineSettings settings) {
        return new LibraryRecorder(store, settings);
    }

    /** What the host calls. */
    public WorkflowHistory history() {
        return history;
    }

    /** Where the records of a buffered library are. */
    public PipelineStats stats() {
        return history.stats().orElseThrow(() -> new IllegalStateException("a synchronous library has no pipeline"));
    }

    /** Waits while the database is behind. Polls, as a host would: the buffer signals nobody when it has space. */
    public void awaitSpace() {
        while (history.stats().filter(LibraryRecorder::isFullEnough).isPresent()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean isFullEnough(PipelineStats stats) {
        return stats.usedBytes() > FULL_ENOUGH * stats.capacityBytes();
    }

    /**
     * Waits until everything is durable.
     *
     * @throws IllegalStateException when something is not
     */
    public void flush() {
        if (!history.flush(PATIENCE)) {
            throw new IllegalStateException("the library could not flush within " + PATIENCE.toSeconds() + " s");
        }
        long dropped = history.stats().map(PipelineStats::dropped).orElse(0L);
        if (dropped > 0) {
            throw new IllegalStateException("the library dropped " + dropped + " records, as its buffer was full");
        }
        Exception cause = rejected.get();
        if (cause != null) {
            throw new IllegalStateException("the library rejected a record", cause);
        }
    }

    @Override
    public void close() {
        history.close();
    }
}
