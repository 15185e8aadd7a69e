package io.github.workflowhistory;

import io.github.workflowhistory.internal.RateLimit;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The default listener: one line at once, then at most one a minute, with the number of those in between. */
final class RejectionLog implements RejectionListener {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowHistory.class);

    private final RateLimit lines = new RateLimit(Duration.ofMinutes(1));
    private final AtomicLong unreported = new AtomicLong();

    @Override
    public void rejected(HistoryBatch lost, RuntimeException cause) {
        if (!lines.permits()) {
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
