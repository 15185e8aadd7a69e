package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Callers that find no space in the buffer: who waits for it, how long, and who does not wait again. */
class WaitForSpaceTest extends SmallBufferFixture {
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
}
