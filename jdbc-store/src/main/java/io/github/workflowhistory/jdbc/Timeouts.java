package io.github.workflowhistory.jdbc;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

    /**
     * Refuses a pair of which one could never have an effect.
     *
     * @see <a href="https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT">lock_timeout</a>
     */
    static void requireAgreement(@Nullable Duration statementTimeout, @Nullable Duration lockTimeout) {
        if (statementTimeout != null && lockTimeout != null && lockTimeout.compareTo(statementTimeout) >= 0) {
            throw new IllegalArgumentException("lockTimeout " + lockTimeout + " contradicts statementTimeout "
                    + statementTimeout + ": PostgreSQL cancels a statement before it has waited so long. Lower"
                    + " lockTimeout or raise statementTimeout");
        }
    }
}
