package io.github.workflowhistory;

import io.github.workflowhistory.internal.TimeOrderedIds;

/** Makes the ids of executions, node results and log entries. Implementations are safe for use by many threads. */
@FunctionalInterface
public interface IdGenerator {

    /**
     * Makes an id.
     *
     * @return an id that was never returned before, by the rule of {@link Ids}. Ids that grow in byte order keep log
     *     entries of the same microsecond in the order of the calls, and write about twice as fast as random ones once
     *     tables are large
     */
    String newId();

    /**
     * The default: UUIDs of version 7 (RFC 9562), which grow with time, and within a millisecond with every call, even
     * when the clock is set back.
     *
     * @return a generator that all callers share
     */
    static IdGenerator timeOrdered() {
        return TimeOrderedIds.INSTANCE;
    }
}
