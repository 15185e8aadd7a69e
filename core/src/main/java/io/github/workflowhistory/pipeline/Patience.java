package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.Times;
import java.time.Duration;

/**
 * How long one call of a host's thread may wait for space: what all records that it hands over share, however often
 * each is offered. Used by one thread.
 */
final class Patience {
    private final long nanos;
    private long left;

    Patience(Duration atMost) {
        nanos = Times.nanos(atMost);
        left = nanos;
    }

    long left() {
        return left;
    }

    void left(long remaining) {
        left = remaining;
    }

    /** Whether the call has not waited yet: only who waits in vain for all of the time knows that others would, too. */
    boolean isWhole() {
        return left == nanos;
    }
}
