package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The end of a recorder: it writes what is left, and says what it could not do. */
class CloseTest extends PipelineTest {

    private boolean isAlive() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(store.writers()::contains);
    }

    @Test
    void it_writes_what_is_left_and_leaves_no_thread() {
        start(lingering().writers(3));
        for (int i = 0; i < 100; i++) {
            recorder.record(running("e" + i));
        }
        recorder.close();

        assertThat(store.executionIds()).hasSize(100);
        assertThat(store.writers()).hasSize(3);
        assertThat(isAlive()).isFalse();
        assertThat(told.droppedCounts().total()).isZero();
    }

    @Test
    void closing_again_does_nothing() {
        start(lingering());
        recorder.record(running("e1"));
        recorder.close();
        PipelineStats stats = recorder.stats();
        recorder.close();
        assertThat(recorder.stats()).isEqualTo(stats);
        assertThat(told.closings()).isEqualTo(1);
    }

    @Test
    void what_comes_later_is_counted_and_ignored() {
        start(lingering());
        recorder.close();

        recorder.record(running("e1"));
        recorder.record(success("e1"));
        recorder.record(log("l1", "e1"));
        recorder.record(result("r1", "e1", "x"));

        assertThat(recorder.stats().late()).isEqualTo(4);
        assertThat(recorder.stats().accepted()).isZero();
        assertThat(store.attempts()).isEmpty();
    }

    @Test
    void while_the_store_is_away_it_gives_up_after_its_time_and_tells_what_is_left() {
        store.reacts(batch -> {
            throw ScriptedStore.failure(Kind.CONNECTION);
        });
        start(eager().batchSize(1).closeTimeout(Duration.ofMillis(50)));
        recorder.record(running("e1"));
        store.awaitAttempts(1);
        recorder.record(result("r1", "e1", "x"));
        recorder.record(log("l1", "e1"));
        recorder.record(log("l2", "e1"));

        recorder.close();

        assertThat(recorder.stats().dropped()).isEqualTo(4);
        assertThat(told.droppedCounts()).as("what was in flight, too").isEqualTo(new RecordCounts(1, 1, 2));
        assertThat(isAlive()).isFalse();
    }

    @Test
    void what_waits_for_its_execution_is_told_as_well_when_everything_is_given_up() {
        store.checksParents();
        AtomicBoolean down = new AtomicBoolean();
        store.reacts(batch -> {
            if (down.get()) {
                throw ScriptedStore.failure(Kind.CONNECTION);
            }
        });
        start(eager().grace(LONG).closeTimeout(Duration.ofMillis(50)));
        recorder.record(log("l1", "late"));
        store.awaitAttempts(2);
        down.set(true);

        recorder.close();

        assertThat(recorder.stats().dropped()).isEqualTo(1);
        assertThat(told.droppedCounts()).isEqualTo(new RecordCounts(0, 0, 1));
    }

    @Test
    void a_time_of_zero_gives_up_at_once() {
        start(lingering().closeTimeout(Duration.ZERO));
        store.hold();
        recorder.record(running("e1"));
        assertThat(recorder.flush(Duration.ZERO)).isFalse();
        store.awaitHeld();
        recorder.record(running("e2"));

        recorder.close();

        assertThat(recorder.stats().dropped()).isEqualTo(2);
        assertThat(isAlive()).isFalse();
    }

    @Test
    void eight_threads_close_while_the_store_blocks_and_each_returns_when_it_is_done() {
        start(eager());
        store.hold();
        recorder.record(running("e1"));
        store.awaitHeld();
        recorder.record(running("e2"));
        AtomicLong storedAtReturn = new AtomicLong();
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closers.add(host("closer-" + i, () -> {
                recorder.close();
                storedAtReturn.addAndGet(recorder.stats().stored());
            }));
        }
        closers.forEach(PipelineTest::awaitWaiting);

        store.open();

        closers.forEach(PipelineTest::join);
        assertThat(storedAtReturn).hasValue(8 * 2);
        assertThat(told.closings()).isEqualTo(1);
    }

    @Test
    void eight_threads_close_while_the_store_never_answers() {
        start(eager().closeTimeout(Duration.ofMillis(50)));
        store.hold();
        recorder.record(running("e1"));
        store.awaitHeld();
        recorder.record(running("e2"));
        List<Thread> closers = new ArrayList<>();
        AtomicLong droppedAtReturn = new AtomicLong();
        for (int i = 0; i < 8; i++) {
            closers.add(host("closer-" + i, () -> {
                recorder.close();
                droppedAtReturn.addAndGet(recorder.stats().dropped());
            }));
        }
        closers.forEach(PipelineTest::join);

        assertThat(droppedAtReturn).hasValue(8 * 2);
        assertThat(told.droppedCounts()).isEqualTo(new RecordCounts(2, 0, 0));
        assertThat(isAlive()).isFalse();
    }

    @Test
    void a_flush_under_way_gets_its_answer_when_what_it_waits_for_is_refused_by_closing() {
        store.checksParents();
        start(eager().grace(Duration.ofHours(1)));
        recorder.record(log("l1", "never"));
        store.awaitAttempts(1);
        AtomicReference<Boolean> answer = new AtomicReference<>();
        Thread flush = host("flush", () -> answer.set(recorder.flush(Duration.ofHours(1))));
        awaitWaiting(flush);

        recorder.close();

        join(flush);
        assertThat(answer.get()).isTrue();
        assertThat(told.rejectedLogIds()).containsExactly("l1");
    }

    @Test
    void a_flush_under_way_says_no_when_everything_is_given_up() {
        start(eager().closeTimeout(Duration.ofMillis(50)));
        store.hold();
        recorder.record(running("e1"));
        store.awaitHeld();
        AtomicReference<Boolean> answer = new AtomicReference<>();
        Thread flush = host("flush", () -> answer.set(recorder.flush(Duration.ofHours(1))));
        awaitWaiting(flush);

        recorder.close();

        join(flush);
        assertThat(answer.get()).isFalse();
    }

    @Test
    void a_thread_that_is_interrupted_while_it_closes_gives_up_what_is_left_and_keeps_its_flag() {
        start(eager().closeTimeout(Duration.ofHours(1)));
        store.hold();
        recorder.record(running("e1"));
        store.awaitHeld();
        AtomicBoolean flag = new AtomicBoolean();
        Thread closer = host("closer", () -> {
            recorder.close();
            flag.set(Thread.currentThread().isInterrupted());
        });
        awaitWaiting(closer);

        closer.interrupt();

        join(closer);
        assertThat(flag).isTrue();
        assertThat(recorder.stats().dropped()).isEqualTo(1);
        assertThat(isAlive()).isFalse();
    }

    @Test
    void an_interrupt_from_before_closing_costs_nothing_and_is_kept() {
        start(lingering());
        recorder.record(running("e1"));
        AtomicBoolean flag = new AtomicBoolean();
        Thread closer = host("closer", () -> {
            Thread.currentThread().interrupt();
            recorder.close();
            flag.set(Thread.currentThread().isInterrupted());
        });

        join(closer);

        assertThat(flag).isTrue();
        assertThat(store.executionIds()).containsExactly("e1");
    }

    @Test
    void those_who_wait_for_space_are_let_go() {
        store.hold();
        start(eager().capacityBytes(64 << 10).batchSize(100).maxBlock(Duration.ofHours(1)));
        recorder.record(running("e1"));
        store.awaitHeld();
        while (recorder.stats().usedBytes() < (64 << 10) - 2_000) {
            recorder.record(result("r", "e1", "x"));
        }
        Thread host = host("host", () -> recorder.record(result("waits", "e1", "x".repeat(1_000))));
        awaitWaiting(host);
        Thread closer = host("closer", recorder::close);

        join(host);
        store.open();
        join(closer);
        assertThat(told.droppedCounts()).isEqualTo(new RecordCounts(0, 1, 0));
    }

    @Test
    void a_listener_may_close_the_recorder_on_its_own_thread() {
        AtomicReference<BufferedRecorder> itself = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        store.reacts(batch -> {
            if (closed.getCount() > 0) {
                itself.get().close();
                closed.countDown();
            }
        });
        start(lingering());
        itself.set(recorder);
        recorder.record(running("e1"));
        assertThat(recorder.flush(LONG)).isTrue();

        await(closed);
        assertThat(store.executionIds()).containsExactly("e1");
        store.writers().forEach(PipelineTest::join);
        await(() -> told.closings() == 1, "the end of closing");
    }

    @Test
    void listeners_may_close_the_recorder_on_two_of_its_threads_at_once_and_nothing_is_lost() {
        store.refuses(batch -> batch.logs().stream().anyMatch(log -> log.id().startsWith("bad")));
        CountDownLatch both = new CountDownLatch(2);
        AtomicReference<BufferedRecorder> itself = new AtomicReference<>();
        recorder = new BufferedRecorder(
                store,
                lingering().writers(2).closeTimeout(LONG).build(),
                (lost, cause) -> {
                    both.countDown();
                    await(both);
                    itself.get().close();
                },
                told);
        itself.set(recorder);
        recorder.record(log("bad-1", "e1"));
        recorder.record(log("bad-2", "e2"));
        recorder.record(log("good-1", "e1"));
        recorder.record(log("good-2", "e2"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.writers()).hasSize(2);
        assertThat(store.logIds()).containsExactlyInAnyOrder("good-1", "good-2");
        assertThat(recorder.stats().dropped()).isZero();
        await(() -> told.closings() == 1, "the end of closing");
    }

    @Test
    void a_recorder_for_which_there_are_not_enough_threads_leaves_none_behind() {
        List<Thread> started = new ArrayList<>();

        assertThatThrownBy(() -> new BufferedRecorder(store, eager().writers(3).build(), told, told, thread -> {
                    if (started.size() == 2) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    started.add(thread);
                    thread.start();
                }))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(started).hasSize(2).noneMatch(Thread::isAlive);
        assertThat(told.closings()).isEqualTo(1);
    }

    @RepeatedTest(20)
    void everything_handed_in_while_it_closes_is_accepted_or_late() {
        start(eager().writers(2));
        AtomicLong handedIn = new AtomicLong();
        CountDownLatch running = new CountDownLatch(4);
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> hosts = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String execution = "e" + t;
            hosts.add(host(execution, () -> {
                recorder.record(running(execution));
                handedIn.incrementAndGet();
                running.countDown();
                for (int i = 0; !stop.get() || i < 10; i++) {
                    recorder.record(log(execution + "-" + i, execution));
                    handedIn.incrementAndGet();
                }
            }));
        }
        await(running);
        recorder.close();
        stop.set(true);
        hosts.forEach(PipelineTest::join);

        PipelineStats stats = recorder.stats();
        assertThat(stats.accepted() + stats.late()).isEqualTo(handedIn.get());
        assertThat(stats.late()).isPositive();
        assertThat(store.logIds().stream().filter(id -> id.matches("e\\d-\\d+")).count() + 4)
                .isEqualTo(stats.stored());
    }

    @Test
    void what_is_refused_after_it_was_given_up_is_not_told_again() {
        CountDownLatch never = new CountDownLatch(1);
        store.reacts(batch -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw ScriptedStore.failure(Kind.DATA);
            }
        });
        start(eager().closeTimeout(Duration.ofMillis(50)));
        recorder.record(running("e1"));
        store.awaitAttempts(1);

        recorder.close();

        store.writers().forEach(PipelineTest::join);
        assertThat(told.droppedCounts()).isEqualTo(new RecordCounts(1, 0, 0));
        assertThat(told.rejectedCounts()).isEqualTo(RecordCounts.NONE);
        assertThat(told.rejections()).isEmpty();
    }
}
