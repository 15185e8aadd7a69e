package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.Times;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * For how long a store could be reached without a gap, as far as somebody can tell who renews a lease at an interval.
 * Arithmetic on times that the caller reads; not safe for several threads.
 *
 * <p>A gap is a renewal that failed, or one that comes, or is still missing, half an interval late. So nobody who renews as often, and could
 * renew whenever this one could, has a lease older than two and a half intervals, which is less than what
 * {@link PipelineSettings.Builder#abandonAfter} allows.
 */
final class StoreContact {
    private final long intervalNanos;
    private @Nullable Long since;
    private long lastNanos;
    private Instant lastTime = Instant.MIN;

    StoreContact(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    /**
     * A renewal succeeded.
     *
     * @param nanos now, by {@link System#nanoTime()}
     * @param time now, by the clock: while a machine sleeps, only this one goes on
     */
    void renewed(long nanos, Instant time) {
        if (since == null || isGapUntil(nanos, time)) {
            since = nanos;
        }
        lastNanos = nanos;
        lastTime = time;
    }

    private boolean isGapUntil(long nanos, Instant time) {
        return isGap(nanos - lastNanos) || isGap(Times.nanos(Times.between(lastTime, time)));
    }

    private boolean isGap(long passed) {
        return passed - intervalNanos > intervalNanos / 2;
    }

    /** A renewal failed. */
    void failed() {
        since = null;
    }

    /**
     * Tells whether there was no gap for so long, up to now: a renewal that hangs has not failed, and is a gap as well.
     *
     * @param duration how long
     * @param nanos now, by {@link System#nanoTime()}
     * @param time now, by the clock
     */
    boolean lastsFor(Duration duration, long nanos, Instant time) {
        return since != null && !isGapUntil(nanos, time) && nanos - since >= Times.nanos(duration);
    }
}
