package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.RejectionListener;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Nothing that is thrown or interrupted ends the thread that everything depends on. */
class WriterErrorsTest extends PipelineTest {

    private Thread writer() {
        return store.writers().iterator().next();
    }

    @Test
    void a_stack_overflow_in_the_store_is_tried_again() {
        store.failsWith(new StackOverflowError("scripted"), new NoClassDefFoundError("scripted"));
        start(eager());
        recorder.record(running("e1"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1");
        assertThat(told.retries()).extracting(Told.Retry::kind).containsExactly(Kind.UNKNOWN, Kind.UNKNOWN);
    }

    @Test
    void when_memory_is_short_nothing_is_lost_however_long_it_takes() {
        OutOfMemoryError failure = new OutOfMemoryError("scripted");
        store.failsWith(failure, failure, failure, failure, failure);
        start(eager());
        recorder.record(running("e1"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1");
        assertThat(told.retries()).hasSize(5).allSatisfy(retry -> {
            assertThat(retry.kind()).isEqualTo(Kind.RESOURCES);
            assertThat(retry.cause()).hasCause(failure);
        });
        assertThat(told.rejections()).isEmpty();
    }

    @Test
    void an_error_that_stays_ends_in_a_rejection_and_the_next_record_is_written() {
        store.reacts(batch -> {
            if (batch.executions().stream().anyMatch(e -> e.id().equals("bad"))) {
                throw new StackOverflowError("scripted");
            }
        });
        start(eager());
        recorder.record(running("bad"));
        assertThat(recorder.flush(LONG)).isTrue();
        recorder.record(running("good"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(told.rejectedExecutionIds()).containsExactly("bad");
        assertThat(told.rejections().get(0).cause()).hasCauseInstanceOf(StackOverflowError.class);
        assertThat(store.executionIds()).containsExactly("good");
    }

    @Test
    void an_error_of_the_rejection_listener_is_ignored() {
        AtomicInteger calls = new AtomicInteger();
        RejectionListener listener = (lost, cause) -> {
            calls.incrementAndGet();
            throw new StackOverflowError("scripted");
        };
        store.refuses(batch -> batch.executions().stream().anyMatch(e -> e.id().startsWith("bad")));
        recorder = new BufferedRecorder(store, lingering().build(), listener, told);
        recorder.record(running("bad-1"));
        recorder.record(running("good"));
        recorder.record(running("bad-2"));

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(calls).hasValue(2);
        assertThat(store.executionIds()).containsExactly("good");
    }

    @Test
    void a_listener_that_only_throws_costs_nothing() {
        AtomicInteger calls = new AtomicInteger();
        RecorderListener broken = new RecorderListener() {
            private void fail() {
                calls.incrementAndGet();
                throw new StackOverflowError("scripted");
            }

            @Override
            public void started(java.util.function.Supplier<PipelineStats> stats) {
                fail();
            }

            @Override
            public void flushed(RecordCounts records, long bytes, Duration took) {
                fail();
            }

            @Override
            public void retried(Kind kind, RuntimeException cause, int failures, Duration pause) {
                fail();
            }

            @Override
            public void rejected(RecordCounts records, RuntimeException cause) {
                fail();
            }

            @Override
            public void dropped(RecordCounts records) {
                fail();
            }

            @Override
            public void connectionChanged(boolean connected) {
                fail();
            }

            @Override
            public void closed() {
                fail();
            }
        };
        store.failsWith(ScriptedStore.failure(Kind.CONNECTION), ScriptedStore.failure(Kind.DATA));
        try (BufferedRecorder own = new BufferedRecorder(
                store,
                eager().capacityBytes(64 << 10)
                        .batchSize(10)
                        .maxBlock(Duration.ZERO)
                        .build(),
                told,
                broken)) {
            own.record(running("refused"));
            assertThat(own.flush(LONG)).isTrue();
            store.hold();
            own.record(running("e1"));
            store.awaitHeld();
            while (own.stats().dropped() == 0) {
                own.record(log("l", "e1"));
            }
            store.open();
            assertThat(own.flush(LONG)).isTrue();
            assertThat(told.rejections()).hasSize(1);
        }
        assertThat(store.executionIds()).containsExactly("e1");
        // started, retried, lost and found the connection, rejected, dropped, flushed at least once, closed
        assertThat(calls).hasValueGreaterThanOrEqualTo(8);
    }

    @Test
    void an_interrupt_while_the_writer_waits_for_work_means_nothing() {
        start(eager());
        recorder.record(running("e1"));
        assertThat(recorder.flush(LONG)).isTrue();
        awaitWaiting(writer());
        AtomicReference<Boolean> flag = new AtomicReference<>();
        store.reacts(batch -> flag.compareAndSet(null, Thread.currentThread().isInterrupted()));

        writer().interrupt();
        recorder.record(running("e2"));

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1", "e2");
        assertThat(flag.get()).as("the store sees the interrupt").isFalse();
    }

    @Test
    void an_interrupt_in_the_store_costs_an_attempt_and_no_record() {
        start(eager());
        store.hold();
        recorder.record(running("e1"));
        store.awaitHeld();
        awaitWaiting(writer());

        writer().interrupt();
        await(() -> !told.retries().isEmpty(), "the retry");
        store.open();

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1");
        assertThat(told.retries()).extracting(Told.Retry::kind).containsExactly(Kind.CONNECTION);
    }

    @Test
    void an_interrupt_during_a_pause_does_not_end_the_writer() {
        CountDownLatch failed = new CountDownLatch(1);
        AtomicInteger failures = new AtomicInteger(1);
        store.reacts(batch -> {
            if (failures.getAndDecrement() > 0) {
                failed.countDown();
                throw ScriptedStore.failure(Kind.RESOURCES);
            }
        });
        start(eager());
        recorder.record(running("e1"));
        await(failed);
        writer().interrupt();
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1");
    }

    @Test
    void a_failure_that_cannot_even_be_described_is_survived() {
        store.failsWith(new HistoryStoreException(Kind.CONNECTION, "never read", null) {
            private static final long serialVersionUID = 1L;

            @Override
            public Kind kind() {
                throw new StackOverflowError("scripted");
            }
        });
        start(eager());
        recorder.record(running("e1"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1");
    }

    @Test
    void log_lines_of_the_driver_that_come_back_into_a_full_buffer_never_wait() {
        AtomicInteger lines = new AtomicInteger();
        store.reacts(batch -> {
            for (int i = 0; i < 5; i++) {
                String id = "driver-" + lines.getAndIncrement();
                recorder.record(log(id, "e1", i % 2 == 0 ? LogLevel.DEBUG : LogLevel.ERROR));
                recorder.record(result(id, "e1", "x".repeat(100)));
                if (lines.get() > 2_000) {
                    return;
                }
            }
        });
        store.hold();
        start(eager().capacityBytes(64 << 10).batchSize(20).maxBlock(Duration.ofDays(1)));
        recorder.record(running("e1"));
        store.awaitHeld();
        while (recorder.stats().usedBytes() + 800 < 64 << 10) {
            recorder.record(result("r", "e1", "x".repeat(100)));
        }
        store.open();
        await(() -> lines.get() > 2_000, "the log lines");
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().dropped()).isPositive();
    }
}
