package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bound in bytes is one of the heap: what waits is never more than what is counted. */
class BufferMemoryTest extends PipelineTest {
    private static final long MIB = 1 << 20;

    private final IdGenerator ids = IdGenerator.timeOrdered();

    /** The used heap, when collecting garbage makes it no smaller any more. */
    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        int unchanged = 0;
        for (int i = 0; i < 30 && unchanged < 3; i++) {
            System.gc();
            LockSupport.parkNanos(5_000_000);
            long used = runtime.totalMemory() - runtime.freeMemory();
            unchanged = used < least - 64 * 1024 ? 0 : unchanged + 1;
            least = Math.min(least, used);
        }
        return least;
    }

    private void startHeld(PipelineSettings.Builder settings) {
        store.hold();
        start(settings);
        recorder.record(running("e1"));
        store.awaitHeld();
    }

    static Stream<Arguments> smallRecords() {
        return Stream.of(
                Arguments.of("log entries", 100_000),
                Arguments.of("log entries with data", 50_000),
                Arguments.of("log entries of their own execution", 50_000),
                Arguments.of("node results", 50_000),
                Arguments.of("executions that have ended", 50_000));
    }

    private void recordSmall(String what, int i) {
        switch (what) {
            case "log entries" ->
                recorder.record(
                        ExecutionLog.of(ids.newId(), "e1", LogLevel.ERROR, "message " + i, T0.plusNanos(i * 1_000L)));
            case "log entries with data" ->
                recorder.record(new ExecutionLog(
                        ids.newId(), "e1", "run", LogLevel.ERROR, "", Json.of(i), T0.plusNanos(i * 1_000L)));
            case "log entries of their own execution" ->
                recorder.record(
                        ExecutionLog.of("l" + i, "e-" + ids.newId(), LogLevel.ERROR, "漢字", T0.plusNanos(i * 1_000L)));
            case "node results" ->
                recorder.record(new NodeResult(
                        ids.newId(),
                        "e1",
                        "node-" + i,
                        "Node " + i,
                        NodeStatus.FAILED,
                        Json.of("o" + i),
                        "error " + i,
                        T0.plusSeconds(i),
                        T0.plusSeconds(i + 1),
                        Duration.ofMillis(i),
                        1));
            default ->
                recorder.record(new WorkflowExecution(
                        ids.newId(),
                        "workflow",
                        new UUID(i, i),
                        ExecutionStatus.FAILED,
                        T0.plusSeconds(i),
                        T0.plusSeconds(i + 1),
                        Duration.ofMillis(1_000 + i),
                        Json.of("o" + i),
                        "error " + i,
                        T0.plusSeconds(i),
                        "recorder",
                        null));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("smallRecords")
    void small_records_hold_no_more_than_what_is_counted(String what, int count) {
        startHeld(eager().capacityBytes(512 * MIB).batchSize(5_000));
        IntConsumer records = i -> recordSmall(what, i);
        records.accept(0);
        long countedBefore = recorder.stats().usedBytes();
        long before = heap();
        for (int i = 1; i <= count; i++) {
            records.accept(i);
        }
        long held = heap() - before;
        long counted = recorder.stats().usedBytes() - countedBefore;

        assertThat(recorder.stats().dropped()).isZero();
        assertThat(held).as("held by heap, counted %s", counted).isBetween(counted / 5, counted);
    }

    @Test
    void a_full_buffer_with_large_payloads_among_small_ones_stays_within_its_bound() {
        startHeld(eager().maxBlock(Duration.ZERO));
        long capacity = recorder.stats().capacityBytes();
        long before = heap();
        // The worst case of the estimate: no character fits into one byte.
        for (int i = 0; recorder.stats().dropped() < 1_000; i++) {
            if (i % 100 == 0) {
                recorder.record(result("r" + i, "e1", "漢".repeat(512 << 10)));
            }
            recorder.record(result("s" + i, "e1", "small " + i));
            recorder.record(log("l" + i, "e1", i % 2 == 0 ? LogLevel.INFO : LogLevel.ERROR));
        }
        long held = heap() - before;

        PipelineStats stats = recorder.stats();
        assertThat(stats.usedBytes()).isBetween(capacity * 9 / 10, capacity);
        assertThat(held).as("held by heap").isBetween(capacity / 2, capacity + 2 * MIB);
    }

    @Test
    void a_buffer_full_of_ends_stays_within_its_reserve() {
        startHeld(eager().maxBlock(Duration.ZERO).capacityBytes(8 * MIB));
        long before = heap();
        for (int i = 0; recorder.stats().dropped() < 1_000; i++) {
            recorder.record(success("e" + i).withFinalOutput(Json.of("漢".repeat(1_000))));
        }
        assertThat(heap() - before).isLessThan(9 * MIB + MIB);
        assertThat(recorder.stats().usedBytes()).isLessThanOrEqualTo(9 * MIB);
    }

    @Test
    void what_is_written_is_let_go() {
        try (BufferedRecorder forgetful =
                new BufferedRecorder(batch -> {}, lingering().build(), told)) {
            WeakReference<Object> written = recordAndFlush(forgetful);
            await(
                    () -> {
                        System.gc();
                        return written.get() == null;
                    },
                    "the record to be collected");
        }
    }

    private static WeakReference<Object> recordAndFlush(BufferedRecorder forgetful) {
        ExecutionLog log = log("l1", "e1");
        forgetful.record(log);
        assertThat(forgetful.flush(LONG)).isTrue();
        return new WeakReference<>(log);
    }
}
