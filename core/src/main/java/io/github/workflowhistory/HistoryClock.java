package io.github.workflowhistory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells the time of day, and measures durations by a clock that is never set back: the JVM's monotonic one, or the
 * clock of a test, which stands for both.
 */
final class HistoryClock {
    private final InstantSource instants;
    private final boolean monotonic;

    HistoryClock(@Nullable InstantSource given) {
        instants = given == null ? InstantSource.system() : given;
        monotonic = given == null;
    }

    Instant now() {
        return instants.instant();
    }

    /** Starts to measure. */
    Stopwatch start() {
        Instant startedAt = now();
        long startTicks = monotonic ? System.nanoTime() : 0;
        return new Stopwatch(startedAt, startTicks);
    }

    /** When something started, and how long that is ago. */
    final class Stopwatch {
        private final Instant startedAt;
        private final long startTicks;

        private Stopwatch(Instant startedAt, long startTicks) {
            this.startedAt = startedAt;
            this.startTicks = startTicks;
        }

        Instant startedAt() {
            return startedAt;
        }

        Duration elapsed(Instant now) {
            Duration elapsed =
                    monotonic ? Duration.ofNanos(System.nanoTime() - startTicks) : Duration.between(startedAt, now);
            return elapsed.isNegative() ? Duration.ZERO : elapsed;
        }
    }
}
