package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.Ids;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits until records that were handed over are in the store, and says why they are not. */
final class DurableWait {
    private final Buffer buffer;

    DurableWait(Buffer buffer) {
        this.buffer = buffer;
    }

    /**
     * Waits for records.
     *
     * @param timeout how long the call waits in all, for the message
     * @param deadline when that is over, by {@link System#nanoTime()}
     * @throws NotDurableException because of the first that is not in the store
     */
    void await(List<Entry> entries, Duration timeout, long deadline) {
        boolean inTime = buffer.awaitSettled(entries, deadline - System.nanoTime());
        for (Entry entry : entries) {
            NotDurableException failure = failureOf(entry, inTime, timeout);
            if (failure != null) {
                throw failure;
            }
        }
    }

    private @Nullable NotDurableException failureOf(Entry entry, boolean inTime, Duration timeout) {
        return switch (entry.outcome) {
            case STORED -> null;
            case PENDING ->
                inTime
                        ? null
                        : new NotDurableException(
                                Kind.TIMEOUT,
                                nameOf(entry)
                                        + (buffer.isAborted()
                                                ? " was not in the store when the recorder was closed; whether it still"
                                                        + " arrived is not known"
                                                : " was not in the store within " + timeout
                                                        + ", or the thread was interrupted; it waits in the buffer and"
                                                        + " is tried again"),
                                null,
                                true);
            case REJECTED ->
                new NotDurableException(
                        Kind.DATA,
                        nameOf(entry) + " was refused: " + (entry.cause == null ? "unknown" : entry.cause.getMessage()),
                        entry.cause,
                        false);
            case DROPPED ->
                new NotDurableException(
                        Kind.RESOURCES,
                        nameOf(entry)
                                + " is lost: the buffer had no space for it, or was closed before it could be written."
                                + " The store is slower than the host, or away",
                        null,
                        false);
            case LATE ->
                new NotDurableException(
                        Kind.RESOURCES,
                        nameOf(entry)
                                + " came after the recorder was closed and is lost: close it when the last execution"
                                + " has ended",
                        null,
                        false);
        };
    }

    private static String nameOf(Entry entry) {
        return "the record of execution " + Ids.quote(entry.executionId);
    }
}
