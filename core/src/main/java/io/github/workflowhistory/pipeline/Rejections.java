package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.RejectionListener;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.IdConflictException;
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
        listener.rejected(RecordCounts.of(entries), cause);
        HistoryBatch lost;
        try {
            lost = Entry.batchOf(entries);
        } catch (IdConflictException e) {
            // They contradict each other, so they do not fit into one batch.
            entries.forEach(entry -> tell(Entry.batchOf(List.of(entry)), cause));
            return;
        }
        tell(lost, cause);
    }

    private void tell(HistoryBatch lost, RuntimeException cause) {
        try {
            rejections.rejected(lost, cause);
        } catch (Throwable e) {
            LOG.error("The rejection listener failed and is ignored", e);
        }
    }
}
