package io.github.workflowhistory;

import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.pipeline.NotDurableException;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all handles of one {@link WorkflowHistory} share: its settings, and the way to the recorder. */
final class RecordingContext {
    private static final SafeLog LOG = SafeLog.of(WorkflowHistory.class);

    final HistoryClock clock;
    final PayloadEncoder encoder;
    final ExecutionStore store;
    final RecordingBackend backend;
    /** Those who ask the store at the same time for the status of an attached execution. */
    final Semaphore statusReaders = new Semaphore(8);

    private final IdGenerator ids;
    private final ExecutionRecorder recorder;
    private final LogLevel logLevel;
    private final RejectionListener rejections;
    private final boolean strict;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean lateWarned = new AtomicBoolean();

    RecordingContext(
            HistoryClock clock,
            IdGenerator ids,
            PayloadEncoder encoder,
            ExecutionStore store,
            RecordingBackend backend,
            LogLevel logLevel,
            RejectionListener rejections,
            boolean strict) {
        this.clock = clock;
        this.ids = ids;
        this.encoder = encoder;
        this.store = store;
        this.backend = backend;
        this.recorder = backend.recorder();
        this.logLevel = logLevel;
        this.rejections = rejections;
        this.strict = strict;
    }

    void record(WorkflowExecution execution) {
        hand(
                () -> recorder.record(execution.withRecorderId(backend.recorderId())),
                () -> HistoryBatch.builder().add(execution).build());
    }

    /** Records an execution that others are to find at once. It has no lease: nobody works on it. */
    void recordDurably(WorkflowExecution execution) {
        hand(
                () -> backend.recordDurably(execution),
                () -> HistoryBatch.builder().add(execution).build());
    }

    void record(ExecutionChange change) {
        hand(
                () -> recorder.record(change.withRecorderId(backend.recorderId())),
                () -> HistoryBatch.builder().add(change).build());
    }

    /** Records a change without waiting for it to be durable. */
    void enqueue(ExecutionChange change) {
        hand(
                () -> backend.enqueue(change.withRecorderId(backend.recorderId())),
                () -> HistoryBatch.builder().add(change).build());
    }

    void record(NodeResult result) {
        hand(
                () -> recorder.record(result),
                () -> HistoryBatch.builder().add(result).build());
    }

    /**
     * Records results, and the end of their execution if there is one, in one call of the recorder: a buffer waits for
     * space no longer than for one record.
     */
    void record(List<NodeResult> results, @Nullable ExecutionChange end) {
        HistoryBatch.Builder builder = HistoryBatch.builder();
        results.forEach(builder::add);
        if (end != null) {
            builder.add(end.withRecorderId(backend.recorderId()));
        }
        HistoryBatch batch = builder.build();
        if (!batch.isEmpty()) {
            hand(() -> recorder.record(batch), () -> batch);
        }
    }

    private void record(ExecutionLog log) {
        hand(() -> recorder.record(log), () -> HistoryBatch.builder().add(log).build());
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
            record(new ExecutionLog(
                    newId(), executionId, nodeRunId, level, encoder.text(message), encoder.payload(data), timestamp));
        });
    }

    /** An id from the host's generator, or one of our own when that fails: the work has to go on. */
    String newId() {
        try {
            return Ids.requireValid("generated id", ids.newId());
        } catch (RuntimeException e) {
            LOG.tell(log -> log.error("The id generator failed; a time-ordered id is used in its place.", e));
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
        } catch (NotDurableException | RecordedAfterCloseException e) {
            throw e;
        } catch (Throwable e) {
            LOG.tell(log ->
                    log.error("Something could not be recorded and is lost. The execution itself is not affected.", e));
        }
    }

    /** Records something while an exception of the host's is on its way, which must not be lost for another one. */
    @SuppressWarnings("ReferenceEquality") // An exception may not suppress itself.
    static void alongside(Throwable thrown, Runnable recording) {
        try {
            recording.run();
        } catch (RuntimeException e) {
            if (e != thrown) {
                thrown.addSuppressed(e);
            }
        }
    }

    /** A payload as JSON; nobody reads what a history that records nothing would make of it. */
    @Nullable
    Json payload(@Nullable Object value) {
        return recorder == NoopStore.INSTANCE ? null : encoder.payload(value);
    }

    boolean flush(Duration timeout) {
        try {
            return backend.flush(timeout);
        } catch (Throwable e) {
            LOG.tell(log -> log.error("The recorder failed to flush.", e));
            return false;
        }
    }

    void close() {
        closed.set(true);
        backend.close();
    }

    /** In strict mode: something was recorded after the history was closed. */
    private static final class RecordedAfterCloseException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        RecordedAfterCloseException(HistoryBatch late) {
            super("recorded after this history was closed: " + late + "; close it when the last execution has ended");
        }
    }

    /** Hands a record to the recorder. Whatever happens there, the host goes on. */
    private void hand(Runnable recording, Supplier<HistoryBatch> batch) {
        try {
            if (closed.get()) {
                late(batch.get());
                if (!backend.isBuffered()) {
                    return;
                }
            }
            recording.run();
        } catch (NotDurableException | RecordedAfterCloseException e) {
            throw e;
        } catch (RuntimeException e) {
            reject(batch.get(), e);
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            reject(
                    batch.get(),
                    new HistoryStoreException(
                            HistoryStoreException.Kind.UNKNOWN,
                            "the recorder failed with " + e.getClass().getName(),
                            e));
        }
    }

    private void late(HistoryBatch batch) {
        if (strict) {
            throw new RecordedAfterCloseException(batch);
        }
        if (lateWarned.compareAndSet(false, true)) {
            LOG.tell(log -> log.warn(
                    "Something was recorded after this history was closed, and is ignored: {}."
                            + " Close it when the last execution has ended.",
                    batch));
        }
    }

    private void reject(HistoryBatch batch, RuntimeException cause) {
        try {
            rejections.rejected(batch, cause);
        } catch (Throwable e) {
            LOG.tell(log -> log.error("The rejection listener failed. Not recorded: {}", batch, e));
        }
    }
}
