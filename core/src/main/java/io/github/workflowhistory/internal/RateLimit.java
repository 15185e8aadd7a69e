package io.github.workflowhistory.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets something happen at once, and then no more than once in an interval. Safe for use by many threads. */
public final class RateLimit {
    private final long intervalNanos;
    private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());

    /**
     * A limit under which nothing has happened yet.
     *
     * @param interval how long it lasts until the next time
     */
    public RateLimit(Duration interval) {
        this.intervalNanos = Times.nanos(interval);
    }

    /**
     * Tells whether it may happen now, and counts it when it may.
     *
     * @return true for one caller in each interval
     */
    public boolean permits() {
        long now = System.nanoTime();
        long until = silentUntil.get();
        return now - until >= 0 && silentUntil.compareAndSet(until, now + intervalNanos);
    }
}
