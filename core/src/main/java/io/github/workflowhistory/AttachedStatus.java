package io.github.workflowhistory;

import io.github.workflowhistory.internal.SafeLog;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

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
        return of(context, executionId, own, Thread::start);
    }

    /** With a way to start threads for tests. */
    static ExecutionStatus of(
            RecordingContext context, String executionId, ExecutionStatus own, Consumer<Thread> starter) {
        if (!context.flush(WRITING)) {
            LOG.tell(log -> log.warn(
                    "The status of execution {} follows from this process's nodes alone, and those of others were not"
                            + " looked at: what is recorded could not be written within {}.",
                    Ids.quote(executionId),
                    WRITING));
            return own;
        }
        try {
            return read(context, executionId, own, starter);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.tell(log -> log.warn(
                    "The status of execution {} follows from this process's nodes alone: the thread was interrupted.",
                    Ids.quote(executionId)));
        } catch (ExecutionException | TimeoutException | OutOfMemoryError e) {
            LOG.tell(log -> log.warn(
                    "The status of execution {} follows from this process's nodes alone: those of others could not be"
                            + " read within {}.",
                    Ids.quote(executionId),
                    READING,
                    e));
        }
        return own;
    }

    /**
     * On a thread of its own, because a store may take its time: it is told to stop by an interrupt, which not every
     * store obeys. So there is a bound on how many threads wait for one that hangs.
     */
    private static ExecutionStatus read(
            RecordingContext context, String executionId, ExecutionStatus own, Consumer<Thread> starter)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + READING.toNanos();
        Semaphore readers = context.statusReaders;
        if (!readers.tryAcquire(READING.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException("the store has not answered those who asked before");
        }
        FutureTask<ExecutionStatus> reading = new FutureTask<>(() -> context.store
                .findDetails(executionId)
                .map(details -> DerivedStatus.ofResults(details.nodeResults()))
                .orElse(own));
        try {
            starter.accept(reader(() -> {
                try {
                    reading.run();
                } finally {
                    readers.release();
                }
            }));
        } catch (Throwable e) {
            readers.release();
            throw e;
        }
        try {
            return reading.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } finally {
            reading.cancel(true);
        }
    }

    private static Thread reader(Runnable reading) {
        Thread reader = new Thread(null, reading, "workflow-history-status", 0, false);
        reader.setDaemon(true);
        return reader;
    }
}
