package io.github.workflowhistory.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** A connection of the host's, for one transaction of ours; afterwards it is as it was. */
final class BorrowedConnection {
    private final Connection connection;
    private final boolean autoCommit;
    private final DriverSettings driverSettings;

    private BorrowedConnection(Connection connection, boolean autoCommit, DriverSettings driverSettings) {
        this.connection = connection;
        this.autoCommit = autoCommit;
        this.driverSettings = driverSettings;
    }

    /**
     * Makes sure that the next statement begins a transaction, and that this is ours.
     *
     * @param unnamed whether the server must keep no statement of ours, not even the driver's own BEGIN and COMMIT:
     *     behind a pooler that shares servers among clients, a name can be another's, or be unknown
     * @throws SQLException with {@link SqlStates#ACTIVE_TRANSACTION} when the connection is in the middle of another's
     */
    static BorrowedConnection begin(Connection connection, boolean unnamed) throws SQLException {
        DriverSettings driverSettings = DriverSettings.change(connection, unnamed);
        try {
            return new BorrowedConnection(connection, beginOurs(connection), driverSettings);
        } catch (Throwable e) {
            driverSettings.restore();
            throw e;
        }
    }

    /** Tells what auto-commit was before. */
    private static boolean beginOurs(Connection connection) throws SQLException {
        TransactionState state = state(connection);
        if (state == TransactionState.OPEN && isUntouched(connection)) {
            connection.rollback();
        } else if (state != TransactionState.IDLE) {
            throw new SQLException(
                    "the connection came with a transaction that somebody else had begun",
                    SqlStates.ACTIVE_TRANSACTION);
        }
        boolean autoCommit = connection.getAutoCommit();
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        return autoCommit;
    }

    // 16384 is FirstNormalObjectId: relations below it are PostgreSQL's own.
    private static final String IS_UNTOUCHED = """
            select pg_catalog.pg_current_xact_id_if_assigned() is null and not exists (
              select from pg_catalog.pg_locks
              where pid operator(pg_catalog.=) pg_catalog.pg_backend_pid()
                and locktype operator(pg_catalog.<>) 'virtualxid'
                and coalesce(relation, 16384) operator(pg_catalog.>=) 16384)""";

    /**
     * Tells whether a transaction has neither written nor read anything yet. With auto-commit off, HikariCP leaves one
     * behind whenever it has tested a connection, and nothing is lost with that.
     */
    private static boolean isUntouched(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(IS_UNTOUCHED)) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    /** Where a pool's connection hides pgjdbc's, this says idle; then SET TRANSACTION may notice. */
    private static TransactionState state(Connection connection) throws SQLException {
        return connection.isWrapperFor(BaseConnection.class)
                ? connection.unwrap(BaseConnection.class).getTransactionState()
                : TransactionState.IDLE;
    }

    /**
     * Commits, unless the transaction has failed: PostgreSQL answers the commit with a rollback then, and pgjdbc's
     * commit() returns as if all were well.
     */
    void commit() throws SQLException {
        if (state(connection) == TransactionState.FAILED) {
            throw new SQLException("the transaction had failed before its commit", SqlStates.IN_FAILED_TRANSACTION);
        }
        connection.commit();
    }

    /** Rolls back because of a failure, which keeps whatever goes wrong here. */
    void rollBack(Throwable failure) {
        try {
            connection.rollback();
            if (autoCommit) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            // The connection is gone, and the transaction with it.
            failure.addSuppressed(e);
        }
        driverSettings.restore();
    }

    /** Gives the connection its old settings after the commit. */
    void restore() {
        driverSettings.restore();
        if (!autoCommit) {
            return;
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The commit is done, so nothing has failed; that the connection is gone, the pool will find out.
        }
    }
}
