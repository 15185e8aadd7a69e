package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.util.Set;

/**
 * What a store does about its tables when it is opened; or, when the database is away just then, before its first
 * transaction: a host must be able to start without its database. Safe for use by many threads, of which several may do
 * it at once, to no harm.
 */
final class OpeningCheck {
    /** Trouble that ends by itself. */
    private static final Set<Kind> AWAY = Set.of(Kind.CONNECTION, Kind.RESOURCES, Kind.TIMEOUT, Kind.CONTENTION);

    private final SchemaMode mode;
    private final Transactions transactions;
    private volatile boolean done;

    OpeningCheck(SchemaMode mode, Transactions transactions) {
        this.mode = mode;
        this.transactions = transactions;
    }

    /** Does it, unless the database is away. */
    void open() {
        try {
            ensure();
        } catch (HistoryStoreException e) {
            if (!AWAY.contains(e.kind())) {
                throw e;
            }
        }
    }

    /** Does it, unless it is done. */
    void ensure() {
        if (done) {
            return;
        }
        if (mode == SchemaMode.INSTALL) {
            new SchemaInstallation(transactions, WorkflowSchema.LOCK_TIMEOUT).install();
        }
        if (mode != SchemaMode.TRUST) {
            new SchemaCheck(transactions).require();
        }
        done = true;
    }
}
