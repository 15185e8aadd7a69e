package io.github.workflowhistory.jdbc;

import java.time.Duration;
import java.util.Objects;

/** The range of PostgreSQL's timeouts. */
final class Timeouts {
    private Timeouts() {}

    /** Refuses what PostgreSQL cannot be told: zero means "no limit" to it, and its settings are INTEGER. */
    static Duration require(String what, Duration timeout) {
        Objects.requireNonNull(timeout, () -> what + " must not be null");
        if (timeout.compareTo(Duration.ofMillis(1)) < 0
                || timeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(
                    what + " must be from 1 ms to " + Integer.MAX_VALUE + " ms, not " + timeout);
        }
        return timeout;
    }
}
