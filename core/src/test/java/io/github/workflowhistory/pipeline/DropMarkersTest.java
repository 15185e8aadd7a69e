package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The entries in a history that tell how much of it was dropped: one for each execution and episode, in its place. */
class DropMarkersTest extends SmallBufferFixture {
    @Test
    void one_marker_for_each_execution_and_episode_tells_how_much_was_dropped() {
        startFull(Duration.ZERO);
        for (int i = 0; i < 30; i++) {
            recorder.record(log("lost-a-" + i, "a"));
        }
        for (int i = 0; i < 7; i++) {
            recorder.record(log("lost-b-" + i, "b", LogLevel.ERROR));
        }
        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        // The markers come after what was flushed; whatever is recorded then comes after them.
        recorder.record(log("after", "a"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(markers("a")).containsExactly("30 log entries were dropped, because the history's buffer was full");
        assertThat(markers("b")).containsExactly("7 log entries were dropped, because the history's buffer was full");

        store.hold();
        recorder.record(log("holds", "e1"));
        store.awaitHeld();
        for (int i = 0; recorder.stats().dropped() == 37; i++) {
            recorder.record(log("c-" + i, "a"));
        }
        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        recorder.record(log("after-2", "a"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(markers("a"))
                .containsExactly(
                        "30 log entries were dropped, because the history's buffer was full",
                        "1 log entries were dropped, because the history's buffer was full");
        assertThat(told.flushedCounts().total())
                .as("markers count apart")
                .isEqualTo(recorder.stats().stored());
    }

    @Test
    void a_marker_is_written_although_its_writer_has_nothing_else_to_do() {
        store.hold();
        start(small().writers(2).maxBlock(Duration.ZERO));
        String busy = "e0";
        String idle = "e1";
        recorder.record(running(busy));
        store.awaitHeld();
        for (int i = 0; recorder.stats().dropped() == 0; i++) {
            recorder.record(log("l" + i, busy));
        }
        recorder.record(log("lost", idle));
        assertThat(store.writers())
                .as("only the writer of one of the two is at work")
                .hasSize(1);

        store.open();

        await(() -> !markers(idle).isEmpty(), "the marker");
    }

    @Test
    void markers_that_the_store_refuses_cost_no_other_marker() {
        startFull(Duration.ZERO);
        for (int e = 0; e < 20; e++) {
            recorder.record(log("lost-" + e, "x" + e));
        }
        store.refuses(
                batch -> batch.logs().stream().anyMatch(log -> log.executionId().equals("x7")));
        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        recorder.record(log("after", "e1"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.logs().stream().filter(log -> log.message().contains("were dropped")))
                .hasSize(19);
        assertThat(recorder.stats().rejected()).isZero();
    }

    /**
     * A recorder whose writer stands before the store with one record; behind it wait a large one and the creation of
     * an execution, of which a log entry was dropped.
     */
    private void startWithDropBehindCreation(String executionId) {
        store.checksParents().hold();
        start(small().batchSize(1).maxBlock(Duration.ZERO));
        recorder.record(running("e1"));
        store.awaitHeld();
        recorder.record(result("large", "e1", "x".repeat(24_000)));
        recorder.record(running(executionId));
        assertThat(recorder.stats().dropped()).isZero();
        recorder.record(log("lost", executionId));
        assertThat(recorder.stats().dropped()).isEqualTo(1);
    }

    @Test
    void a_marker_comes_after_the_creation_of_its_execution_when_that_was_waiting() {
        startWithDropBehindCreation("late");

        store.open();

        await(() -> !markers("late").isEmpty(), "the marker");
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1", "late");
        assertThat(markers("late")).hasSize(1);
    }

    @Test
    void closing_writes_a_marker_after_the_creation_of_its_execution() {
        startWithDropBehindCreation("late");
        Thread closer = host("closer", recorder::close);
        awaitWaiting(closer);

        store.open();

        join(closer);
        assertThat(markers("late")).hasSize(1);
    }

    @Test
    void markers_keep_no_batch_waiting_however_many_more_are_dropped_meanwhile() {
        String large = "x".repeat(13_000);
        store.reacts(batch -> {
            if (isMarker(batch)) {
                recorder.record(ExecutionLog.of("more", "e1", LogLevel.INFO, large, T0));
            }
        });
        store.hold();
        start(small().maxBlock(Duration.ZERO));
        recorder.record(running("e1"));
        store.awaitHeld();
        recorder.record(result("half", "e1", "x".repeat(14_000)));
        recorder.record(ExecutionLog.of("lost", "e1", LogLevel.INFO, large, T0));
        assertThat(recorder.stats().dropped()).isEqualTo(1);

        store.open();

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().stored()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void an_error_in_between_costs_no_marker() {
        AtomicInteger failures = new AtomicInteger(1);
        store.reacts(batch -> {
            if (isMarker(batch) && failures.getAndDecrement() > 0) {
                throw new Indescribable();
            }
        });
        startFull(Duration.ZERO);
        recorder.record(log("lost", "a"));

        store.open();

        await(() -> !markers("a").isEmpty(), "the marker");
    }

    @Test
    void a_marker_that_only_ever_ends_in_an_error_is_given_up() {
        AtomicInteger attempts = new AtomicInteger();
        store.reacts(batch -> {
            if (isMarker(batch)) {
                attempts.incrementAndGet();
                throw new Indescribable();
            }
        });
        startFull(Duration.ZERO);
        recorder.record(log("lost", "a"));
        store.open();
        assertThat(recorder.flush(LONG)).isTrue();

        recorder.close();

        assertThat(attempts).hasValue(3);
    }

    private List<String> markers(String executionId) {
        return store.logs().stream()
                .filter(log -> log.executionId().equals(executionId))
                .filter(log -> log.level() == LogLevel.WARN)
                .map(ExecutionLog::message)
                .filter(message -> message.contains("were dropped"))
                .toList();
    }

    private static boolean isMarker(HistoryBatch batch) {
        return batch.logs().stream().anyMatch(log -> log.message().contains("were dropped"));
    }

    /** A failure over which the writer itself fails. */
    private static final class Indescribable extends HistoryStoreException {
        private static final long serialVersionUID = 1L;

        Indescribable() {
            super(Kind.UNKNOWN, "never read", null);
        }

        @Override
        public Kind kind() {
            throw new StackOverflowError("scripted");
        }
    }
}
