package io.github.workflowhistory;

import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The default listener: one line at once, then at most one a minute, with the number of those in between. */
final class RejectionLog implements RejectionListener {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowHistory.class);
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());
    private final AtomicLong unreported = new AtomicLong();

    @Override
    public void rejected(HistoryBatch lost, RuntimeException cause) {
        long now = System.nanoTime();
        long until = silentUntil.get();
        if (now - until < 0 || !silentUntil.compareAndSet(until, now + INTERVAL_NANOS)) {
            unreported.addAndGet(lost.size());
            return;
        }
        long others = unreported.getAndSet(0);
        LOG.error(
                "History could not be recorded and is lost: {}{}. The execution itself is not affected. Cause: {}",
                lost,
                others == 0 ? "" : ", and " + others + " records since the last message",
                cause.getMessage(),
                cause);
    }
}
