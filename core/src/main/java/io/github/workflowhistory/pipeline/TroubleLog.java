package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the host's logging when the store makes trouble and when that is over: one line each, and in between one a
 * minute. A conflict that the next attempt solves is not worth a line. Safe for use by many threads.
 */
final class TroubleLog {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedRecorder.class);
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final Buffer buffer;
    private boolean inTrouble;
    private long since;
    private long lastLine;
    private long failures;

    TroubleLog(Buffer buffer) {
        this.buffer = buffer;
    }

    synchronized void failed(Kind kind, RuntimeException failure) {
        if (kind == Kind.CONTENTION || kind == Kind.STALE_STATEMENT) {
            return;
        }
        long now = System.nanoTime();
        failures++;
        if (!inTrouble) {
            inTrouble = true;
            since = now;
            lastLine = now;
            LOG.warn(
                    "History cannot be written for now and is kept in memory ({}). It is tried again until it works;"
                            + " nothing is lost while there is room. Cause: {}",
                    kind,
                    failure.getMessage(),
                    failure);
        } else if (now - lastLine >= INTERVAL_NANOS) {
            lastLine = now;
            LOG.warn(
                    "History can still not be written after {} attempts in {} s ({}): {}. {}",
                    failures,
                    (now - since) / 1_000_000_000,
                    kind,
                    failure.getMessage(),
                    buffer.stats());
        }
    }

    synchronized void succeeded() {
        if (inTrouble) {
            inTrouble = false;
            LOG.info(
                    "History is written again, after {} failed attempts in {} s. {}",
                    failures,
                    (System.nanoTime() - since) / 1_000_000_000,
                    buffer.stats());
            failures = 0;
        }
    }
}
