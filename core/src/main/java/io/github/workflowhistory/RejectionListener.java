package io.github.workflowhistory;

import io.github.workflowhistory.store.HistoryBatch;

/** Is told of history that could not be recorded. Implementations are safe for use by many threads. */
@FunctionalInterface
public interface RejectionListener {

    /**
     * History was lost. Called on the thread that tried to record; what this throws is logged and ignored. It must not
     * record into the same history, because that would fail again.
     *
     * @param lost what could not be recorded
     * @param cause why; usually a {@link io.github.workflowhistory.store.HistoryStoreException}
     */
    void rejected(HistoryBatch lost, RuntimeException cause);
}
