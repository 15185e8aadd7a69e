package io.github.workflowhistory;

import io.github.workflowhistory.internal.SafeLog;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The status of an execution of which other processes may have run nodes, too: it follows from the node results in the
 * store. Where these cannot be had in time, from the nodes of this process alone: the host's thread has to go on.
 */
final class AttachedStatus {
    private static final SafeLog LOG = SafeLog.of(ExecutionRun.class);
    private static final Duration WRITING = Duration.ofSeconds(1);
    private static final Duration READING = Duration.ofSeconds(1);

    private AttachedStatus() {}

    static ExecutionStatus of(RecordingContext context, String executionId, ExecutionStatus own) {
        if (!context.flush(WRITING)) {
            LOG.tell(log -> log.warn(
                    "The status of execution {} follows from this process's nodes alone: they could not be written in"
                            + " time.",
                    executionId));
            return own;
        }
        try {
            return read(context, executionId, own);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.tell(log -> log.warn(
                    "The status of execution {} follows from this process's nodes alone: the thread was interrupted.",
                    executionId));
        } catch (ExecutionException | TimeoutException e) {
            LOG.tell(log -> log.warn(
                    "The status of execution {} follows from this process's nodes alone: the others' could not be"
                            + " read.",
                    executionId,
                    e));
        }
        return own;
    }

    /** On a thread of its own, because a store may take its time and cannot be told to stop. */
    private static ExecutionStatus read(RecordingContext context, String executionId, ExecutionStatus own)
            throws InterruptedException, ExecutionException, TimeoutException {
        FutureTask<ExecutionStatus> reading = new FutureTask<>(() -> context.store
                .findDetails(executionId)
                .map(details -> DerivedStatus.ofResults(details.nodeResults()))
                .orElse(own));
        Thread reader = new Thread(null, reading, "workflow-history-status", 0, false);
        reader.setDaemon(true);
        reader.start();
        return reading.get(READING.toNanos(), TimeUnit.NANOSECONDS);
    }
}
