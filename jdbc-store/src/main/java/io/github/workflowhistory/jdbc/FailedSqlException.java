package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.store.HistoryStoreException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A transaction that did not happen, or of which that is not known, with the exceptions of pool and driver. Jdbi's is
 * left out, because it repeats the statement.
 */
final class FailedSqlException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final Pattern CONTROL = Pattern.compile("[\\u0000-\\u001F\\u007F-\\u009F]");

    /** How far it came. */
    enum Stage {
        /** No connection could be had. */
        CONNECT,
        /** A statement failed. */
        EXECUTE,
        /** COPY failed, which is not the only way to insert. */
        COPY,
        /** The commit failed. */
        COMMIT
    }

    private final Stage stage;
    private final SQLException telling;

    private FailedSqlException(Stage stage, SQLException outermost, SQLException telling) {
        super(outermost);
        this.stage = stage;
        this.telling = telling;
    }

    /** Finds the exceptions of pool and driver under one of Jdbi. */
    static FailedSqlException of(Stage stage, Throwable thrown) {
        List<SQLException> chain = Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .toList();
        SQLException outermost =
                chain.isEmpty() ? new SQLException(String.valueOf(thrown.getMessage()), thrown) : chain.get(0);
        SQLException telling = chain.stream()
                .filter(PSQLException.class::isInstance)
                .findFirst()
                .or(() -> chain.stream().filter(e -> e.getSQLState() != null).findFirst())
                .orElse(outermost);
        return new FailedSqlException(stage, outermost, telling);
    }

    Stage stage() {
        return stage;
    }

    @Nullable
    String sqlState() {
        return telling.getSQLState();
    }

    /** What the server said, or null when the driver or the pool failed. */
    @Nullable
    ServerErrorMessage server() {
        return telling instanceof PSQLException fromDriver ? fromDriver.getServerErrorMessage() : null;
    }

    /** The exception for the caller, with everything that led to this one. */
    HistoryStoreException as(HistoryStoreException.Kind kind, String message, boolean inDoubt) {
        HistoryStoreException exception = new HistoryStoreException(kind, message, getCause(), inDoubt);
        for (Throwable suppressed : getSuppressed()) {
            exception.addSuppressed(suppressed);
        }
        return exception;
    }

    /** What the server, the driver or the pool said, in one line. */
    String text() {
        ServerErrorMessage server = server();
        if (server == null) {
            return inOneLine(telling.getMessage());
        }
        return inOneLine(server.getMessage()
                + (server.getDetail() == null ? "" : " (" + server.getDetail() + ")")
                + (server.getHint() == null ? "" : ". " + server.getHint()));
    }

    /** Control characters as escapes, because PostgreSQL quotes rows as they are: they could forge a line in a log. */
    static String inOneLine(@Nullable String text) {
        return CONTROL.matcher(String.valueOf(text))
                .replaceAll(found -> String.format(
                        Locale.ROOT, "\\\\u%04X", (int) found.group().charAt(0)));
    }
}
