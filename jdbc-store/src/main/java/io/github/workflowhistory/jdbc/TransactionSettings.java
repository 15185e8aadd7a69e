package io.github.workflowhistory.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * What is set for one transaction and ends with it, so that the connection goes back as it came.
 *
 * @param isolation the isolation level, whichever the session has as its default
 * @param readOnly true when the transaction only reads
 * @param atOnce true when the transaction does its work in a single call, which commits in the same round trip
 * @param statementTimeout how long PostgreSQL lets one statement run, or null for the session's own limit
 * @param lockTimeout how long PostgreSQL lets one statement wait for a lock, or null for the session's own limit
 * @param endUser the end user as whom the transaction works, or null when it works as the role that is logged in
 */
record TransactionSettings(
        Isolation isolation,
        boolean readOnly,
        boolean atOnce,
        @Nullable Duration statementTimeout,
        @Nullable Duration lockTimeout,
        @Nullable EndUser endUser) {

    /** The isolation levels that the store uses. */
    enum Isolation {
        /** Every statement sees what was committed before it: {@code on conflict do nothing} needs this. */
        READ_COMMITTED("read committed"),
        /** All statements see one moment. */
        REPEATABLE_READ("repeatable read");

        private final String sql;

        Isolation(String sql) {
            this.sql = sql;
        }
    }

    /** A transaction that writes. */
    static TransactionSettings writing(@Nullable Duration statementTimeout, @Nullable Duration lockTimeout) {
        return new TransactionSettings(Isolation.READ_COMMITTED, false, false, statementTimeout, lockTimeout, null);
    }

    /** The same limits for a transaction that reads. */
    TransactionSettings reading(Isolation level) {
        return new TransactionSettings(level, true, true, statementTimeout, lockTimeout, endUser);
    }

    /** The same for a transaction that works in a single call and waits no longer than this for a lock. */
    TransactionSettings atOnce(Duration longestWait) {
        Duration shorter = lockTimeout != null && lockTimeout.compareTo(longestWait) < 0 ? lockTimeout : longestWait;
        return new TransactionSettings(isolation, readOnly, true, statementTimeout, shorter, endUser);
    }

    /** The same for a transaction that works as an end user. */
    TransactionSettings actingAs(EndUser user) {
        return new TransactionSettings(isolation, readOnly, atOnce, statementTimeout, lockTimeout, user);
    }

    /** The same for a transaction that works as the role that is logged in. */
    TransactionSettings asLogin() {
        return new TransactionSettings(isolation, readOnly, atOnce, statementTimeout, lockTimeout, null);
    }

    /** The statements that stand before the first one of the transaction. */
    String opening() {
        String level = "set transaction isolation level " + isolation.sql + (readOnly ? ", read only" : "") + ";\n";
        return level + (hasTimeouts() ? TIMEOUTS : "") + (endUser == null ? "" : endUser.opening());
    }

    // A null leaves the setting as it is. True: until the end of the transaction.
    private static final String TIMEOUTS = """
            select
              pg_catalog.set_config('statement_timeout',
                coalesce(:statement_timeout, pg_catalog.current_setting('statement_timeout')), true),
              pg_catalog.set_config('lock_timeout',
                coalesce(:lock_timeout, pg_catalog.current_setting('lock_timeout')), true);
            """;

    void bind(Query query) {
        if (hasTimeouts()) {
            query.bind("statement_timeout", millis(statementTimeout)).bind("lock_timeout", millis(lockTimeout));
        }
        if (endUser != null) {
            endUser.bind(query);
        }
    }

    /** Passes over the results of {@link #opening}. */
    void skip(Results results) throws SQLException {
        results.skip();
        if (hasTimeouts()) {
            results.skip();
        }
        if (endUser != null) {
            for (int i = 0; i < EndUser.RESULTS; i++) {
                results.skip();
            }
        }
    }

    private boolean hasTimeouts() {
        return statementTimeout != null || lockTimeout != null;
    }

    /** PostgreSQL reads a number without a unit as milliseconds. */
    private static @Nullable String millis(@Nullable Duration timeout) {
        return timeout == null ? null : Long.toString(timeout.toMillis());
    }
}
