package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.workflowhistory.pipeline.Durability;
import io.github.workflowhistory.pipeline.NotDurableException;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.PipelineStats;
import io.github.workflowhistory.pipeline.RecorderListener;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A history as it is by default: with a buffer between the host and the store. */
@Timeout(120)
class BufferedHistoryTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ScriptedHistoryStore store = new ScriptedHistoryStore();
    private final List<HistoryBatch> lost = Collections.synchronizedList(new ArrayList<>());
    private WorkflowHistory history;

    private WorkflowHistory start(PipelineSettings.Builder settings) {
        history = builder().pipeline(settings.build()).build();
        return history;
    }

    private WorkflowHistory.Builder builder() {
        return WorkflowHistory.builder(store).onRejection((batch, cause) -> lost.add(batch));
    }

    private static PipelineSettings.Builder lingering() {
        return PipelineSettings.builder().linger(LONG);
    }

    @AfterEach
    void everything_is_accounted_for() {
        store.open();
        if (history != null) {
            history.close();
            PipelineStats stats = stats();
            assertThat(stats.stored() + stats.rejected() + stats.dropped()).isEqualTo(stats.accepted());
            assertThat(stats.queued() + stats.inFlight() + stats.usedBytes()).isZero();
        }
    }

    private PipelineStats stats() {
        return history.stats().orElseThrow();
    }

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
    void closing_writes_what_is_left() {
        start(lingering());
        history.run("workflow", null, run -> run.info("m"));
        assertThat(store.kept.batches()).isEmpty();

        history.close();

        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.kept.log().message()).isEqualTo("m");
        history.close();
    }

    @Test
    void a_history_that_was_not_closed_loses_no_more_than_its_buffer_held() {
        start(lingering());
        history.run("workflow", null, run -> run.info("safe"));
        assertThat(history.flush(LONG)).isTrue();
        history.run("workflow", null, run -> run.info("lost"));
        // A crash: nobody closes anything, and what is in the store is all there is.
        assertThat(store.kept.log().message()).isEqualTo("safe");
        assertThat(stats().queued()).isEqualTo(3);
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
    void attaching_takes_over_detaching_releases_and_an_end_forgets() throws InterruptedException {
        store.withLeases();
        start(lingering());
        String id = history.recordQueued("workflow", null);
        ExecutionRun run = history.attach(id);
        store.awaitAsked("takeOver " + id);

        run.detach();
        // Not before what was recorded for it has arrived.
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.asked()).contains("release " + id);

        ExecutionRun again = history.attach(id);
        assertThat(history.flush(LONG)).isTrue();
        // The first take-over may be asked for twice, when the release comes before its answer.
        assertThat(store.asked().lastIndexOf("takeOver " + id))
                .isGreaterThan(store.asked().lastIndexOf("release " + id));
        again.success(null);
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.asked()).contains("renew");
    }

    @Test
    void executions_name_the_recorder_whose_lease_covers_them_and_queued_ones_name_none() {
        store.withLeases();
        start(lingering());
        String queued = history.recordQueued("workflow", null);
        ExecutionRun run = history.begin("workflow", null);
        assertThat(history.flush(LONG)).isTrue();

        assertThat(store.findExecution(queued).orElseThrow().recorderId()).isNull();
        assertThat(store.findExecution(run.id()).orElseThrow().recorderId()).isNotNull();
    }

    @Test
    void closing_leaves_no_thread_even_when_the_store_never_answers() throws InterruptedException {
        store.withLeases();
        store.holdLeases();
        start(lingering());
        history.begin("workflow", null);
        store.awaitAsked("renew");
        Thread keeper = store.threadOfLeases();

        history.close();

        assertThat(keeper.isAlive()).isFalse();
        assertThat(Thread.getAllStackTraces().keySet()).doesNotContain(keeper);
    }

    @Test
    void a_thread_that_is_interrupted_while_it_closes_does_not_go_on_to_wait_for_the_lease()
            throws InterruptedException {
        store.withLeases();
        store.holdLeases();
        start(lingering().closeTimeout(Duration.ofMinutes(1)));
        history.begin("workflow", null);
        store.awaitAsked("renew");
        AtomicBoolean flag = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            history.close();
            flag.set(Thread.currentThread().isInterrupted());
        });
        closer.start();
        while (closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        closer.interrupt();

        closer.join(LONG.toMillis());
        assertThat(closer.isAlive()).isFalse();
        assertThat(flag).isTrue();
        assertThat(store.threadOfLeases().isAlive()).isFalse();
    }

    @Test
    void an_end_waits_once_however_many_nodes_are_open() {
        start(PipelineSettings.builder()
                .durability(Durability.SYNC)
                .maxBlock(Duration.ZERO)
                .syncTimeout(Duration.ofSeconds(5)));
        ExecutionRun run = history.begin("workflow", null);
        run.begin("one");
        run.begin("two");
        run.begin("three");
        store.hold();

        Throwable failure = catchThrowable(run::complete);

        assertThat(failure).isInstanceOf(NotDurableException.class);
        assertThat(failure.getSuppressed())
                .as("other records for which it waited")
                .isEmpty();
        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.nodeResults()).hasSize(3).allMatch(result -> result.status() == NodeStatus.FAILED);
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.FAILED);
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
    void without_leases_nobody_asks_for_any() {
        store.withLeases();
        start(lingering().withoutLeases());
        history.attach(history.recordQueued("workflow", null)).success(null);
        history.close();
        assertThat(store.asked()).isEmpty();
    }

    @Test
    void what_is_recorded_after_closing_is_counted_and_ignored() {
        start(lingering());
        ExecutionRun run = history.begin("workflow", null);
        history.close();

        run.info("late");
        run.success("late");
        assertThat(history.<Integer, RuntimeException>record("workflow", null, late -> 42))
                .isEqualTo(42);

        assertThat(stats().late()).isEqualTo(4);
        assertThat(stats().accepted()).isEqualTo(1);
        assertThat(lost).isEmpty();
    }

    @Test
    void in_strict_mode_recording_after_closing_is_an_error_at_the_call() {
        history = builder().strict().build();
        ExecutionRun run = history.begin("workflow", null);
        NodeRun node = run.begin("node");
        history.close();

        assertThatThrownBy(() -> run.info("late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> node.success("late")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> run.success("late")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> history.begin("workflow", null)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> history.recordQueued("workflow", null)).isInstanceOf(IllegalStateException.class);
        assertThat(stats().accepted()).isEqualTo(1);
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

    // -- durable calls

    private static PipelineSettings.Builder sync() {
        return PipelineSettings.builder()
                .durability(Durability.SYNC)
                .maxBlock(Duration.ZERO)
                .syncTimeout(Duration.ofMillis(50));
    }

    @Test
    void with_durable_calls_each_record_is_in_the_store_when_its_call_returns() {
        start(PipelineSettings.builder().durability(Durability.SYNC));
        history.run("workflow", null, run -> {
            assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.RUNNING);
            run.info("m");
            assertThat(store.kept.log().message()).isEqualTo("m");
            run.run("node", node -> {});
            assertThat(store.kept.nodeResult("node")).isNotNull();
        });
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void the_exception_of_the_work_is_not_masked_by_one_of_the_history() {
        start(sync());
        IllegalStateException work = new IllegalStateException("the work's own");

        Throwable thrown = catchThrowable(() -> history.run("workflow", null, run -> {
            store.hold();
            throw work;
        }));

        assertThat(thrown).isSameAs(work);
        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(NotDurableException.class);
        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(store.kept.execution().error()).contains("the work's own");
    }

    @Test
    void an_end_is_recorded_although_a_node_that_was_still_open_could_not_be_made_durable() {
        start(sync());
        ExecutionRun run = history.begin("workflow", null);
        run.begin("open-1");
        run.begin("open-2");
        store.hold();

        assertThatThrownBy(() -> run.success("done")).isInstanceOf(NotDurableException.class);

        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.kept.nodeResults())
                .extracting(NodeResult::nodeId)
                .containsExactlyInAnyOrder("open-1", "open-2");
    }

    @Test
    void a_start_that_could_not_be_made_durable_in_time_leaves_nothing_running() {
        start(sync());
        store.hold();

        assertThatThrownBy(() -> history.run("workflow", null, run -> {
                    throw new AssertionError("the work must not begin");
                }))
                .isInstanceOf(NotDurableException.class);

        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(store.kept.execution().error()).contains("was not begun");
    }

    @Test
    void an_execution_that_could_not_be_attached_to_in_time_is_let_go_of() {
        store.withLeases();
        start(sync());
        String id = "waiting";
        store.kept.record(WorkflowExecution.queued(id, "workflow", null, Instant.now()));
        store.hold();

        assertThatThrownBy(() -> history.attach(id)).isInstanceOf(NotDurableException.class);

        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.asked()).contains("release " + id).doesNotContain("takeOver " + id);
    }

    // -- what hosts do

    @Test
    void with_a_clock_that_jumps_by_an_hour_ids_stay_ordered_and_no_duration_is_negative() {
        SettableClock clock = new SettableClock();
        history = builder().clock(clock).build();
        ExecutionRun run = history.begin("workflow", null);
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofHours(i % 2 == 0 ? -1 : 1));
            NodeRun node = run.begin("node-" + i);
            clock.advance(Duration.ofHours(i % 3 == 0 ? -1 : 1));
            node.success();
            run.info("m" + i);
            messages.add("m" + i);
        }
        clock.set(SettableClock.START.minusSeconds(3_600));
        run.complete();
        assertThat(history.flush(LONG)).isTrue();

        assertThat(store.kept.execution().duration()).isEqualTo(Duration.ZERO);
        assertThat(store.kept.execution().completedAt())
                .isEqualTo(store.kept.execution().startedAt());
        assertThat(store.kept.nodeResults()).hasSize(100).allSatisfy(result -> {
            assertThat(result.duration().isNegative()).isFalse();
            assertThat(result.finishedAt()).isAfterOrEqualTo(result.startedAt());
        });
        assertThat(store.kept.logs().stream()
                        .sorted(java.util.Comparator.comparing(ExecutionLog::id))
                        .map(ExecutionLog::message))
                .containsExactlyElementsOf(messages);
    }

    @Test
    void cyclic_objects_and_those_that_throw_are_recorded_as_markers() {
        start(lingering());
        Map<String, Object> cyclic = new java.util.HashMap<>();
        cyclic.put("itself", cyclic);
        Object throwing = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("toString");
            }
        };
        history.run("workflow", null, run -> {
            run.info("cyclic", cyclic);
            run.info("throwing", Map.of("key", throwing));
            run.failed(new IllegalStateException() {
                private static final long serialVersionUID = 1L;

                @Override
                public String getMessage() {
                    throw new IllegalStateException("getMessage");
                }
            });
        });
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.logs()).hasSize(2);
        assertThat(store.kept.logs().get(0).data().tree().path("unserializable").asBoolean())
                .isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(lost).isEmpty();
    }

    @Test
    void three_hundred_megabytes_are_limited_at_the_call_and_cost_no_more_memory_than_the_limit() {
        start(lingering());
        String huge = "x".repeat(300 << 20);
        history.run("workflow", null, run -> {
            run.info(huge, huge);
            run.begin("node", huge).failed(huge);
            run.complete(huge);
        });

        // A message, a name and an error of 64 KiB, and two previews.
        assertThat(stats().usedBytes()).isLessThan(1 << 20);
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.log().message()).hasSizeLessThanOrEqualTo(64 << 10);
        assertThat(store.kept.log().data().isTruncated()).isTrue();
        assertThat(store.kept.execution().finalOutput().isTruncated()).isTrue();
        assertThat(store.kept.nodeResult("node").error()).hasSizeLessThanOrEqualTo(64 << 10);
    }
}
