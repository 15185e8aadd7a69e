package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicrometerListenerTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private BufferedRecorder recorder;

    private BufferedRecorder start(ExecutionRecorder store) {
        return start(store, PipelineSettings.builder().linger(LONG).build());
    }

    private BufferedRecorder start(ExecutionRecorder store, PipelineSettings settings) {
        recorder = new BufferedRecorder(store, settings, (lost, cause) -> {}, new MicrometerListener(registry));
        return recorder;
    }

    @AfterEach
    void close() {
        if (recorder != null) {
            recorder.close();
        }
    }

    private double records(String kind, String outcome) {
        return registry.get("workflow.history.records")
                .tag("kind", kind)
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private double gauge(String name) {
        return registry.get("workflow.history." + name).gauge().value();
    }

    private void recordExecution(String id, int results, int logs) {
        recorder.record(WorkflowExecution.queued(id, "wf", null, T0));
        for (int i = 0; i < results; i++) {
            recorder.record(NodeResult.of(id + "-r" + i, id, "node", NodeStatus.SUCCESS, T0));
        }
        for (int i = 0; i < logs; i++) {
            recorder.record(ExecutionLog.of(id + "-l" + i, id, LogLevel.INFO, "message", T0));
        }
    }

    @Test
    void every_meter_is_there_from_the_start_with_its_unit() {
        start(batch -> {});

        assertThat(registry.getMeters())
                .extracting(
                        meter -> meter.getId().getName() + " " + meter.getId().getBaseUnit())
                .contains(
                        "workflow.history.records null",
                        "workflow.history.buffer.used bytes",
                        "workflow.history.buffer.capacity bytes",
                        "workflow.history.oldest.unsaved seconds",
                        "workflow.history.flush seconds",
                        "workflow.history.flush.size records",
                        "workflow.history.retries null",
                        "workflow.history.connected null");
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getDescription())
                .doesNotContainNull();
        assertThat(registry.find("workflow.history.records").counters()).hasSize(9);
        assertThat(registry.find("workflow.history.retries").counters()).hasSize(Kind.values().length);
    }

    @Test
    void records_that_are_stored_count_by_kind_as_handed_in() {
        start(batch -> {});
        recordExecution("e", 2, 3);
        recorder.record(WorkflowExecution.running("e", "wf", null, T0));
        assertThat(recorder.flush(LONG)).isTrue();
        recordExecution("f", 0, 4);
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(records("execution", "stored")).isEqualTo(3);
        assertThat(records("node_result", "stored")).isEqualTo(2);
        assertThat(records("log", "stored")).isEqualTo(7);
        assertThat(registry.get("workflow.history.flush").timer().count()).isEqualTo(2);
        assertThat(registry.get("workflow.history.flush").timer().totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
        assertThat(registry.get("workflow.history.flush.size").summary().count())
                .isEqualTo(2);
        assertThat(registry.get("workflow.history.flush.size").summary().totalAmount())
                .isEqualTo(12);
        assertThat(registry.get("workflow.history.flush.size").summary().max()).isEqualTo(7);
    }

    @Test
    void records_that_are_refused_count_as_rejected() {
        start(batch -> {
            if (batch.logs().stream().anyMatch(log -> log.id().equals("e-l1"))) {
                throw new HistoryStoreException(Kind.DATA, "refused", null);
            }
        });
        recordExecution("e", 1, 3);

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(records("log", "rejected")).isEqualTo(1);
        assertThat(records("log", "stored")).isEqualTo(2);
        assertThat(records("execution", "stored")).isEqualTo(1);
        assertThat(records("execution", "rejected")).isZero();
        assertThat(registry.get("workflow.history.retries")
                        .tag("kind", "data")
                        .counter()
                        .count())
                .isZero();
    }

    @Test
    void records_for_which_there_is_no_space_count_as_dropped() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        start(
                batch -> await(open),
                PipelineSettings.builder()
                        .capacityBytes(64 << 10)
                        .batchSize(100)
                        .maxBlock(Duration.ZERO)
                        .build());
        recordExecution("e", 0, 2_000);
        PipelineStats stats = recorder.stats();

        assertThat(stats.dropped()).isPositive();
        assertThat(records("log", "dropped")).isEqualTo((double) stats.dropped());
        assertThat(gauge("buffer.capacity")).isEqualTo(64 << 10);
        assertThat(gauge("buffer.used"))
                .isEqualTo((double) stats.usedBytes())
                .isGreaterThan(32 << 10)
                .isLessThanOrEqualTo(64 << 10);
        open.countDown();
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(gauge("buffer.used")).isZero();
        assertThat(records("log", "stored")).isEqualTo(2_000.0 - stats.dropped());
    }

    @Test
    void attempts_that_are_repeated_count_by_kind_and_tell_whether_the_store_can_be_reached() {
        Queue<Kind> troubles = new ArrayDeque<>(List.of(Kind.CONNECTION, Kind.CONNECTION, Kind.CONTENTION));
        double[] connectedInTrouble = new double[1];
        start(batch -> {
            Kind kind = troubles.poll();
            if (kind == Kind.CONTENTION) {
                connectedInTrouble[0] = gauge("connected");
            }
            if (kind != null) {
                throw new HistoryStoreException(kind, "trouble", null);
            }
        });
        assertThat(gauge("connected")).isEqualTo(1);
        recordExecution("e", 0, 0);

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(retries("connection")).isEqualTo(2);
        assertThat(retries("contention")).isEqualTo(1);
        assertThat(retries("stale_statement")).isZero();
        assertThat(connectedInTrouble[0]).isZero();
        assertThat(gauge("connected")).isEqualTo(1);
        assertThat(registry.get("workflow.history.flush").timer().count()).isEqualTo(1);
    }

    private double retries(String kind) {
        return registry.get("workflow.history.retries")
                .tag("kind", kind)
                .counter()
                .count();
    }

    @Test
    void the_age_of_the_oldest_unsaved_record_grows_until_it_is_saved() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        start(batch -> await(open));
        assertThat(gauge("oldest.unsaved")).isZero();

        recordExecution("e", 0, 0);
        double first = gauge("oldest.unsaved");
        double second = gauge("oldest.unsaved");

        assertThat(first).isPositive().isLessThan(60);
        assertThat(second).isGreaterThan(first);
        open.countDown();
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(gauge("oldest.unsaved")).isZero();
    }

    @Test
    void what_pins_the_recorder_is_removed_when_it_has_ended_and_what_was_counted_stays() {
        start(batch -> {});
        recordExecution("e", 0, 0);
        recorder.close();

        assertThat(registry.getMeters()).extracting(Meter::getId).noneMatch(id -> id.getType() == Meter.Type.GAUGE);
        assertThat(records("execution", "stored")).isEqualTo(1);
    }

    @Test
    void another_recorder_after_it_counts_on() {
        start(batch -> {});
        recordExecution("e", 0, 0);
        recorder.close();

        start(batch -> {});
        recordExecution("f", 0, 0);
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(records("execution", "stored")).isEqualTo(2);
        assertThat(gauge("connected")).isEqualTo(1);
    }

    @Test
    void every_meter_gets_the_tags_of_the_host() {
        recorder = new BufferedRecorder(
                batch -> {},
                PipelineSettings.defaults(),
                (lost, cause) -> {},
                new MicrometerListener(registry, Tags.of("history", "orders")));

        assertThat(registry.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().getTag("history")).isEqualTo("orders"));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new HistoryStoreException(Kind.CONNECTION, "interrupted", e);
        }
    }
}
