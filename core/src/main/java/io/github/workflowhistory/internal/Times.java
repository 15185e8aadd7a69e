package io.github.workflowhistory.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Instants and durations as the columns hold them: microseconds since the epoch, and milliseconds in an INTEGER. */
public final class Times {
    /** The longest duration that the INTEGER column can tell: 2^31-1 ms, 24.8 days. */
    public static final Duration LONGEST_STORED = Duration.ofMillis(Integer.MAX_VALUE);

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** Sums and differences with {@link System#nanoTime()} do not overflow with it: 146 years. */
    private static final Duration LONGEST_WAIT = Duration.ofNanos(Long.MAX_VALUE / 2);

    private Times() {}

    /**
     * A duration to be added to {@link System#nanoTime()}, which takes longer ones for what nobody lives to see.
     *
     * @param duration how long; a negative one is none
     * @return its nanoseconds, from zero to 146 years
     */
    public static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return (duration.compareTo(LONGEST_WAIT) < 0 ? duration : LONGEST_WAIT).toNanos();
    }

    /**
     * Truncates to microseconds, so that what was recorded equals what is read.
     *
     * @param what what the instant is, for the error message
     * @param instant the instant
     * @return the instant with whole microseconds
     * @throws IllegalArgumentException outside the years 1 to 9999
     */
    public static Instant micros(String what, Instant instant) {
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new IllegalArgumentException(what + " must be in the years 1 to 9999, not " + instant);
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * As {@link #micros}, for an instant that may be missing.
     *
     * @param what what the instant is, for the error message
     * @param instant the instant, or null
     * @return the instant with whole microseconds, or null
     */
    public static @Nullable Instant microsOrNull(String what, @Nullable Instant instant) {
        return instant == null ? null : micros(what, instant);
    }

    /**
     * Brings a duration to whole milliseconds that are not negative, as the column {@code duration_ms} holds them. At
     * its limit the column says no more than "at least 24.8 days"; there the two timestamps tell the duration.
     *
     * @param duration the measured duration, or null when there is none
     * @param start when it began, or null when unknown
     * @param end when it ended, or null when unknown
     * @return the duration to keep, or null
     * @throws IllegalArgumentException when the duration is negative
     */
    public static @Nullable Duration stored(
            @Nullable Duration duration, @Nullable Instant start, @Nullable Instant end) {
        if (duration == null) {
            return null;
        }
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a duration must not be negative, but is " + duration);
        }
        if (duration.compareTo(LONGEST_STORED) < 0) {
            return duration.truncatedTo(ChronoUnit.MILLIS);
        }
        Duration fromTimes = start == null || end == null ? LONGEST_STORED : between(start, end);
        return fromTimes.compareTo(LONGEST_STORED) > 0 ? fromTimes : LONGEST_STORED;
    }

    /**
     * The time from one instant to another in whole milliseconds.
     *
     * @param start when it began
     * @param end when it ended
     * @return zero when the end lies before the start
     */
    public static Duration between(Instant start, Instant end) {
        Duration duration = Duration.between(start, end);
        return duration.isNegative() ? Duration.ZERO : duration.truncatedTo(ChronoUnit.MILLIS);
    }
}
