package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a host's listener throws away from the recorder: it is logged, at most once a minute, and ignored. */
final class SafeListener implements RecorderListener {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedRecorder.class);
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final RecorderListener listener;
    private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());

    SafeListener(RecorderListener listener) {
        this.listener = listener;
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
            long now = System.nanoTime();
            long until = silentUntil.get();
            if (now - until >= 0 && silentUntil.compareAndSet(until, now + INTERVAL_NANOS)) {
                LOG.error(
                        "The recorder's listener {} failed and is ignored",
                        listener.getClass().getName(),
                        e);
            }
        }
    }
}
