package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.pipeline.BufferedRecorder;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.PipelineStats;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;

/** A buffered recorder under test, with everything that it was handed and what it refused. */
final class Recording implements ExecutionRecorder, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(100);

    private final Emitted emitted = new Emitted();
    private final Rejections rejections = new Rejections();
    private final BufferedRecorder recorder;

    Recording(ExecutionRecorder target, PipelineSettings settings) {
        recorder = new BufferedRecorder(target, settings, rejections);
    }

    @Override
    public void record(HistoryBatch batch) {
        emitted.add(batch);
        recorder.record(batch);
    }

    @Override
    public boolean flush(Duration timeout) {
        return recorder.flush(timeout);
    }

    Emitted emitted() {
        return emitted;
    }

    Rejections rejections() {
        return rejections;
    }

    /** The counters, which have to add up at any moment. */
    PipelineStats stats() {
        PipelineStats stats = recorder.stats();
        assertThat(stats.accepted())
                .as("%s", stats)
                .isEqualTo(stats.stored() + stats.rejected() + stats.dropped() + stats.queued() + stats.inFlight());
        return stats;
    }

    /** Waits until what was recorded so far is settled, and looks at the counters all the while. */
    void settle() {
        try (Background flushing = Background.start(() -> assertThat(recorder.flush(LIMIT))
                .as("flushed: %s", recorder.stats())
                .isTrue())) {
            Await.until("everything is settled", () -> {
                PipelineStats unused = stats();
                return flushing.isDone();
            });
            flushing.await();
        }
    }

    /** Waits until everything is settled. */
    private Emitted.Found settleAndCompare(DataSource dataSource) {
        settle();
        Emitted.Found found = emitted.compare(StoredRows.read(dataSource));
        PipelineStats stats = stats();
        assertThat(stats.queued() + stats.inFlight()).as("%s", stats).isZero();
        assertThat(stats.accepted()).isEqualTo(emitted.count());
        assertThat(stats.stored()).as("%s", stats).isEqualTo(found.stored());
        return found;
    }

    /** Waits until everything is settled; then every record is there, exactly once and as it was emitted. */
    void assertEverythingIsStored(DataSource dataSource) {
        assertStoredOrRejected(dataSource, Set.of());
    }

    /** Waits until everything is settled; then every record is there or was rejected, and these were. */
    void assertStoredOrRejected(DataSource dataSource, Set<String> rejected) {
        Emitted.Found found = settleAndCompare(dataSource);
        assertThat(rejections.names()).as("%s", rejections).isEqualTo(rejected);
        assertThat(found.missing()).isEqualTo(rejected);
        assertThat(found.withoutOutput()).isEmpty();
        assertThat(found.dropped()).isEmpty();
        assertThat(stats().rejected()).isEqualTo(rejected.size());
        assertThat(stats().dropped()).isZero();
    }

    /** Waits until everything is settled; then every record is there, was rejected with a reason, or was dropped. */
    Emitted.Found assertStoredRejectedOrDropped(DataSource dataSource) {
        Emitted.Found found = settleAndCompare(dataSource);
        assertThat(found.missing()).containsAll(rejections.names());
        assertThat(stats().rejected()).isEqualTo(rejections.names().size());
        assertThat(stats().dropped())
                .isEqualTo(found.missing().size() - rejections.names().size());
        return found;
    }

    @Override
    public void close() {
        recorder.close();
    }
}
