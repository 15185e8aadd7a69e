package io.github.workflowhistory.pipeline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells the host's logging when the leases are in trouble and when that is over: one line each. Trouble that comes back
 * within a minute is counted, not told. Used by one thread.
 */
final class LeaseTrouble {
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final String recorderId;
    private long failures;
    private boolean isTold;
    /** When the last line about a beginning was written, or null before the first. */
    private @Nullable Long lastLine;

    LeaseTrouble(Logger log, String recorderId) {
        this.log = log;
        this.recorderId = recorderId;
    }

    /**
     * Something failed, and is tried again.
     *
     * @param now by {@link System#nanoTime()}
     */
    void failed(Throwable failure, long now) {
        failures++;
        if (isTold || (lastLine != null && now - lastLine < INTERVAL_NANOS)) {
            return;
        }
        isTold = true;
        lastLine = now;
        log.warn(
                "The leases of executions cannot be kept for now, which is tried again. Others may take the executions of"
                        + " this process (recorder {}) for abandoned if it takes long. {}",
                recorderId,
                failure.getMessage(),
                failure);
    }

    /** Everything succeeded. */
    void ended() {
        if (isTold) {
            isTold = false;
            log.info("The leases of executions are kept again, after {} failed attempts.", failures);
        }
        failures = 0;
    }
}
