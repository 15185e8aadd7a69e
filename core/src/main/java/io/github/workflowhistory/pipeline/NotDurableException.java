package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.store.HistoryStoreException;
import org.jspecify.annotations.Nullable;

/**
 * With {@link Durability#SYNC}: a record was not in the store when the call had to return. When this
 * {@linkplain #isInDoubt() is in doubt}, the record waits in the buffer and may still become durable, exactly once;
 * otherwise it is lost, and the cause, when there is one, says why the store refused it. Either way the call had no
 * other effect that has to be undone, and it must not be repeated for the same record.
 */
public final class NotDurableException extends HistoryStoreException {
    private static final long serialVersionUID = 1L;

    NotDurableException(Kind kind, String message, @Nullable Throwable cause, boolean inDoubt) {
        super(kind, message, cause, inDoubt);
    }
}
