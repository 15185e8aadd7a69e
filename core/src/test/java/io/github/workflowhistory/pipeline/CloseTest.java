package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The end of a recorder: it writes what is left, and says what it could not do. */
class CloseTest extends PipelineTest {
    @Test
    void it_writes_what_is_left_and_leaves_no_thread() {
        start(lingering().writers(3));
        for (int i = 0; i < 100; i++) {
            recorder.record(running("e" + i));
        }
        recorder.close();

        assertThat(store.executionIds()).hasSize(100);
        assertThat(store.writers()).hasSize(3);
        assertThat(store.hasLivingWriter()).isFalse();
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
        assertThat(store.hasLivingWriter()).isFalse();
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
        assertThat(store.hasLivingWriter()).isFalse();
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
        assertThat(store.hasLivingWriter()).isFalse();
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
