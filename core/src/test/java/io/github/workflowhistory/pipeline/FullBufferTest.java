package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What happens when there is no space: who waits, what is dropped first, and what is told about it. */
class FullBufferTest extends PipelineTest {
    private static final int CAPACITY = 64 << 10;
    /** What a log entry with an id of one character and no text counts as. */
    private static final int SMALLEST = Entry.BASE_BYTES + 48 + 2 + 48;

    private static PipelineSettings.Builder small() {
        return eager().capacityBytes(CAPACITY).batchSize(200);
    }

    /** A recorder whose writer stands before the store with one record, and whose buffer has no space for another. */
    private void startFull(Duration maxBlock) {
        store.hold();
        start(small().maxBlock(maxBlock));
        recorder.record(running("e1"));
        store.awaitHeld();
        fill();
        assertThat(recorder.stats().dropped()).isZero();
    }

    private void fill() {
        long before = recorder.stats().usedBytes();
        recorder.record(result("r0", "e1", "x"));
        long bytes = recorder.stats().usedBytes() - before;
        for (int i = 1; recorder.stats().usedBytes() + bytes + 100 <= CAPACITY; i++) {
            recorder.record(result("r" + i, "e1", "x"));
        }
        while (recorder.stats().usedBytes() + SMALLEST <= CAPACITY) {
            recorder.record(ExecutionLog.of("f", "e1", LogLevel.ERROR, "", T0));
        }
    }

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
    void an_end_waits_for_space_before_it_gives_up_its_output() {
        startFull(LONG);
        Thread host = host("host", () -> recorder.record(success("e1").withFinalOutput(Json.of("x".repeat(20_000)))));
        awaitWaiting(host);

        store.open();
        join(host);

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.changeOf("e1")).satisfies(change -> {
            assertThat(change.finalOutput()).isNotNull();
            assertThat(change.error()).isNull();
        });
    }

    @Test
    void a_caller_waits_for_space_and_is_counted_only_when_it_has_its_answer() {
        startFull(LONG);
        Thread host = host("host", () -> recorder.record(result("waits", "e1", "x")));
        awaitWaiting(host);

        assertBalanced(recorder.stats());

        store.open();
        join(host);
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().dropped()).isZero();
        assertThat(recorder.stats().stored()).isEqualTo(recorder.stats().accepted());
    }

    @Test
    void a_caller_that_is_interrupted_while_it_waits_keeps_its_flag_and_gets_an_answer() {
        startFull(LONG);
        AtomicBoolean flag = new AtomicBoolean();
        Thread host = host("host", () -> {
            recorder.record(result("waits", "e1", "x"));
            flag.set(Thread.currentThread().isInterrupted());
        });
        awaitWaiting(host);

        host.interrupt();

        join(host);
        assertThat(flag).isTrue();
        assertThat(recorder.stats().dropped()).isEqualTo(1);
    }

    @Test
    void after_one_has_waited_in_vain_nobody_waits_again_until_space_appears() {
        startFull(Duration.ofMillis(200));
        long start = System.nanoTime();
        recorder.record(result("first", "e1", "x"));
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());

        start = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            recorder.record(result("later-" + i, "e1", "x"));
        }
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(60).toNanos());
        assertThat(recorder.stats().dropped()).isEqualTo(1_001);

        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        long stored = recorder.stats().stored();
        recorder.record(result("there is space", "e1", "x"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().stored()).isEqualTo(stored + 1);
    }

    @Test
    void when_space_has_appeared_callers_wait_again() {
        startFull(Duration.ofSeconds(3));
        recorder.record(result("in vain", "e1", "x"));
        assertThat(recorder.stats().dropped()).isEqualTo(1);
        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        store.hold();
        recorder.record(result("holds", "e1", "x"));
        store.awaitHeld();
        fill();

        Thread host = host("host", () -> recorder.record(result("waits", "e1", "x")));
        awaitWaiting(host);
        store.open();

        join(host);
        assertThat(recorder.stats().dropped()).isEqualTo(1);
    }

    @Test
    void those_who_wait_are_let_go_when_the_first_has_waited_in_vain() {
        Duration maxBlock = Duration.ofSeconds(3);
        startFull(maxBlock);
        CountDownLatch begun = new CountDownLatch(1);
        Thread first = host("first", () -> {
            begun.countDown();
            recorder.record(result("first", "e1", "x"));
        });
        await(begun);
        long begin = System.nanoTime();
        await(() -> System.nanoTime() - begin > maxBlock.toNanos() / 2, "half of the time");
        AtomicLong waited = new AtomicLong();
        Thread second = host("second", () -> {
            long start = System.nanoTime();
            recorder.record(result("second", "e1", "x"));
            waited.set(System.nanoTime() - start);
        });

        join(first);
        join(second);

        assertThat(waited.get()).isLessThan(maxBlock.toNanos());
        assertThat(recorder.stats().dropped()).isEqualTo(2);
    }

    @Test
    void sixty_four_threads_against_a_full_buffer_lose_no_record_while_space_comes_back() {
        startFull(LONG);
        long before = recorder.stats().accepted();
        List<Thread> hosts = new ArrayList<>();
        for (int t = 0; t < 64; t++) {
            String execution = "e-" + t;
            hosts.add(host(execution, () -> {
                recorder.record(running(execution));
                for (int i = 0; i < 50; i++) {
                    recorder.record(result(execution + "-" + i, execution, "x".repeat(i * 10)));
                    recorder.record(log("log-" + execution + "-" + i, execution));
                }
                recorder.record(success(execution));
            }));
        }
        hosts.forEach(PipelineTest::awaitWaiting);
        store.open();
        while (hosts.stream().anyMatch(Thread::isAlive)) {
            assertBalanced(recorder.stats());
            assertThat(recorder.stats().usedBytes()).isLessThanOrEqualTo(CAPACITY / 8 * 9);
        }
        assertThat(recorder.flush(LONG)).isTrue();

        PipelineStats stats = recorder.stats();
        assertThat(stats.accepted() - before).isEqualTo(64 * 102);
        assertThat(told.droppedCounts().executions()).isZero();
        assertThat(told.droppedCounts().nodeResults()).isZero();
        for (int t = 0; t < 64; t++) {
            String execution = "e-" + t;
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                expected.add(execution + "-" + i);
            }
            assertThat(store.written().stream()
                            .flatMap(batch -> batch.nodeResults().stream())
                            .filter(result -> result.executionId().equals(execution))
                            .map(NodeResult::id))
                    .containsExactlyElementsOf(expected);
        }
    }

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

    private List<String> markers(String executionId) {
        return store.logs().stream()
                .filter(log -> log.executionId().equals(executionId))
                .filter(log -> log.level() == LogLevel.WARN)
                .map(ExecutionLog::message)
                .filter(message -> message.contains("were dropped"))
                .toList();
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
