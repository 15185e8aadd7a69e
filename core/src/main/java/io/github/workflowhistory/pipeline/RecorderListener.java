package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Watches a {@link BufferedRecorder}: for metrics and alarms. Every method does nothing unless it is overridden.
 *
 * <p>Called by the recorder's threads, and {@link #dropped} by threads of the host, never under a lock. What a method
 * throws is logged and ignored. A slow method slows down whoever calls it.
 */
public interface RecorderListener {
    /** Watches nothing. */
    RecorderListener NOP = new RecorderListener() {};

    /**
     * The recorder starts.
     *
     * @param stats tells where the records are, whenever it is asked; cheap, safe for use by many threads
     */
    default void started(Supplier<PipelineStats> stats) {}

    /**
     * A batch is in the store.
     *
     * @param records what it brought, as handed in: states of one execution that were merged count each
     * @param bytes the memory that the records held
     * @param took how long the attempt took that succeeded
     */
    default void flushed(RecordCounts records, long bytes, Duration took) {}

    /**
     * An attempt to write a batch failed, and is repeated; with half of the batch each where it took too long.
     *
     * @param kind the kind of trouble
     * @param cause what the store said
     * @param failures how many attempts have failed for this batch, from 1
     * @param pause how long the recorder waits before the next attempt
     */
    default void retried(HistoryStoreException.Kind kind, RuntimeException cause, int failures, Duration pause) {}

    /**
     * Records were refused and are lost. The {@link io.github.workflowhistory.RejectionListener} is given the records
     * themselves.
     *
     * @param records how many
     * @param cause why
     */
    default void rejected(RecordCounts records, RuntimeException cause) {}

    /**
     * Records were lost because there was no space for them, or because the recorder was closed before they could be
     * written.
     *
     * @param records how many
     */
    default void dropped(RecordCounts records) {}

    /**
     * The store can be reached again, or cannot be reached any more.
     *
     * @param connected false from the first attempt that finds no connection on, true from the next one that succeeds
     */
    default void connectionChanged(boolean connected) {}

    /** The recorder has ended. */
    default void closed() {}
}
