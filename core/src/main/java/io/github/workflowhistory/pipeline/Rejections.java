package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.RejectionListener;
import io.github.workflowhistory.internal.SafeLog;
import java.util.List;

/** Tells both listeners of records that are lost because they were refused. */
final class Rejections {
    private static final SafeLog LOG = SafeLog.of(BufferedRecorder.class);

    private final RejectionListener rejections;
    private final RecorderListener listener;

    Rejections(RejectionListener rejections, RecorderListener listener) {
        this.rejections = rejections;
        this.listener = listener;
    }

    void tell(List<Entry> entries, RuntimeException cause) {
        Parcel.allOf(entries).forEach(parcel -> tell(parcel, cause));
    }

    void tell(Parcel lost, RuntimeException cause) {
        listener.rejected(lost.counts, cause);
        try {
            rejections.rejected(lost.batch, cause);
        } catch (Throwable e) {
            LOG.tell(log -> log.error("The rejection listener failed and is ignored", e));
        }
    }
}
