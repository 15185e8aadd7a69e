package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The end of a recorder while others close it, flush it, wait for it or hand something in. */
class ConcurrentCloseTest extends PipelineTest {
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
        assertThat(store.hasLivingWriter()).isFalse();
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
}
