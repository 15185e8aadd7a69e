package io.github.workflowhistory.pipeline;

/** When a call that records something returns. */
public enum Durability {
    /**
     * When the record is in the buffer, which takes about a microsecond. After a crash of the host, what was in the
     * buffer is lost: in the normal course, what happened in the last {@linkplain PipelineSettings#linger() 100 ms}.
     */
    BUFFERED,
    /**
     * When the record is in the store. Calls that wait at the same time share a transaction. A call that cannot have
     * this within {@link PipelineSettings#syncTimeout()}, or whose record the store refuses, throws
     * {@link NotDurableException}; so the host decides what a record is worth that is not safe yet.
     */
    SYNC
}
