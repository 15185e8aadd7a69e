package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is dropped when there is no space, and in which order; ends have a reserve. */
class FullBufferTest extends SmallBufferFixture {
    @Test
    void details_are_dropped_while_warnings_and_records_still_find_space() {
        store.hold();
        start(small().maxBlock(Duration.ZERO));
        recorder.record(running("e1"));
        store.awaitHeld();
        for (int i = 0; recorder.stats().dropped() == 0; i++) {
            recorder.record(log("detail-" + i, "e1", i % 2 == 0 ? LogLevel.DEBUG : LogLevel.INFO));
        }
        assertThat(recorder.stats().usedBytes()).isLessThanOrEqualTo(CAPACITY * 3 / 4);
        recorder.record(log("info", "e1", LogLevel.INFO));
        recorder.record(log("debug", "e1", LogLevel.DEBUG));
        assertThat(recorder.stats().dropped()).isEqualTo(3);

        recorder.record(log("warn", "e1", LogLevel.WARN));
        recorder.record(log("error", "e1", LogLevel.ERROR));
        recorder.record(result("r1", "e1", "x"));
        recorder.record(success("e1"));

        assertThat(recorder.stats().dropped()).isEqualTo(3);
        assertThat(told.droppedCounts()).isEqualTo(new RecordCounts(0, 0, 3));
    }

    @Test
    void without_any_space_warnings_and_records_are_dropped_and_ends_use_their_reserve() {
        startFull(Duration.ZERO);

        recorder.record(log("warn", "e1", LogLevel.WARN));
        recorder.record(log("error", "e1", LogLevel.ERROR));
        recorder.record(result("lost", "e1", "x"));
        recorder.record(running("e2"));
        assertThat(told.droppedCounts()).isEqualTo(new RecordCounts(1, 1, 2));

        recorder.record(success("e1"));
        assertThat(recorder.stats().dropped()).isEqualTo(4);
        assertThat(recorder.stats().usedBytes()).isGreaterThan(CAPACITY).isLessThanOrEqualTo(CAPACITY / 8 * 9);

        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        // Merged with its creation or not: the end is there.
        assertThat(store.changes()).extracting(c -> c.status().isTerminal()).contains(true);
    }

    @Test
    void ends_beyond_their_reserve_are_dropped_and_counted() {
        startFull(Duration.ZERO);
        int ends = 0;
        while (recorder.stats().dropped() == 0) {
            recorder.record(success("end-" + ends++));
        }
        assertThat(ends).isGreaterThan(10);
        assertThat(recorder.stats().usedBytes()).isLessThanOrEqualTo(CAPACITY / 8 * 9);
        assertThat(told.droppedCounts()).isEqualTo(new RecordCounts(1, 0, 0));
    }

    @Test
    void an_end_sheds_its_output_before_it_is_dropped() {
        startFull(Duration.ZERO);

        recorder.record(
                success("e1").withFinalOutput(Json.of("x".repeat(20_000))).withError("why"));

        assertThat(recorder.stats().dropped()).isZero();
        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.changeOf("e1")).satisfies(change -> {
            assertThat(change.finalOutput()).isNull();
            assertThat(change.error()).startsWith("why\n").contains("buffer was full");
        });
    }

    @Test
    void a_record_larger_than_the_buffer_is_rejected_and_told() {
        start(small());

        recorder.record(result("huge", "e1", "x".repeat(CAPACITY)));
        recorder.record(ExecutionLog.of("huge log", "e1", LogLevel.ERROR, "x".repeat(CAPACITY), T0));

        assertThat(recorder.stats().rejected()).isEqualTo(2);
        assertThat(told.rejectedCounts()).isEqualTo(new RecordCounts(0, 1, 1));
        assertThat(told.rejections())
                .allSatisfy(rejection -> assertThat(rejection.cause())
                        .isInstanceOf(HistoryStoreException.class)
                        .hasMessageContaining("capacityBytes"));
        assertThat(store.attempts()).isEmpty();
    }

    @Test
    void an_end_with_an_output_larger_than_the_buffer_comes_without_it() {
        start(small());

        recorder.record(success("e1").withFinalOutput(Json.of("x".repeat(CAPACITY))));

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.changeOf("e1"))
                .satisfies(change -> assertThat(change.finalOutput()).isNull());
        assertThat(told.rejections()).isEmpty();
    }
}
