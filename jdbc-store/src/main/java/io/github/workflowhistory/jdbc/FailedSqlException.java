package io.github.workflowhistory.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A transaction that did not happen, or of which it is not known, with the driver's own exception. Jdbi's wrapper is
 * left out, because it repeats the statement.
 */
final class FailedSqlException extends Exception {
    private static final long serialVersionUID = 1L;

    /** How far it came. */
    enum Stage {
        /** No connection could be had. */
        CONNECT,
        /** A statement failed. */
        EXECUTE,
        /** The commit failed. */
        COMMIT
    }

    private final Stage stage;
    private final SQLException sqlException;

    FailedSqlException(Stage stage, SQLException sqlException) {
        super(sqlException);
        this.stage = stage;
        this.sqlException = sqlException;
    }

    /** Finds the driver's exception under one of Jdbi or a pool. */
    static FailedSqlException of(Stage stage, Throwable wrapper) {
        SQLException found = null;
        for (Throwable e = wrapper; e != null; e = e.getCause()) {
            if (e instanceof SQLException sql) {
                found = sql;
                if (sql instanceof PSQLException) {
                    break;
                }
            }
        }
        return new FailedSqlException(
                stage, found != null ? found : new SQLException(String.valueOf(wrapper.getMessage()), wrapper));
    }

    Stage stage() {
        return stage;
    }

    SQLException sqlException() {
        return sqlException;
    }

    @Nullable
    String sqlState() {
        return sqlException.getSQLState();
    }

    /** What the server said, or null when the driver or the pool failed. */
    @Nullable
    ServerErrorMessage server() {
        return sqlException instanceof PSQLException fromDriver ? fromDriver.getServerErrorMessage() : null;
    }

    /** What the server, the driver or the pool said. */
    String text() {
        ServerErrorMessage server = server();
        if (server == null) {
            return String.valueOf(sqlException.getMessage());
        }
        return server.getMessage()
                + (server.getDetail() == null ? "" : " (" + server.getDetail() + ")")
                + (server.getHint() == null ? "" : ". " + server.getHint());
    }
}
