package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How batches come about, in which order they are written, and how the same batch is tried again. */
class DeliveryTest extends PipelineTest {

    @Test
    void an_execution_that_starts_and_ends_within_one_batch_is_one_record() {
        start(lingering());
        recorder.record(running("e1"));
        recorder.record(success("e1").withFinalOutput(Json.of(1)));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.written()).singleElement().satisfies(batch -> {
            assertThat(batch.changes()).isEmpty();
            assertThat(batch.executions()).singleElement().satisfies(execution -> {
                assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCESS);
                assertThat(execution.finalOutput()).isEqualTo(Json.of(1));
            });
        });
        assertThat(recorder.stats().stored()).as("merged states count each").isEqualTo(2);
        assertThat(told.flushedCounts()).isEqualTo(new RecordCounts(2, 0, 0));
    }

    @Test
    void changes_of_one_execution_that_wait_together_are_merged() {
        start(lingering());
        recorder.record(io.github.workflowhistory.store.ExecutionChange.running("e1", T0));
        recorder.record(success("e1"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.changes()).singleElement().satisfies(change -> {
            assertThat(change.startedAt()).isEqualTo(T0);
            assertThat(change.status()).isEqualTo(ExecutionStatus.SUCCESS);
        });
    }

    /** Otherwise batches that are being written would be all that the buffer has space for. */
    @ParameterizedTest
    @CsvSource({"1, 2", "2, 3"})
    void a_batch_holds_no_more_than_its_part_of_the_buffer(int writers, int batches) {
        start(lingering().batchSize(100).capacityBytes(64 << 10).writers(writers));
        recorder.record(running("e1"));
        for (int i = 0; i < 9; i++) {
            recorder.record(ExecutionLog.of("l" + i, "e1", LogLevel.INFO, "x".repeat(1_000), T0));
        }

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.written()).hasSize(batches);
    }

    @Test
    void a_batch_is_written_when_it_is_full_although_others_could_still_come() {
        start(lingering().batchSize(10));
        for (int i = 0; i < 25; i++) {
            recorder.record(running("e" + i));
        }
        store.awaitWritten(2);
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.written()).extracting(HistoryBatch::size).containsExactly(10, 10, 5);
    }

    @Test
    void no_batch_waits_to_fill_when_half_of_the_space_is_used() {
        start(lingering().capacityBytes(64 << 10).batchSize(200));
        recorder.record(result("r1", "e1", "x".repeat(15_000)));
        recorder.record(result("r2", "e1", "x".repeat(2_000)));
        store.awaitWritten(1);
    }

    @Test
    void records_of_one_execution_arrive_in_the_order_of_the_calls_whatever_the_number_of_writers() {
        AtomicInteger calls = new AtomicInteger();
        store.reacts(batch -> {
            if (calls.incrementAndGet() % 3 == 0) {
                throw ScriptedStore.failure(Kind.CONTENTION);
            }
        });
        start(eager().writers(4).batchSize(7));
        List<Thread> hosts = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            String execution = "e" + t;
            hosts.add(host(execution, () -> {
                recorder.record(running(execution));
                for (int i = 0; i < 200; i++) {
                    recorder.record(log(execution + "-" + i, execution));
                }
            }));
        }
        hosts.forEach(PipelineTest::join);
        assertThat(recorder.flush(LONG)).isTrue();

        for (int t = 0; t < 8; t++) {
            String execution = "e" + t;
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                expected.add(execution + "-" + i);
            }
            assertThat(store.logIds(execution)).containsExactlyElementsOf(expected);
        }
        assertThat(recorder.stats().stored()).isEqualTo(8 * 201);
    }

    @Test
    void an_execution_is_written_before_what_belongs_to_it() {
        store.checksParents();
        start(eager().batchSize(1).writers(3));
        for (int e = 0; e < 50; e++) {
            recorder.record(running("e" + e));
            recorder.record(result("r" + e, "e" + e, "x"));
            recorder.record(log("l" + e, "e" + e));
            recorder.record(success("e" + e));
        }
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().stored()).isEqualTo(200);
        assertThat(told.retries()).isEmpty();
        assertThat(store.attempts()).hasSize(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"CONNECTION", "CONTENTION", "RESOURCES", "CONFIGURATION", "STALE_STATEMENT", "UNKNOWN"})
    void what_may_pass_is_tried_again_with_the_very_same_batch_before_any_later_one(Kind kind) {
        store.failsWith(ScriptedStore.failure(kind), ScriptedStore.failure(kind), ScriptedStore.failure(kind));
        store.hold();
        start(eager().batchSize(2));
        recorder.record(running("e1"));
        store.awaitHeld();
        recorder.record(log("l1", "e1"));
        recorder.record(log("l2", "e1"));
        recorder.record(log("l3", "e1"));
        store.open();

        assertThat(recorder.flush(LONG)).isTrue();

        List<HistoryBatch> attempts = store.attempts();
        assertThat(attempts.subList(0, 4)).allSatisfy(batch -> assertThat(batch).isSameAs(attempts.get(0)));
        assertThat(store.logIds()).containsExactly("l1", "l2", "l3");
        assertThat(told.rejections()).isEmpty();
        assertThat(told.retries()).extracting(Told.Retry::kind).containsExactly(kind, kind, kind);
        assertThat(told.retries()).extracting(Told.Retry::failures).containsExactly(1, 2, 3);
    }

    @Test
    void trouble_of_another_kind_begins_with_a_short_pause_again() {
        RuntimeException[] failures = new RuntimeException[6];
        Arrays.setAll(failures, i -> ScriptedStore.failure(i < 5 ? Kind.CONTENTION : Kind.RESOURCES));
        store.failsWith(failures);
        start(eager());
        recorder.record(running("e1"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(told.retries()).hasSize(6).last().satisfies(retry -> {
            assertThat(retry.failures()).isEqualTo(6);
            assertThat(retry.pause()).isLessThanOrEqualTo(Duration.ofMillis(500));
        });
    }

    @Test
    void statements_that_stay_stale_are_trouble_of_the_configuration_and_cost_nothing() {
        RuntimeException[] failures = new RuntimeException[Delivery.PATIENT];
        Arrays.setAll(failures, i -> ScriptedStore.failure(Kind.STALE_STATEMENT));
        store.failsWith(failures);
        start(eager());
        recorder.record(running("e1"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.executionIds()).containsExactly("e1");
        assertThat(told.rejections()).isEmpty();
        assertThat(told.retries())
                .extracting(Told.Retry::kind)
                .containsExactly(Kind.STALE_STATEMENT, Kind.STALE_STATEMENT, Kind.STALE_STATEMENT, Kind.CONFIGURATION);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"CONNECTION", "CONTENTION"})
    void trouble_that_lasts_costs_nothing(Kind kind) {
        AtomicInteger failures = new AtomicInteger(6);
        store.reacts(batch -> {
            if (failures.getAndDecrement() > 0) {
                throw ScriptedStore.failure(kind);
            }
        });
        start(lingering());
        recorder.record(running("e1"));
        recorder.record(log("l1", "e1"));

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(told.retries()).hasSize(6);
        assertThat(recorder.stats().stored()).isEqualTo(2);
    }

    /** Every batch fails once. Until it comes again, its writer brings no other, and no writer brings what follows it. */
    @Test
    void one_batch_is_in_doubt_at_a_time_for_each_writer() {
        Map<Thread, HistoryBatch> inDoubt = new HashMap<>();
        // Looked at afterwards: an AssertionError in the store is one more failure that is tried again.
        List<String> wrong = new ArrayList<>();
        store.reacts(batch -> {
            synchronized (inDoubt) {
                HistoryBatch mine = inDoubt.remove(Thread.currentThread());
                if (mine != null && mine != batch) {
                    wrong.add(mine + " was followed by " + batch);
                }
                inDoubt.values().stream()
                        .filter(others -> !Collections.disjoint(executionsOf(others), executionsOf(batch)))
                        .forEach(others -> wrong.add(batch + " came while " + others + " of another writer failed"));
                if (mine == null) {
                    inDoubt.put(Thread.currentThread(), batch);
                    throw ScriptedStore.failure(Kind.CONTENTION);
                }
            }
        });
        store.hold();
        start(eager().writers(2).batchSize(5));
        // An odd number, so that taking turns would not keep executions apart.
        for (int i = 0; i < 70; i++) {
            for (int e = 0; e < 7; e++) {
                recorder.record(log("l" + e + "-" + i, "e" + e));
            }
        }

        store.open();

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(wrong).isEmpty();
        assertThat(store.writers()).hasSize(2);
        assertThat(store.attempts()).hasSize(2 * store.written().size());
        assertThat(store.logIds()).hasSize(70 * 7).doesNotHaveDuplicates();
    }

    private static Set<String> executionsOf(HistoryBatch batch) {
        return batch.logs().stream().map(ExecutionLog::executionId).collect(Collectors.toSet());
    }

    @Test
    void a_writer_that_is_stuck_keeps_no_new_execution_waiting() {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        store.reacts(batch -> {
            if (batch.executions().stream().anyMatch(execution -> execution.id().equals("stuck"))) {
                stuck.countDown();
                await(goOn);
            }
        });
        start(eager().writers(2));
        recorder.record(running("stuck"));
        await(stuck);
        for (int i = 0; i < 20; i++) {
            recorder.record(running("e" + i));
            int recorded = i + 1;
            await(() -> recorder.stats().stored() == recorded, "execution " + recorded + " to be stored");
        }
        goOn.countDown();
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().stored()).isEqualTo(21);
    }

    @Test
    void a_batch_that_is_handed_over_may_be_written_in_parts_and_counts_each_record() {
        start(lingering().batchSize(2));
        recorder.record(HistoryBatch.builder()
                .add(running("e1"))
                .add(result("r1", "e1", "x"))
                .add(log("l1", "e1"))
                .add(success("e2"))
                .build());
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().accepted()).isEqualTo(4);
        assertThat(store.written()).hasSize(2);
    }

    @Test
    void an_execution_that_contradicts_itself_is_refused_at_the_call() {
        start(lingering());
        recorder.record(running("good"));
        WorkflowExecution bad = new WorkflowExecution(
                "bad", "wf", null, ExecutionStatus.SUCCESS, T0, null, null, null, null, T0, null, null);

        assertThatThrownBy(() -> recorder.record(bad)).isInstanceOf(IllegalArgumentException.class);

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("good");
        assertThat(recorder.stats().accepted()).isEqualTo(1);
    }

    @Test
    void a_batch_that_had_to_wait_for_a_full_one_of_another_writer_is_written_when_that_is_taken() {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        store.reacts(batch -> {
            if (!batch.nodeResults().isEmpty()) {
                taken.countDown();
                await(goOn);
            }
        });
        store.hold();
        start(PipelineSettings.builder()
                .linger(Duration.ofHours(1))
                .capacityBytes(64 << 10)
                .batchSize(2)
                .writers(2));
        recorder.record(running("busy"));
        recorder.record(log("l1", "busy"));
        store.awaitHeld();
        recorder.record(running("other"));
        recorder.record(result("r1", "busy", "x".repeat(10_000)));
        recorder.record(result("r2", "busy", "x".repeat(10_000)));

        store.open();

        await(taken);
        await(() -> store.executionIds().contains("other"), "the other writer");
        goOn.countDown();
    }
}
