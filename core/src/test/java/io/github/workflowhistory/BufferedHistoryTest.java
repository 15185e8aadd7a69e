package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.RecorderListener;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A history as it is by default: with a buffer between the host and the store. */
class BufferedHistoryTest extends BufferedHistoryFixture {
    @Test
    void a_history_is_buffered_by_default() {
        history = builder().build();
        history.run("workflow", null, run -> run.run("node", node -> node.info("m")));

        assertThat(history.flush(LONG)).isTrue();

        assertThat(stats().accepted()).isEqualTo(4);
        assertThat(stats().stored()).isEqualTo(4);
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.kept.nodeResult("node").status()).isEqualTo(NodeStatus.SUCCESS);
        assertThat(store.kept.log().message()).isEqualTo("m");
    }

    @Test
    void a_synchronous_history_has_no_buffer() {
        try (WorkflowHistory direct = builder().synchronous().build()) {
            assertThat(direct.stats()).isEmpty();
            direct.begin("workflow", null);
            assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.RUNNING);
        }
        assertThat(WorkflowHistory.noop().stats()).isEmpty();
    }

    @Test
    void a_store_that_acts_as_an_end_user_is_never_buffered() {
        store.actsAs(UUID.randomUUID());
        WorkflowHistory direct = builder().build();
        direct.run("workflow", null, run -> {});

        assertThat(direct.stats()).isEmpty();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThatThrownBy(() -> builder().pipeline(PipelineSettings.defaults()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pipeline(…)")
                .hasMessageContaining("a store that acts as an end user");
    }

    @Test
    void a_queued_execution_is_in_the_store_when_the_call_returns() {
        start(lingering());
        String id = history.recordQueued("workflow", null);
        assertThat(store.kept.execution().id()).isEqualTo(id);
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.QUEUED);
    }

    @Test
    void while_the_store_is_away_queueing_waits_no_longer_than_for_space_and_is_written_later() {
        Duration maxBlock = Duration.ofMillis(100);
        store.isAway(true);
        start(lingering().maxBlock(maxBlock));
        long start = System.nanoTime();
        String id = history.recordQueued("workflow", null);
        assertThat(System.nanoTime() - start).isBetween(maxBlock.toNanos(), LONG.toNanos());
        assertThat(stats().stored()).isZero();

        store.isAway(false);
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().id()).isEqualTo(id);
        assertThat(lost).isEmpty();
    }

    @Test
    void a_queued_execution_that_is_refused_goes_to_the_rejection_listener_and_not_to_the_caller() {
        store.script(batch -> {
            throw new HistoryStoreException(HistoryStoreException.Kind.DATA, "no such user", null);
        });
        start(lingering());
        history.recordQueued("workflow", UUID.randomUUID());
        assertThat(history.flush(LONG)).isTrue();
        assertThat(lost).hasSize(1);
    }

    @Test
    void a_store_that_is_away_at_the_start_is_tried_in_the_background() throws InterruptedException {
        CountDownLatch attempts = new CountDownLatch(2);
        store.script(batch -> {
            attempts.countDown();
            throw new HistoryStoreException(HistoryStoreException.Kind.CONNECTION, "away", null);
        });
        history = builder().build();
        assertThat(history.<String, RuntimeException>record("workflow", null, run -> "work goes on"))
                .isEqualTo("work goes on");
        assertThat(attempts.await(30, TimeUnit.SECONDS)).isTrue();

        store.isAway(false);

        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().finalOutput()).isEqualTo(Json.of("work goes on"));
    }

    @Test
    void the_status_of_an_attached_execution_follows_from_nodes_that_it_left_open_as_well() {
        start(PipelineSettings.builder().linger(Duration.ZERO));
        ExecutionRun run = history.attach(history.recordQueued("workflow", null));
        run.begin("one");
        run.begin("two").success();
        run.begin("three");

        run.complete();

        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.nodeResults()).hasSize(3);
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.PARTIAL);
    }

    @Test
    void settings_of_the_builder_that_contradict_each_other_are_refused_naming_both() {
        assertThatThrownBy(() -> builder()
                        .synchronous()
                        .pipeline(PipelineSettings.defaults())
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("pipeline(…)", "synchronous()");
        assertThatThrownBy(() -> builder()
                        .listener(new RecorderListener() {})
                        .synchronous()
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("listener(…)", "synchronous()");
        assertThatThrownBy(() -> builder()
                        .recorder(itself -> itself)
                        .pipeline(PipelineSettings.defaults())
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("pipeline(…)", "recorder(…)");
    }

    @Test
    void limits_that_the_buffer_could_never_hold_are_refused_and_what_is_accepted_fits() {
        PipelineSettings small =
                lingering().capacityBytes(64 << 10).batchSize(100).build();
        int text = 1_000;
        // Three quarters of the buffer, two bytes a char, beside two texts.
        int payload = (64 << 10) / 4 * 3 / 2 - 2 * text;
        assertThatThrownBy(() -> builder()
                        .pipeline(small)
                        .maxTextBytes(text)
                        .maxPayloadBytes(payload + 1)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("maxPayloadBytes " + (payload + 1), "contradict", "capacityBytes 65536");
        assertThatThrownBy(() -> builder().pipeline(small).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at least 3145728");

        history = builder()
                .pipeline(small)
                .maxTextBytes(text)
                .maxPayloadBytes(payload)
                .build();
        String largest = "x".repeat(payload - 2);
        ExecutionRun run = history.begin("workflow", null);
        run.debug("m".repeat(text), largest);
        assertThat(history.flush(LONG)).isTrue();
        run.begin("node", "n".repeat(text)).success(largest);
        assertThat(history.flush(LONG)).isTrue();
        run.success(largest);
        assertThat(history.flush(LONG)).isTrue();

        assertThat(store.kept.log().data()).isEqualTo(Json.of(largest));
        assertThat(store.kept.nodeResult("node").output()).isEqualTo(Json.of(largest));
        assertThat(store.kept.execution().finalOutput()).isEqualTo(Json.of(largest));
        assertThat(lost).isEmpty();
    }

    @Test
    void the_listener_sees_what_the_history_does() {
        AtomicInteger flushed = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        history = builder()
                .listener(new RecorderListener() {
                    @Override
                    public void flushed(
                            io.github.workflowhistory.pipeline.RecordCounts records, long bytes, Duration took) {
                        flushed.addAndGet((int) records.total());
                    }

                    @Override
                    public void closed() {
                        closed.incrementAndGet();
                    }
                })
                .build();
        history.run("workflow", null, run -> {});
        history.close();
        assertThat(flushed).hasValue(2);
        assertThat(closed).hasValue(1);
    }
}
