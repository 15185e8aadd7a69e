package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.SafeLog;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the host's logging when the leases are in trouble and when that is over: one line each. Trouble that comes back
 * within a minute is counted, not told. Used by one thread.
 */
final class LeaseTrouble {
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final SafeLog log;
    private final String recorderId;
    private long failures;
    private boolean isTold;
    /** When the last line about a beginning was written, or null before the first. */
    private @Nullable Long lastLine;

    LeaseTrouble(SafeLog log, String recorderId) {
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
        log.tell(to -> to.warn(
                "The leases of executions cannot be kept for now, which is tried again. Others may take the executions of"
                        + " this process (recorder {}) for abandoned if it takes long. {}",
                recorderId,
                failure.getMessage(),
                Trouble.shown(to, failure)));
    }

    /** Everything succeeded. */
    void ended() {
        if (isTold) {
            isTold = false;
            long attempts = failures;
            log.tell(to -> to.info("The leases of executions are kept again, after {} failed attempts.", attempts));
        }
        failures = 0;
    }
}
