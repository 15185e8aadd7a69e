package io.github.workflowhistory;

import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all handles of one {@link WorkflowHistory} share: its settings, and the way to the recorder. */
final class RecordingContext {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowHistory.class);

    final HistoryClock clock;
    final PayloadEncoder encoder;
    final ExecutionStore store;
    private final IdGenerator ids;
    private final ExecutionRecorder recorder;
    private final LogLevel logLevel;
    private final RejectionListener rejections;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean lateWarned = new AtomicBoolean();

    RecordingContext(
            HistoryClock clock,
            IdGenerator ids,
            PayloadEncoder encoder,
            ExecutionStore store,
            ExecutionRecorder recorder,
            LogLevel logLevel,
            RejectionListener rejections) {
        this.clock = clock;
        this.ids = ids;
        this.encoder = encoder;
        this.store = store;
        this.recorder = recorder;
        this.logLevel = logLevel;
        this.rejections = rejections;
    }

    void record(WorkflowExecution execution) {
        record(HistoryBatch.builder().add(execution).build());
    }

    void record(ExecutionChange change) {
        record(HistoryBatch.builder().add(change).build());
    }

    void record(NodeResult result) {
        record(HistoryBatch.builder().add(result).build());
    }

    boolean records(LogLevel level) {
        return level.isAtLeast(logLevel) && recorder != NoopStore.INSTANCE;
    }

    void log(String executionId, @Nullable String nodeRunId, LogLevel level, String message, @Nullable Object data) {
        if (!records(level)) {
            return;
        }
        guarded(() -> {
            // The time of the call, not that when a large payload was written at last.
            Instant timestamp = clock.now();
            ExecutionLog entry = new ExecutionLog(
                    newId(), executionId, nodeRunId, level, encoder.text(message), encoder.payload(data), timestamp);
            record(HistoryBatch.builder().add(entry).build());
        });
    }

    /** An id from the host's generator, or one of our own when that fails: the work has to go on. */
    String newId() {
        try {
            return Ids.requireValid("generated id", ids.newId());
        } catch (RuntimeException e) {
            LOG.error("The id generator failed; a time-ordered id is used in its place.", e);
            return IdGenerator.timeOrdered().newId();
        }
    }

    /**
     * Does what records the end of something or a log entry. The host's work is done by then, so not even a clock that
     * throws may come between it and its caller.
     */
    void guarded(Runnable recording) {
        try {
            recording.run();
        } catch (Throwable e) {
            LOG.error("Something could not be recorded and is lost. The execution itself is not affected.", e);
        }
    }

    /** A payload as JSON; nobody reads what a history that records nothing would make of it. */
    @Nullable
    Json payload(@Nullable Object value) {
        return recorder == NoopStore.INSTANCE ? null : encoder.payload(value);
    }

    boolean flush(Duration timeout) {
        try {
            return recorder.flush(timeout);
        } catch (Throwable e) {
            LOG.error("The recorder failed to flush.", e);
            return false;
        }
    }

    void close() {
        closed.set(true);
    }

    /** Hands a batch to the recorder. Whatever happens there, the host goes on. */
    private void record(HistoryBatch batch) {
        if (closed.get()) {
            if (lateWarned.compareAndSet(false, true)) {
                LOG.warn(
                        "Something was recorded after this history was closed, and is ignored: {}."
                                + " Close it when the last execution has ended.",
                        batch);
            }
            return;
        }
        try {
            recorder.record(batch);
        } catch (RuntimeException e) {
            reject(batch, e);
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            reject(
                    batch,
                    new HistoryStoreException(
                            HistoryStoreException.Kind.UNKNOWN,
                            "the recorder failed with " + e.getClass().getName(),
                            e));
        }
    }

    private void reject(HistoryBatch batch, RuntimeException cause) {
        try {
            rejections.rejected(batch, cause);
        } catch (Throwable e) {
            LOG.error("The rejection listener failed. Not recorded: {}", batch, e);
        }
    }
}
