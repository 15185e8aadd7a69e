package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings one batch to the store: tries it, always the same, until it is there or can never be there as it is. Used by
 * one writer.
 */
final class Delivery {
    /** How often a failure of a kind that nobody knows is tried before it counts as refused. */
    static final int PATIENT = 4;
    /** The same, when a batch is taken apart that was refused for such a failure. */
    static final int IMPATIENT = 1;

    private final ExecutionRecorder target;
    private final Buffer buffer;
    private final Trouble trouble;
    private final RecorderListener listener;
    private final RandomGenerator random = RandomGenerator.getDefault();

    Delivery(ExecutionRecorder target, Buffer buffer, Trouble trouble, RecorderListener listener) {
        this.target = target;
        this.buffer = buffer;
        this.trouble = trouble;
        this.listener = listener;
    }

    /** The recorder was closed and its time is up. */
    static final class Aborted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Aborted() {
            super(null, null, false, false);
        }
    }

    /**
     * Tries until the records are in the store, which gives null, or can never be as they are, which gives why.
     *
     * @param unknownAttempts after how many failures of unknown kind the records count as refused
     * @throws Aborted when the recorder was given up
     */
    @Nullable
    RuntimeException attempt(Parcel parcel, int unknownAttempts) {
        int failures = 0;
        int failuresOfKind = 0;
        @Nullable Kind lastKind = null;
        int staleFailures = 0;
        int unknownFailures = 0;
        while (true) {
            // An interrupt from before means nothing here, and is not to break a statement. That of whoever gives the
            // recorder up comes after it is aborted.
            boolean unused = Thread.interrupted();
            if (buffer.isAborted()) {
                throw new Aborted();
            }
            RuntimeException failure = tryOnce(parcel);
            if (failure == null) {
                return null;
            }
            failures++;
            Kind kind = failure instanceof HistoryStoreException known ? known.kind() : Kind.UNKNOWN;
            if (kind == Kind.STALE_STATEMENT && ++staleFailures >= PATIENT) {
                // That does not pass by itself: a pooler that prepared statements do not get along with. It says
                // nothing
                // against the records.
                kind = Kind.CONFIGURATION;
            }
            switch (kind) {
                case DATA -> {
                    return failure;
                }
                case TIMEOUT -> {
                    // Half of it may be quick enough. A single record waits: a lock on the table that lasts for minutes
                    // looks like this, too, and is no reason to lose anything.
                    if (parcel.entries.size() > 1) {
                        repeated(kind, failure, failures, Duration.ZERO);
                        return failure;
                    }
                }
                case UNKNOWN -> {
                    if (++unknownFailures >= unknownAttempts) {
                        return failure;
                    }
                }
                case CONNECTION, CONTENTION, RESOURCES, CONFIGURATION, STALE_STATEMENT -> {}
            }
            // What is new begins anew: after a broken connection, a standby that is read-only is asked again soon.
            failuresOfKind = kind == lastKind ? failuresOfKind + 1 : 1;
            lastKind = kind;
            Duration pause = Backoff.pause(kind, failuresOfKind, random);
            repeated(kind, failure, failures, pause);
            if (!buffer.pause(pause)) {
                throw new Aborted();
            }
        }
    }

    private @Nullable RuntimeException tryOnce(Parcel parcel) {
        JfrEvents.Flush event = new JfrEvents.Flush();
        event.begin();
        long start = System.nanoTime();
        try {
            target.record(parcel.batch);
        } catch (RuntimeException e) {
            return e;
        } catch (OutOfMemoryError e) {
            // Passes, and says nothing against the records.
            return new HistoryStoreException(Kind.RESOURCES, "the store failed with " + e, e);
        } catch (Throwable e) {
            // An Error of the store or of a driver must not end the thread that everything depends on.
            return new HistoryStoreException(Kind.UNKNOWN, "the store failed with " + e, e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        event.end();
        if (event.shouldCommit()) {
            event.fill(parcel.counts, parcel.bytes);
            event.commit();
        }
        trouble.succeeded();
        listener.flushed(parcel.counts, parcel.bytes, took);
        return null;
    }

    /** Tells of an attempt that failed and is repeated, as it is or in parts. */
    private void repeated(Kind kind, RuntimeException failure, int failures, Duration pause) {
        trouble.failed(kind, failure, failures);
        listener.retried(kind, failure, failures, pause);
        JfrEvents.Retry event = new JfrEvents.Retry();
        if (event.shouldCommit()) {
            event.kind = kind.name();
            event.error = String.valueOf(failure.getMessage());
            event.failures = failures;
            event.pause = pause.toMillis();
            event.commit();
        }
    }
}
