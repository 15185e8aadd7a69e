package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells the host's logging when writing is in trouble and when that is over: one line each, and in between one a
 * minute. Trouble that comes back within the minute is counted, not told. Safe for use by many threads; nothing is
 * logged under a lock, because a host may bring its logging back into the history.
 */
final class Trouble {
    private static final SafeLog LOG = SafeLog.of(BufferedRecorder.class);
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();
    /** So many attempts solve whatever passes by itself; a lock that somebody holds for longer is trouble. */
    private static final int PASSING = 10;

    private final Supplier<PipelineStats> stats;
    private final RecorderListener listener;
    private final SafeLog log;
    private final LongSupplier nanoTime;

    private volatile boolean inTrouble;
    private volatile @Nullable String lastFailure;
    private boolean isTold;
    private boolean connected = true;
    private boolean connectedAsTold = true;
    private boolean isTelling;
    private @Nullable Kind lastTold;
    private long since;
    private long lastLine;
    private long failures;

    private volatile boolean dropping;
    private long lastDropLine;
    private boolean isDropTold;
    /** How many records had been dropped when there was space again last. */
    private long droppedBefore;

    private JfrEvents.@Nullable Drop drop;

    Trouble(Supplier<PipelineStats> stats, RecorderListener listener) {
        this(stats, listener, LOG, System::nanoTime);
    }

    /** With a logging and a clock for tests. */
    Trouble(Supplier<PipelineStats> stats, RecorderListener listener, SafeLog log, LongSupplier nanoTime) {
        this.stats = stats;
        this.listener = listener;
        this.log = log;
        this.nanoTime = nanoTime;
        lastLine = nanoTime.getAsLong() - INTERVAL_NANOS;
        lastDropLine = lastLine;
    }

    /** What to log, decided under the lock. */
    private enum Line {
        NONE,
        START,
        STILL
    }

    /**
     * An attempt failed.
     *
     * @param attempt how many have failed for this batch, from 1
     */
    void failed(Kind failed, RuntimeException cause, int attempt) {
        lastFailure = failed + ": " + cause.getMessage();
        if ((failed == Kind.CONTENTION || failed == Kind.STALE_STATEMENT) && attempt < PASSING) {
            // The next attempt solves it, which is not worth a line.
            return;
        }
        Line line;
        long attempts;
        long seconds;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            // Those before that were not worth a line belong to it now.
            failures += inTrouble ? 1 : attempt;
            if (!inTrouble) {
                inTrouble = true;
                since = now;
                isTold = false;
            }
            // Somebody has to mend the configuration, so this is told at once, even in the middle of other trouble.
            boolean isLoud = failed == Kind.CONFIGURATION && lastTold != failed;
            line = Line.NONE;
            if (isLoud || now - lastLine >= INTERVAL_NANOS) {
                line = isTold && !isLoud ? Line.STILL : Line.START;
                isTold = true;
                lastTold = failed;
                lastLine = now;
            }
            attempts = failures;
            seconds = (now - since) / 1_000_000_000;
            connected &= failed != Kind.CONNECTION;
        }
        tellConnection();
        if (line == Line.START) {
            String message =
                    "History cannot be written for now and is kept in memory. It is tried again until it works;"
                            + " nothing is lost while there is room. {}: {}";
            log.tell(to -> {
                if (failed == Kind.CONFIGURATION) {
                    to.error(message, failed, cause.getMessage(), shown(to, cause));
                } else {
                    to.warn(message, failed, cause.getMessage(), shown(to, cause));
                }
            });
        } else if (line == Line.STILL) {
            log.tell(to -> to.warn(
                    "History can still not be written after {} attempts in {} s. {}: {}. {}",
                    attempts,
                    seconds,
                    failed,
                    cause.getMessage(),
                    stats.get()));
        }
    }

    /** An attempt succeeded. */
    void succeeded() {
        if (!inTrouble) {
            return;
        }
        long attempts;
        long seconds;
        boolean tell;
        synchronized (this) {
            if (!inTrouble) {
                return;
            }
            inTrouble = false;
            tell = isTold;
            attempts = failures;
            seconds = (nanoTime.getAsLong() - since) / 1_000_000_000;
            connected = true;
            if (tell) {
                failures = 0;
            }
        }
        tellConnection();
        if (tell) {
            log.tell(to -> to.info(
                    "History is written again, after {} failed attempts in {} s. {}", attempts, seconds, stats.get()));
        }
    }

    /**
     * Tells whether the store can be reached, until what was told last is how it is. One thread does so at a time, and
     * those who come meanwhile leave it to that one: of two writers, the one that is slower would have the last word.
     */
    private void tellConnection() {
        while (true) {
            boolean news;
            synchronized (this) {
                if (isTelling || connectedAsTold == connected) {
                    return;
                }
                isTelling = true;
                news = connected;
                connectedAsTold = news;
            }
            try {
                listener.connectionChanged(news);
            } finally {
                synchronized (this) {
                    isTelling = false;
                }
            }
        }
    }

    /** What a line shows of a failure beside its message: nothing, when somebody has said in it what is wrong. */
    static @Nullable Throwable shown(Logger log, Throwable failure) {
        boolean isKnown = failure instanceof HistoryStoreException known && known.kind() != Kind.UNKNOWN;
        return isKnown ? SafeLog.detail(log, failure) : failure;
    }

    /** Why nothing can be written now, as the end of a sentence; empty when there is no trouble. */
    String reason() {
        return inTrouble ? ", because of " + lastFailure : "";
    }

    /** A record was dropped because there is no space. */
    void dropped() {
        if (dropping) {
            return;
        }
        boolean tell;
        synchronized (this) {
            if (dropping) {
                return;
            }
            dropping = true;
            drop = new JfrEvents.Drop();
            drop.begin();
            long now = nanoTime.getAsLong();
            tell = now - lastDropLine >= INTERVAL_NANOS;
            isDropTold = tell;
            if (tell) {
                lastDropLine = now;
            }
        }
        if (tell) {
            log.tell(to -> to.warn(
                    "The buffer of the history is full: records are dropped until there is space, details first."
                            + " Raise capacityBytes, or look why the store is slow. {}",
                    stats.get()));
        }
    }

    /** There is space again. */
    void spaceReturned() {
        if (!dropping) {
            return;
        }
        long count;
        boolean tell;
        synchronized (this) {
            if (!dropping) {
                return;
            }
            dropping = false;
            tell = isDropTold;
            long droppedNow = stats.get().dropped();
            count = droppedNow - droppedBefore;
            droppedBefore = droppedNow;
            record(drop, count);
            drop = null;
        }
        if (tell) {
            log.tell(to -> to.info(
                    "The buffer of the history has space again; {} records were dropped. {}", count, stats.get()));
        }
    }

    /** The recorder was closed before these records could be written. */
    void gaveUp(long records) {
        JfrEvents.Drop event = new JfrEvents.Drop();
        event.begin();
        record(event, records);
    }

    private static void record(JfrEvents.@Nullable Drop event, long records) {
        if (event == null) {
            return;
        }
        event.end();
        if (event.shouldCommit()) {
            event.records = records;
            event.commit();
        }
    }
}
