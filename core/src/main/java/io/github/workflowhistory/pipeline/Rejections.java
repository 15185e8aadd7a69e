package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.RejectionListener;
import io.github.workflowhistory.internal.RateLimit;
import io.github.workflowhistory.internal.SafeLog;
import java.time.Duration;
import java.util.List;

/**
 * Tells both listeners of records that are lost because they were refused. What a listener throws is logged, at most
 * once a minute, and ignored.
 */
final class Rejections {
    private static final SafeLog LOG = SafeLog.of(BufferedRecorder.class);

    private final RejectionListener rejections;
    private final RecorderListener listener;
    private final SafeLog log;
    private final RateLimit lines = new RateLimit(Duration.ofMinutes(1));

    Rejections(RejectionListener rejections, RecorderListener listener) {
        this(rejections, listener, LOG);
    }

    /** With a logging for tests. */
    Rejections(RejectionListener rejections, RecorderListener listener, SafeLog log) {
        this.rejections = rejections;
        this.listener = listener;
        this.log = log;
    }

    void tell(List<Entry> entries, RuntimeException cause) {
        Parcel.allOf(entries).forEach(parcel -> tell(parcel, cause));
    }

    void tell(Parcel lost, RuntimeException cause) {
        listener.rejected(lost.counts, cause);
        try {
            rejections.rejected(lost.batch, cause);
        } catch (Throwable e) {
            if (lines.permits()) {
                log.tell(to -> to.error("The rejection listener failed and is ignored", e));
            }
        }
    }
}
