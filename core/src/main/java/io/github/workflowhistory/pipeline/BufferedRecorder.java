package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.RejectionListener;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recorder that only enqueues on the calling thread, and brings records to another recorder in batches, on a thread
 * of its own. Safe for use by many threads.
 *
 * <ul>
 *   <li><b>Bounded.</b> What is not yet written holds at most {@link PipelineSettings#capacityBytes()}. When that is
 *       full, callers wait a short time to hand over executions and node results, and log entries are dropped at once,
 *       those of debug and info first. Ends of executions have a reserve, and shed their output before they are dropped.
 *   <li><b>In order.</b> The records of one execution arrive in the order in which they were handed over, and records
 *       are not dropped because the store is away: the same batch is tried again until it is there.
 *   <li><b>Isolated.</b> A record that the store refuses goes to the rejection listener and costs none of its
 *       neighbours.
 *   <li><b>Accounted for.</b> See {@link PipelineStats}.
 * </ul>
 *
 * <p>The atomicity of a {@link HistoryBatch} that is handed over ends here: its records may be written in several
 * batches.
 */
public final class BufferedRecorder implements ExecutionRecorder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedRecorder.class);
    private static final AtomicLong NUMBER = new AtomicLong();

    private final PipelineSettings settings;
    private final Buffer buffer;
    private final List<Thread> writers = new ArrayList<>();

    /**
     * Starts a recorder.
     *
     * @param target where the records go: a store, or whatever else records; called by one thread for each writer of
     *     the settings
     * @param settings the settings
     * @param rejections who is told of records that the target refuses
     */
    public BufferedRecorder(ExecutionRecorder target, PipelineSettings settings, RejectionListener rejections) {
        Objects.requireNonNull(target, "target must not be null");
        Objects.requireNonNull(rejections, "rejections must not be null");
        this.settings = Objects.requireNonNull(settings, "settings must not be null");
        this.buffer = new Buffer(settings);
        TroubleLog trouble = new TroubleLog(buffer);
        long number = NUMBER.incrementAndGet();
        for (int lane = 0; lane < settings.writers(); lane++) {
            Writer writer = new Writer(
                    lane,
                    buffer,
                    target,
                    rejections,
                    trouble,
                    IdGenerator.timeOrdered(),
                    InstantSource.system(),
                    settings);
            Thread thread = new Thread(writer, "workflow-history-" + number + "-" + lane);
            thread.setDaemon(true);
            writers.add(thread);
        }
        writers.forEach(Thread::start);
    }

    /**
     * Hands over what is in a batch and returns. Waits for space as the class comment says; never throws because of the
     * target.
     */
    @Override
    public void record(HistoryBatch batch) {
        batch.executions().forEach(execution -> buffer.offer(Entry.of(execution)));
        batch.changes().forEach(change -> buffer.offer(Entry.of(change)));
        batch.nodeResults().forEach(result -> buffer.offer(Entry.of(result)));
        batch.logs().forEach(log -> buffer.offer(Entry.of(log)));
    }

    /**
     * Waits until everything accepted before this call is stored or rejected. Returns false at once on a thread of this
     * recorder, and early with the interrupt flag set when the caller is interrupted.
     */
    @Override
    public boolean flush(Duration timeout) {
        return !writers.contains(Thread.currentThread()) && buffer.flush(timeout);
    }

    /**
     * Where the records are now.
     *
     * @return one consistent moment
     */
    public PipelineStats stats() {
        return buffer.stats();
    }

    /**
     * Writes what is left, for as long as {@link PipelineSettings#closeTimeout()} allows, and ends the threads. What is
     * still not written then is dropped, counted and reported in the host's log. Records that are handed over from now
     * on are counted and ignored. Idempotent, and safe for use by many threads: each returns when it is done.
     */
    @Override
    public void close() {
        buffer.close();
        long deadline = System.nanoTime() + settings.closeTimeout().toNanos();
        boolean interrupted = awaitWriters(deadline);
        if (writers.stream().anyMatch(BufferedRecorder::isOther)) {
            buffer.abort();
            writers.stream().filter(BufferedRecorder::isOther).forEach(Thread::interrupt);
            interrupted |=
                    awaitWriters(System.nanoTime() + Duration.ofSeconds(1).toNanos());
            LOG.error("History was closed before everything was written. {}", buffer.stats());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitWriters(long deadline) {
        boolean interrupted = false;
        for (Thread writer : writers) {
            while (isOther(writer)) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return interrupted;
                }
                try {
                    writer.join(millis);
                } catch (InterruptedException e) {
                    // Whoever interrupts wants to get on: what is left is given up.
                    return true;
                }
            }
        }
        return interrupted;
    }

    private static boolean isOther(Thread writer) {
        return writer.isAlive() && writer != Thread.currentThread();
    }
}
