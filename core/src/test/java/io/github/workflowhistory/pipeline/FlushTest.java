package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** {@code flush} is a watermark: what was accepted before it is in the store or accounted for, and nothing else. */
class FlushTest extends PipelineTest {
    private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE);

    @Test
    void an_empty_recorder_has_nothing_to_flush() {
        start(lingering());
        assertThat(recorder.flush(Duration.ZERO)).isTrue();
    }

    @Test
    void it_does_not_wait_for_what_comes_later() {
        start(eager().batchSize(1));
        store.hold();
        recorder.record(running("e1"));
        store.awaitHeld();
        AtomicBoolean flushed = new AtomicBoolean();
        Thread host = host("flush", () -> flushed.set(recorder.flush(LONG)));
        awaitWaiting(host);
        recorder.record(running("e2"));
        store.reacts(batch -> {
            if (batch.executions().get(0).id().equals("e2")) {
                throw ScriptedStore.failure(Kind.CONNECTION);
            }
        });

        store.open();

        join(host);
        assertThat(flushed).isTrue();
        store.reacts(batch -> {});
    }

    @Test
    void it_never_reports_success_for_a_write_that_failed() {
        AtomicBoolean down = new AtomicBoolean(true);
        store.reacts(batch -> {
            if (down.get()) {
                throw ScriptedStore.failure(Kind.CONNECTION);
            }
        });
        start(lingering());
        recorder.record(running("e1"));

        assertThat(recorder.flush(Duration.ZERO)).isFalse();
        store.awaitAttempts(2);
        assertThat(recorder.flush(Duration.ofMillis(20))).isFalse();
        assertThat(recorder.stats().stored()).isZero();

        down.set(false);
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1");
    }

    @Test
    void what_was_refused_counts_as_flushed() {
        store.refuses(batch -> true);
        start(lingering());
        recorder.record(running("e1"));

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().rejected()).isEqualTo(1);
    }

    @Test
    void two_flushes_do_not_answer_for_each_other() {
        start(eager().batchSize(1));
        store.hold();
        recorder.record(running("e1"));
        store.awaitHeld();
        CountDownLatch secondMayBeWritten = new CountDownLatch(1);
        store.reacts(batch -> {
            if (batch.executions().get(0).id().equals("e2")) {
                await(secondMayBeWritten);
            }
        });
        List<String> answered = Collections.synchronizedList(new ArrayList<>());
        Thread first = host("first", () -> {
            assertThat(recorder.flush(LONG)).isTrue();
            answered.add("first");
        });
        awaitWaiting(first);
        recorder.record(running("e2"));
        Thread second = host("second", () -> {
            assertThat(recorder.flush(LONG)).isTrue();
            assertThat(store.executionIds()).contains("e2");
            answered.add("second");
        });
        awaitWaiting(second);

        store.open();
        join(first);
        assertThat(recorder.flush(Duration.ZERO)).isFalse();
        assertThat(second.isAlive()).isTrue();
        secondMayBeWritten.countDown();
        join(second);
        assertThat(answered).containsExactly("first", "second");
    }

    @Test
    void it_waits_for_every_writer() {
        start(lingering().writers(4));
        for (int i = 0; i < 100; i++) {
            recorder.record(running("e" + i));
        }
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).hasSize(100);
        assertThat(store.writers()).hasSize(4);
    }

    @Test
    void on_the_writers_own_thread_it_says_no_at_once() {
        AtomicReference<Boolean> answer = new AtomicReference<>();
        store.reacts(batch -> answer.compareAndSet(null, recorder.flush(LONG)));
        start(eager());
        recorder.record(running("e1"));

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(answer.get()).isFalse();
    }

    @Test
    void an_interrupted_caller_keeps_its_flag_and_gets_no() {
        start(lingering());
        store.hold();
        recorder.record(running("e1"));
        AtomicReference<List<Boolean>> seen = new AtomicReference<>();
        Thread host = host("host", () -> {
            boolean answer = recorder.flush(LONG);
            seen.set(List.of(answer, Thread.currentThread().isInterrupted()));
        });
        store.awaitHeld();
        awaitWaiting(host);

        host.interrupt();

        join(host);
        assertThat(seen.get()).containsExactly(false, true);
    }

    @Test
    void durations_of_any_size_do_not_overflow() {
        start(PipelineSettings.builder()
                .capacityBytes(64 << 10)
                .batchSize(1)
                .linger(EVER)
                .maxBlock(EVER)
                .grace(EVER)
                .closeTimeout(EVER)
                .leaseInterval(EVER.dividedBy(3))
                .abandonAfter(EVER));
        store.checksParents();
        recorder.record(log("waits for ever", "late"));
        recorder.record(running("e1"));
        store.awaitWritten(1);
        assertThat(recorder.flush(Duration.ofSeconds(Long.MIN_VALUE))).isFalse();

        store.create("late");
        assertThat(recorder.flush(EVER)).isTrue();

        store.hold();
        recorder.record(result("r0", "e1", "x"));
        store.awaitHeld();
        while (recorder.stats().usedBytes() < (64 << 10) - 600) {
            recorder.record(result("r", "e1", "x"));
        }
        Thread host = host("host", () -> recorder.record(result("waits", "e1", "x".repeat(300))));
        awaitWaiting(host);
        store.open();
        join(host);
        assertThat(recorder.stats().dropped()).isZero();
        recorder.close();
        assertThat(recorder.stats().stored()).isEqualTo(recorder.stats().accepted());
    }
}
