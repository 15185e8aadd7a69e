package io.github.workflowhistory.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A store could not do what it was asked. The message names the thing and says what to do about it. */
public class HistoryStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it was, which tells whether and when another attempt makes sense. */
    public enum Kind {
        /** The connection was lost or could not be made. Try again with a new one. */
        CONNECTION,
        /** Another transaction was in the way: a deadlock, a serialisation failure, a lock. Try again at once. */
        CONTENTION,
        /** It took too long and was cancelled. Try again with less. */
        TIMEOUT,
        /** The store has no room, no memory or no free connection, or is read-only for now. Try again later. */
        RESOURCES,
        /** A prepared statement no longer fits the tables. Try again on a new connection. */
        STALE_STATEMENT,
        /** Something is set up wrongly, such as a missing table or grant. Somebody has to mend it. */
        CONFIGURATION,
        /** The store refuses the data. Another attempt with the same data fails again. */
        DATA,
        /** Anything else. */
        UNKNOWN
    }

    /** The kind of trouble. */
    private final Kind kind;

    /** Whether the batch may be there in spite of the exception. */
    private final boolean inDoubt;

    /**
     * An exception after which nothing of the batch is in the store.
     *
     * @param kind the kind of trouble
     * @param message what went wrong, naming the thing and the mend
     * @param cause the store's own exception, or null
     */
    public HistoryStoreException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, false);
    }

    /**
     * An exception.
     *
     * @param kind the kind of trouble
     * @param message what went wrong, naming the thing and the mend
     * @param cause the store's own exception, or null
     * @param inDoubt true when the batch may be in the store, because the answer to its commit was lost
     */
    public HistoryStoreException(Kind kind, String message, @Nullable Throwable cause, boolean inDoubt) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind must not be null");
        this.inDoubt = inDoubt;
    }

    /**
     * What kind of trouble it was.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Tells whether the batch may be in the store in spite of this exception. Recording the same batch again is safe:
     * it takes effect once.
     *
     * @return true when the answer to the commit was lost
     */
    public boolean isInDoubt() {
        return inDoubt;
    }
}
