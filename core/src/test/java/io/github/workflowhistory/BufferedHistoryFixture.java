package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.PipelineStats;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of a history with a buffer share: a store, and the books that have to balance after each test. */
@Timeout(120)
abstract class BufferedHistoryFixture {
    static final Duration LONG = Duration.ofSeconds(30);

    final ScriptedHistoryStore store = new ScriptedHistoryStore();
    final List<HistoryBatch> lost = Collections.synchronizedList(new ArrayList<>());
    WorkflowHistory history;

    WorkflowHistory start(PipelineSettings.Builder settings) {
        history = builder().pipeline(settings.build()).build();
        return history;
    }

    WorkflowHistory.Builder builder() {
        return WorkflowHistory.builder(store).onRejection((batch, cause) -> lost.add(batch));
    }

    static PipelineSettings.Builder lingering() {
        return PipelineSettings.builder().linger(LONG);
    }

    @AfterEach
    void everything_is_accounted_for() {
        store.open();
        if (history != null) {
            history.close();
            PipelineStats stats = stats();
            assertThat(stats.stored() + stats.rejected() + stats.dropped()).isEqualTo(stats.accepted());
            assertThat(stats.queued() + stats.inFlight() + stats.usedBytes()).isZero();
        }
    }

    PipelineStats stats() {
        return history.stats().orElseThrow();
    }
}
