package io.github.workflowhistory.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** A clock that stands still until a test moves it. Safe for use by many threads. */
public final class SettableClock implements InstantSource {
    /** Where a new clock stands: 2026-01-01T00:00:00Z. */
    public static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now;

    /** A clock that stands at {@link #DEFAULT_START}. */
    public SettableClock() {
        this(DEFAULT_START);
    }

    /**
     * A clock that stands at an instant.
     *
     * @param start the instant
     */
    public SettableClock(Instant start) {
        this.now = Objects.requireNonNull(start, "start must not be null");
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /**
     * Moves the clock on.
     *
     * @param duration how far; a negative duration sets the clock back, as a correction of a host's clock may do
     * @return the new time
     */
    public synchronized Instant advance(Duration duration) {
        Objects.requireNonNull(duration, "duration must not be null");
        now = now.plus(duration);
        return now;
    }

    /**
     * Sets the clock.
     *
     * @param instant the new time, later or earlier
     */
    public synchronized void set(Instant instant) {
        now = Objects.requireNonNull(instant, "instant must not be null");
    }

    /**
     * The time, for messages.
     *
     * @return for example {@code "SettableClock[2026-01-01T00:00:00Z]"}
     */
    @Override
    public String toString() {
        return "SettableClock[" + instant() + "]";
    }
}
