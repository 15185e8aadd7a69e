package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BufferedRecorderTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<HistoryBatch> written = Collections.synchronizedList(new ArrayList<>());
    private final List<HistoryBatch> rejected = Collections.synchronizedList(new ArrayList<>());
    private BufferedRecorder recorder;

    private BufferedRecorder start(ExecutionRecorder target, PipelineSettings settings) {
        recorder = new BufferedRecorder(target, settings, (lost, cause) -> rejected.add(lost));
        return recorder;
    }

    @AfterEach
    void everything_is_accounted_for() {
        recorder.close();
        PipelineStats stats = recorder.stats();
        assertThat(stats.stored() + stats.rejected() + stats.dropped()).isEqualTo(stats.accepted());
        assertThat(stats.queued() + stats.inFlight()).isZero();
        assertThat(stats.usedBytes()).isZero();
    }

    private static ExecutionLog log(String id, String executionId) {
        return ExecutionLog.of(id, executionId, LogLevel.INFO, "message", T0);
    }

    @Test
    void an_execution_that_starts_and_ends_within_one_batch_is_one_record() {
        start(written::add, PipelineSettings.builder().linger(LONG).build());
        recorder.record(WorkflowExecution.running("e1", "wf", null, T0));
        recorder.record(ExecutionChange.ended("e1", ExecutionStatus.SUCCESS, T0.plusSeconds(1)));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(written).singleElement().satisfies(batch -> {
            assertThat(batch.changes()).isEmpty();
            assertThat(batch.executions())
                    .singleElement()
                    .extracting(WorkflowExecution::status)
                    .isEqualTo(ExecutionStatus.SUCCESS);
        });
        assertThat(recorder.stats().stored()).isEqualTo(2);
    }

    @Test
    void a_batch_that_could_not_be_written_is_tried_again_before_any_later_one() {
        AtomicInteger failures = new AtomicInteger(3);
        start(
                batch -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new HistoryStoreException(Kind.CONNECTION, "gone", null);
                    }
                    written.add(batch);
                },
                PipelineSettings.builder().batchSize(1).build());
        for (int i = 0; i < 5; i++) {
            recorder.record(WorkflowExecution.queued("e" + i, "wf", null, T0));
        }

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(written)
                .flatExtracting(HistoryBatch::executions)
                .extracting(WorkflowExecution::id)
                .containsExactly("e0", "e1", "e2", "e3", "e4");
        assertThat(rejected).isEmpty();
    }

    @Test
    void flush_never_reports_success_for_what_is_not_written() throws InterruptedException {
        Semaphore gate = new Semaphore(0);
        start(batch -> gate.acquireUninterruptibly(), PipelineSettings.defaults());
        recorder.record(WorkflowExecution.queued("e1", "wf", null, T0));

        assertThat(recorder.flush(Duration.ofMillis(50))).isFalse();
        assertThat(recorder.flush(Duration.ZERO)).isFalse();

        gate.release(100);
        assertThat(recorder.flush(LONG)).isTrue();
    }

    @Test
    void a_record_that_the_store_refuses_costs_none_of_its_neighbours() {
        start(refusing(batch -> batch.logs().stream().anyMatch(log -> log.id().equals("bad-7"))), lingering());
        for (int e = 0; e < 10; e++) {
            recorder.record(WorkflowExecution.queued("e" + e, "wf", null, T0));
            for (int l = 0; l < 10; l++) {
                recorder.record(log((e == 5 && l == 7 ? "bad-" : "l" + e + "-") + l, "e" + e));
            }
        }

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(rejected)
                .singleElement()
                .satisfies(batch ->
                        assertThat(batch.logs()).extracting(ExecutionLog::id).containsExactly("bad-7"));
        assertThat(recorder.stats().stored()).isEqualTo(109);
    }

    @Test
    void an_end_that_is_refused_is_written_without_its_output() {
        start(refusing(batch -> batch.changes().stream().anyMatch(c -> c.finalOutput() != null)), lingering());
        recorder.record(ExecutionChange.ended("e1", ExecutionStatus.SUCCESS, T0).withFinalOutput(Json.of("poison")));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(written)
                .flatExtracting(HistoryBatch::changes)
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.status()).isEqualTo(ExecutionStatus.SUCCESS);
                    assertThat(change.error()).contains("output was left out");
                });
        assertThat(rejected).isEmpty();
    }

    @Test
    void what_belongs_to_an_execution_that_was_refused_is_refused_with_it() {
        start(refusing(batch -> batch.executions().stream().anyMatch(e -> e.id().equals("bad"))), lingering());
        recorder.record(WorkflowExecution.queued("bad", "wf", null, T0));
        recorder.record(WorkflowExecution.queued("good", "wf", null, T0));
        assertThat(recorder.flush(LONG)).isTrue();
        recorder.record(log("l1", "bad"));
        recorder.record(log("l2", "good"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(recorder.stats().rejected()).isEqualTo(2);
        assertThat(written)
                .flatExtracting(HistoryBatch::logs)
                .extracting(ExecutionLog::id)
                .containsExactly("l2");
    }

    @Test
    void records_wait_for_an_execution_that_comes_later_while_others_go_on() {
        CountDownLatch exists = new CountDownLatch(1);
        CountDownLatch otherWritten = new CountDownLatch(1);
        start(
                batch -> {
                    if (exists.getCount() > 0
                            && batch.logs().stream()
                                    .anyMatch(log -> log.executionId().equals("late"))) {
                        throw new UnknownExecutionException(List.of("late"));
                    }
                    written.add(batch);
                    otherWritten.countDown();
                },
                PipelineSettings.builder().linger(Duration.ZERO).grace(LONG).build());
        recorder.record(log("l1", "late"));
        recorder.record(log("l2", "other"));
        awaitUninterruptibly(otherWritten);
        assertThat(recorder.flush(Duration.ZERO)).isFalse();
        assertThat(written)
                .flatExtracting(HistoryBatch::logs)
                .extracting(ExecutionLog::id)
                .containsExactly("l2");

        exists.countDown();

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(written)
                .flatExtracting(HistoryBatch::logs)
                .extracting(ExecutionLog::id)
                .contains("l1");
        assertThat(rejected).isEmpty();
    }

    @Test
    void when_space_runs_out_details_go_first_and_ends_last() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        start(
                batch -> {
                    writing.countDown();
                    awaitUninterruptibly(open);
                    written.add(batch);
                },
                PipelineSettings.builder()
                        .capacityBytes(64 << 10)
                        .batchSize(100)
                        .maxBlock(Duration.ofMillis(10))
                        .build());
        recorder.record(WorkflowExecution.running("e1", "wf", null, T0));
        recorder.flush(Duration.ZERO);
        awaitUninterruptibly(writing);
        int n = 0;
        while (recorder.stats().dropped() == 0) {
            recorder.record(log("detail-" + n++, "e1"));
        }
        long afterDetails = recorder.stats().dropped();
        recorder.record(ExecutionLog.of("warning", "e1", LogLevel.WARN, "still fits", T0));
        assertThat(recorder.stats().dropped()).isEqualTo(afterDetails);
        recorder.record(
                ExecutionChange.ended("e1", ExecutionStatus.SUCCESS, T0).withFinalOutput(Json.of("x".repeat(100_000))));
        assertThat(recorder.stats().dropped()).isEqualTo(afterDetails);

        open.countDown();
        assertThat(recorder.flush(LONG)).isTrue();
        recorder.close();

        assertThat(written)
                .flatExtracting(HistoryBatch::changes)
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.finalOutput()).isNull();
                    assertThat(change.error()).contains("buffer was full");
                });
        assertThat(written)
                .flatExtracting(HistoryBatch::logs)
                .extracting(ExecutionLog::message)
                .contains(afterDetails + " log entries were dropped, because the history's buffer was full");
    }

    @Test
    void an_error_of_the_store_does_not_end_the_writer() {
        AtomicInteger failures = new AtomicInteger(2);
        start(
                batch -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new StackOverflowError("once");
                    }
                    written.add(batch);
                },
                PipelineSettings.defaults());
        recorder.record(WorkflowExecution.queued("e1", "wf", null, T0));

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(written).hasSize(1);
    }

    @Test
    void close_gives_up_after_its_time_and_counts_what_is_left() throws InterruptedException {
        AtomicReference<Thread> writer = new AtomicReference<>();
        CountDownLatch attempted = new CountDownLatch(1);
        start(
                batch -> {
                    writer.set(Thread.currentThread());
                    attempted.countDown();
                    throw new HistoryStoreException(Kind.CONNECTION, "gone", null);
                },
                PipelineSettings.builder()
                        .linger(Duration.ZERO)
                        .closeTimeout(Duration.ofMillis(100))
                        .build());
        recorder.record(WorkflowExecution.queued("e1", "wf", null, T0));
        recorder.record(log("l1", "e1"));
        awaitUninterruptibly(attempted);

        recorder.close();
        recorder.record(log("l2", "e1"));

        assertThat(recorder.stats().dropped()).isEqualTo(2);
        assertThat(recorder.stats().late()).isEqualTo(1);
        assertThat(writer.get().isAlive()).isFalse();
    }

    private PipelineSettings lingering() {
        return PipelineSettings.builder().linger(LONG).build();
    }

    private ExecutionRecorder refusing(Predicate<HistoryBatch> poison) {
        return batch -> {
            if (poison.test(batch)) {
                throw new HistoryStoreException(Kind.DATA, "refused", null);
            }
            written.add(batch);
        };
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
