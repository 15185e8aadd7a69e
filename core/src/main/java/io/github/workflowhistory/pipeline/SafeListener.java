package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.RateLimit;
import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.function.Supplier;

/** Keeps what a host's listener throws away from the recorder: it is logged, at most once a minute, and ignored. */
final class SafeListener implements RecorderListener {
    private static final SafeLog LOG = SafeLog.of(BufferedRecorder.class);

    private final RecorderListener listener;
    private final SafeLog log;
    private final RateLimit lines = new RateLimit(Duration.ofMinutes(1));

    SafeListener(RecorderListener listener) {
        this(listener, LOG);
    }

    /** With a logging for tests. */
    SafeListener(RecorderListener listener, SafeLog log) {
        this.listener = listener;
        this.log = log;
    }

    @Override
    public void started(Supplier<PipelineStats> stats) {
        call(() -> listener.started(stats));
    }

    @Override
    public void flushed(RecordCounts records, long bytes, Duration took) {
        call(() -> listener.flushed(records, bytes, took));
    }

    @Override
    public void retried(Kind kind, RuntimeException cause, int failures, Duration pause) {
        call(() -> listener.retried(kind, cause, failures, pause));
    }

    @Override
    public void rejected(RecordCounts records, RuntimeException cause) {
        call(() -> listener.rejected(records, cause));
    }

    @Override
    public void dropped(RecordCounts records) {
        call(() -> listener.dropped(records));
    }

    @Override
    public void connectionChanged(boolean connected) {
        call(() -> listener.connectionChanged(connected));
    }

    @Override
    public void closed() {
        call(listener::closed);
    }

    private void call(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            if (lines.permits()) {
                log.tell(to -> to.error(
                        "The recorder's listener {} failed and is ignored",
                        listener.getClass().getName(),
                        e));
            }
        }
    }
}
