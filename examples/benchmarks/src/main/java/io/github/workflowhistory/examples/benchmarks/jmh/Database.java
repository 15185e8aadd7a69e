package io.github.workflowhistory.examples.benchmarks.jmh;

/** In what state the database and the buffer before it are while calls are measured. */
public enum Database {
    /** It does not answer, and there is space for everything: the cost of accepting a record. */
    SLOW,
    /** It has not answered for so long that the buffer is full: the cost of dropping a record. */
    SLOW_AND_FULL,
    /** It takes everything at once: the writer makes batches all the time, on the same processors. */
    FAST
}
