package io.github.workflowhistory.jdbc;

import java.time.Duration;
import java.time.Instant;

/**
 * A moment, by two clocks.
 *
 * @param nanos by {@link System#nanoTime()}, which nobody sets
 * @param time by the clock: while a machine sleeps, only this one goes on
 */
record Moment(long nanos, Instant time) {

    static Moment now() {
        return new Moment(System.nanoTime(), Instant.now());
    }

    /** How much time may have passed until now; never negative. */
    Duration passed() {
        return until(now());
    }

    /** How much time may have passed until another moment: a clock that was set back knows less than the other. */
    Duration until(Moment later) {
        Duration byNanos = Duration.ofNanos(Math.max(0, later.nanos - nanos));
        Duration byTime = Duration.between(time, later.time);
        return byNanos.compareTo(byTime) > 0 ? byNanos : byTime;
    }
}
