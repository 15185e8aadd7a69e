package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a listener is told; what it is told about losses is checked after every test of the pipeline. */
class RecorderListenerTest extends PipelineTest {

    @Test
    void at_the_start_it_is_given_a_way_to_ask_for_numbers() {
        start(lingering());
        recorder.record(running("e1"));
        assertThat(Objects.requireNonNull(told.stats()).get().accepted()).isEqualTo(1);
    }

    @Test
    void what_was_flushed_counts_as_it_was_handed_in() {
        start(lingering());
        recorder.record(running("e1"));
        recorder.record(success("e1"));
        recorder.record(result("r1", "e1", "x"));
        recorder.record(log("l1", "e1"));
        recorder.record(log("l2", "e1"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(told.flushedCounts()).isEqualTo(new RecordCounts(2, 1, 2));
        assertThat(told.flushedCounts().total()).isEqualTo(recorder.stats().stored());
    }

    @Test
    void what_was_refused_in_parts_is_neither_counted_twice_nor_left_out() {
        store.refuses(batch -> batch.logs().stream().anyMatch(log -> log.id().startsWith("bad")));
        start(lingering());
        for (int i = 0; i < 100; i++) {
            recorder.record(log((i % 10 == 0 ? "bad" : "l") + i, "e" + i % 7));
        }
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(told.flushedCounts()).isEqualTo(new RecordCounts(0, 0, 90));
        assertThat(told.rejectedCounts()).isEqualTo(new RecordCounts(0, 0, 10));
    }

    @Test
    void it_is_told_once_when_the_store_cannot_be_reached_and_once_when_it_can_again() {
        store.failsWith(
                ScriptedStore.failure(Kind.CONNECTION),
                ScriptedStore.failure(Kind.CONNECTION),
                ScriptedStore.failure(Kind.RESOURCES));
        start(lingering());
        recorder.record(running("e1"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(told.connections()).containsExactly(false, true);
    }

    @Test
    void the_one_that_watches_nothing_accepts_everything() {
        RecorderListener nop = RecorderListener.NOP;
        assertThatCode(() -> {
                    nop.started(() -> null);
                    nop.flushed(RecordCounts.NONE, 0, Duration.ZERO);
                    nop.retried(Kind.DATA, new IllegalStateException(), 1, Duration.ZERO);
                    nop.rejected(RecordCounts.NONE, new IllegalStateException());
                    nop.dropped(RecordCounts.NONE);
                    nop.connectionChanged(true);
                    nop.closed();
                })
                .doesNotThrowAnyException();
    }
}
