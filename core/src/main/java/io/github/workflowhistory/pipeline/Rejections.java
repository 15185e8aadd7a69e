package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.RejectionListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells both listeners of records that are lost because they were refused. */
final class Rejections {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedRecorder.class);

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
            LOG.error("The rejection listener failed and is ignored", e);
        }
    }
}
