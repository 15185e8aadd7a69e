package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** {@link Durability#SYNC}: the call returns when the record is in the store, or says that it is not. */
class SyncDurabilityTest extends PipelineTest {

    private static PipelineSettings.Builder sync() {
        return PipelineSettings.builder().durability(Durability.SYNC);
    }

    private static PipelineSettings.Builder sync(Duration timeout) {
        return sync().syncTimeout(timeout).maxBlock(Duration.ZERO);
    }

    @Test
    void a_call_returns_when_its_record_is_in_the_store() {
        start(sync());
        recorder.record(running("e1"));
        assertThat(store.executionIds()).containsExactly("e1");
        recorder.record(log("l1", "e1"));
        assertThat(store.logIds()).containsExactly("l1");
        recorder.record(result("r1", "e1", "x"));
        recorder.record(success("e1"));
        assertThat(store.changeOf("e1")).isNotNull();
        assertThat(recorder.stats().stored()).isEqualTo(4);
    }

    @Test
    void calls_that_wait_at_the_same_time_share_a_batch() {
        start(sync());
        store.hold();
        List<Thread> hosts = new ArrayList<>();
        hosts.add(host("first", () -> recorder.record(running("first"))));
        store.awaitHeld();
        for (int i = 0; i < 16; i++) {
            String execution = "e" + i;
            hosts.add(host(execution, () -> {
                recorder.record(running(execution));
                assertThat(store.executionIds()).contains(execution);
            }));
        }
        await(() -> recorder.stats().queued() == 16, "16 records to wait");

        store.open();

        hosts.forEach(PipelineTest::join);
        assertThat(store.written()).hasSize(2);
        assertThat(recorder.stats().stored()).isEqualTo(17);
    }

    @Test
    void a_call_that_cannot_have_it_in_time_says_so_and_its_record_arrives_exactly_once() {
        start(sync(Duration.ofMillis(20)));
        store.hold();

        NotDurableException e = catchThrowableOfType(NotDurableException.class, () -> recorder.record(running("e1")));

        assertThat(e.isInDoubt()).isTrue();
        assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(e).hasMessageContainingAll("e1", "PT0.02S", "tried again");
        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1");
        assertThat(recorder.stats().stored()).isEqualTo(1);
    }

    @Test
    void a_record_that_is_refused_says_why_and_is_not_in_doubt() {
        store.refuses(batch -> true);
        start(sync());

        NotDurableException e = catchThrowableOfType(NotDurableException.class, () -> recorder.record(running("e1")));

        assertThat(e.isInDoubt()).isFalse();
        assertThat(e.kind()).isEqualTo(Kind.DATA);
        assertThat(e).hasMessageContainingAll("e1", "scripted DATA").hasRootCauseMessage("scripted DATA");
    }

    @Test
    void a_record_larger_than_the_buffer_is_refused() {
        start(sync().capacityBytes(64 << 10).batchSize(100));
        assertThatThrownBy(() -> recorder.record(result("r1", "e1", "x".repeat(64 << 10))))
                .isInstanceOfSatisfying(
                        NotDurableException.class,
                        e -> assertThat(e.isInDoubt()).isFalse())
                .hasMessageContaining("capacityBytes");
        assertThat(told.rejections()).hasSize(1);
    }

    @Test
    void a_record_that_finds_no_space_is_lost_and_says_so() {
        start(sync(Duration.ofMillis(20)).capacityBytes(64 << 10).batchSize(100));
        store.hold();
        while (recorder.stats().usedBytes() < 45_000) {
            assertThatThrownBy(() -> recorder.record(result("r1", "e1", "x".repeat(10_000))))
                    .isInstanceOfSatisfying(
                            NotDurableException.class,
                            e -> assertThat(e.isInDoubt()).isTrue());
        }
        assertThatThrownBy(() -> recorder.record(ExecutionLog.of("l1", "e1", LogLevel.DEBUG, "x".repeat(10_000), T0)))
                .isInstanceOfSatisfying(NotDurableException.class, e -> {
                    assertThat(e.isInDoubt()).isFalse();
                    assertThat(e.kind()).isEqualTo(Kind.RESOURCES);
                })
                .hasMessageContaining("no space");
        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().dropped()).isEqualTo(1);
    }

    @Test
    void a_record_after_the_end_says_so() {
        start(sync());
        recorder.close();
        assertThatThrownBy(() -> recorder.record(running("e1")))
                .isInstanceOfSatisfying(
                        NotDurableException.class,
                        e -> assertThat(e.isInDoubt()).isFalse())
                .hasMessageContaining("closed");
        assertThat(recorder.stats().late()).isEqualTo(1);
    }

    @Test
    void closing_writes_what_callers_wait_for() {
        start(sync());
        store.hold();
        Thread host = host("host", () -> recorder.record(running("e1")));
        store.awaitHeld();
        Thread closer = host("closer", recorder::close);
        awaitWaiting(closer);
        store.open();
        join(host);
        join(closer);
        assertThat(recorder.stats().stored()).isEqualTo(1);
    }

    @Test
    void callers_are_told_when_everything_is_given_up() {
        start(sync().batchSize(1).closeTimeout(Duration.ofMillis(20)));
        store.hold();
        AtomicReference<NotDurableException> inFlight = new AtomicReference<>();
        AtomicReference<NotDurableException> queued = new AtomicReference<>();
        Thread first = host(
                "first",
                () -> inFlight.set(
                        catchThrowableOfType(NotDurableException.class, () -> recorder.record(running("e1")))));
        store.awaitHeld();
        Thread second = host(
                "second",
                () -> queued.set(
                        catchThrowableOfType(NotDurableException.class, () -> recorder.record(running("e2")))));
        await(() -> recorder.stats().queued() == 1, "the second record");

        recorder.close();

        join(first);
        join(second);
        assertThat(inFlight.get().isInDoubt()).isTrue();
        assertThat(inFlight.get()).hasMessageContaining("closed").hasMessageNotContaining("tried again");
        assertThat(queued.get().isInDoubt()).isFalse();
        assertThat(recorder.stats().dropped()).isEqualTo(2);
    }

    @Test
    void an_interrupted_caller_gets_its_answer_at_once_and_keeps_its_flag() {
        start(sync());
        store.hold();
        AtomicReference<NotDurableException> answer = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread host = host("host", () -> {
            answer.set(catchThrowableOfType(NotDurableException.class, () -> recorder.record(running("e1"))));
            flag.set(Thread.currentThread().isInterrupted());
        });
        store.awaitHeld();
        awaitWaiting(host);

        host.interrupt();

        join(host);
        assertThat(flag).isTrue();
        assertThat(answer.get().isInDoubt()).isTrue();
        store.open();
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("e1");
    }

    @Test
    void waiting_for_space_is_part_of_waiting_for_durability() {
        Duration timeout = Duration.ofSeconds(1);
        start(sync().syncTimeout(timeout)
                .maxBlock(timeout)
                .capacityBytes(64 << 10)
                .batchSize(1));
        store.hold();
        List<Thread> hosts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            hosts.add(host(
                    "filler-" + i,
                    () -> assertThatThrownBy(() -> recorder.record(result("r", "e1", "x".repeat(10_000))))
                            .isInstanceOf(NotDurableException.class)));
        }
        await(() -> recorder.stats().accepted() == 3, "the buffer to be full");
        CountDownLatch begun = new CountDownLatch(1);
        long[] waited = new long[1];
        Thread host = host("host", () -> {
            begun.countDown();
            long start = System.nanoTime();
            assertThatThrownBy(() -> recorder.record(result("r", "e1", "x".repeat(10_000))))
                    .isInstanceOf(NotDurableException.class);
            waited[0] = System.nanoTime() - start;
        });
        await(begun);
        awaitWaiting(host);
        hosts.forEach(PipelineTest::join);
        join(host);
        assertThat(waited[0]).isLessThan(timeout.multipliedBy(2).toNanos());
    }

    @Test
    void what_the_store_itself_records_on_the_writers_thread_never_waits() {
        AtomicBoolean bridged = new AtomicBoolean();
        store.reacts(batch -> {
            if (bridged.compareAndSet(false, true)) {
                recorder.record(log("from the driver", "e1"));
            }
        });
        start(sync());
        recorder.record(running("e1"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.logIds()).containsExactly("from the driver");
    }

    @Test
    void an_execution_can_be_made_durable_whatever_the_settings() {
        start(lingering());
        recorder.recordDurably(running("e1"), LONG);
        assertThat(store.executionIds()).containsExactly("e1");

        store.hold();
        assertThatThrownBy(() -> recorder.recordDurably(running("e2"), Duration.ofMillis(10)))
                .isInstanceOf(NotDurableException.class);
    }
}
