package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: pure arithmetic. */
final class Backoff {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Backoff() {}

    /**
     * The pause before an attempt. It doubles with every failure, up to five seconds, and is drawn from its upper half,
     * so that many writers do not come back at the same moment.
     *
     * @param kind why the last attempt failed
     * @param failures how many attempts have failed, from 1
     * @param random where the jitter comes from
     */
    static Duration pause(Kind kind, int failures, RandomGenerator random) {
        long first = firstMillis(kind);
        long millis = Math.min(LONGEST.toMillis(), first << Math.min(20, failures - 1));
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }

    private static long firstMillis(Kind kind) {
        return switch (kind) {
            // Whoever was in the way is usually gone at once.
            case CONTENTION, STALE_STATEMENT -> 2;
            case CONNECTION, UNKNOWN, DATA -> 50;
            // Somebody has to mend something, or the load has to go down.
            case RESOURCES, CONFIGURATION, TIMEOUT -> 500;
        };
    }
}
