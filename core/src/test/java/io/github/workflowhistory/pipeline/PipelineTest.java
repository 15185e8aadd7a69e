package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of the pipeline share: a store, what was told, and the books that have to balance after each test. */
@Timeout(120)
abstract class PipelineTest {
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    static final Duration LONG = Duration.ofSeconds(30);

    final ScriptedStore store = new ScriptedStore();
    final Told told = new Told();
    BufferedRecorder recorder;
    private final Queue<Throwable> failuresOfThreads = new ConcurrentLinkedQueue<>();

    BufferedRecorder start(PipelineSettings.Builder settings) {
        recorder = new BufferedRecorder(store, settings.build(), told, told);
        return recorder;
    }

    /** Settings with which nothing is written before a flush, unless a batch is full. */
    static PipelineSettings.Builder lingering() {
        return PipelineSettings.builder().linger(LONG);
    }

    /** Settings with which every record is written as soon as the writer is free. */
    static PipelineSettings.Builder eager() {
        return PipelineSettings.builder().linger(Duration.ZERO);
    }

    /** A thread of the host; what it throws fails the test. */
    Thread host(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, failure) -> failuresOfThreads.add(failure));
        thread.start();
        return thread;
    }

    @AfterEach
    void everything_is_accounted_for() {
        if (recorder == null) {
            return;
        }
        store.open();
        recorder.close();
        assertThat(failuresOfThreads).isEmpty();
        PipelineStats stats = recorder.stats();
        assertBalanced(stats);
        assertThat(stats.queued() + stats.inFlight()).as("left").isZero();
        assertThat(stats.usedBytes()).as("usedBytes").isZero();
        assertThat(stats.oldestUnsaved()).isNull();
        assertThat(told.rejectedCounts().total()).as("told as rejected").isEqualTo(stats.rejected());
        assertThat(told.droppedCounts().total()).as("told as dropped").isEqualTo(stats.dropped());
        assertThat(told.flushedCounts().total()).as("told as flushed").isGreaterThanOrEqualTo(stats.stored());
        assertThat(told.closings()).as("told as closed").isEqualTo(1);
    }

    static void assertBalanced(PipelineStats stats) {
        assertThat(stats.stored() + stats.rejected() + stats.dropped() + stats.queued() + stats.inFlight())
                .as("stored + rejected + dropped + queued + inFlight of %s", stats)
                .isEqualTo(stats.accepted());
    }

    static WorkflowExecution running(String id) {
        return WorkflowExecution.running(id, "wf", null, T0);
    }

    static ExecutionChange success(String executionId) {
        return ExecutionChange.ended(executionId, ExecutionStatus.SUCCESS, T0.plusSeconds(1));
    }

    static ExecutionLog log(String id, String executionId) {
        return log(id, executionId, LogLevel.INFO);
    }

    static ExecutionLog log(String id, String executionId, LogLevel level) {
        return ExecutionLog.of(id, executionId, level, "message", T0);
    }

    static NodeResult result(String id, String executionId, String output) {
        return new NodeResult(
                id, executionId, "node", "node", NodeStatus.SUCCESS, Json.of(output), null, null, T0, null, 1);
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Only where nothing can signal. */
    static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static void awaitWaiting(Thread thread) {
        await(
                () -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING,
                thread.getName() + " to wait");
    }

    static void join(Thread thread) {
        try {
            thread.join(LONG.toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(thread.isAlive()).as(thread.getName() + " is alive").isFalse();
    }
}
