package io.github.workflowhistory.jdbc;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends statements on the connection of one transaction. What opens the transaction travels in front of the first
 * statement, so that it costs no round trip of its own: pgjdbc splits at semicolons and sends all parts at once.
 */
final class Statements {
    private final Handle handle;
    private final SchemaName schema;
    private final TransactionSettings settings;
    private final List<Deferred> deferred = new ArrayList<>();
    private boolean opened;

    Statements(Handle handle, SchemaName schema, TransactionSettings settings) {
        this.handle = handle;
        this.schema = schema;
        this.settings = settings;
    }

    /** A statement that goes along with the next one. */
    private record Deferred(String sql, Consumer<Query> parameters) {}

    /** Makes something of the results of what was sent. */
    interface Reader<T extends @Nullable Object> {
        T read(Results results) throws SQLException;
    }

    /**
     * Lets a statement go along with the next one that is sent, in front of it, so that it costs no round trip; COPY
     * passes it by.
     *
     * @param sql one statement whose result nobody needs
     * @param parameters binds its parameters; no other statement that it may meet has one of the same name
     */
    void defer(String sql, Consumer<Query> parameters) {
        deferred.add(new Deferred(sql, parameters));
    }

    /** Sends what was deferred and found no other statement. */
    void sendDeferred() {
        if (!deferred.isEmpty()) {
            Deferred last = deferred.remove(deferred.size() - 1);
            send(last.sql(), last.parameters(), Results::count);
        }
    }

    /**
     * Opens the transaction in a round trip of its own, which locks nothing. When this returns, the transaction has its
     * time, {@code now()} in SQL, however long what follows is on its way.
     */
    void open() {
        boolean unused = send("select pg_catalog.now()", false, query -> {}, results -> true);
    }

    /**
     * Sends one statement, or several with semicolons between them, in one round trip; with
     * {@link TransactionSettings#atOnce()} the commit as well.
     */
    <T extends @Nullable Object> T send(String sql, Consumer<Query> parameters, Reader<T> reader) {
        return send(sql, settings.atOnce(), parameters, reader);
    }

    private <T extends @Nullable Object> T send(
            String sql, boolean commits, Consumer<Query> parameters, Reader<T> reader) {
        List<Deferred> before = List.copyOf(deferred);
        deferred.clear();
        StringBuilder text = new StringBuilder(opened ? "" : settings.opening());
        before.forEach(statement -> text.append(schema.in(statement.sql())).append(";\n"));
        text.append(schema.in(sql)).append(commits ? ";\ncommit" : "");
        try (Query query = handle.createQuery(text.toString())) {
            before.forEach(statement -> statement.parameters().accept(query));
            parameters.accept(query);
            if (!opened) {
                settings.bind(query);
            }
            // Never by cursor, whatever the connection's default says: the parts share one round trip.
            query.setFetchSize(0);
            T result = query.execute((executed, context) -> {
                Results results = new Results(executed.get());
                if (!opened) {
                    settings.skip(results);
                }
                for (int i = 0; i < before.size(); i++) {
                    results.skip();
                }
                return reader.read(results);
            });
            opened = true;
            return result;
        }
    }

    /**
     * Inserts rows by COPY, in two round trips. Something has to have been sent before, which opens the transaction.
     *
     * @return how many rows there are now that were not there before
     * @throws CopyFailedException when the connection is gone or the server refuses one of the rows, or COPY altogether
     */
    int copy(String table, Columns<?> columns) {
        if (!opened) {
            throw new IllegalStateException("COPY cannot open a transaction");
        }
        String names = columns.names().stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        try {
            CopyIn copy = connection()
                    .getCopyAPI()
                    .copyIn("copy " + nameOf(table) + " (" + names + ") from stdin (format binary)");
            try {
                BinaryRows rows = new BinaryRows(BinaryRows.CHUNK_BYTES, copy::writeToCopy);
                columns.writeTo(rows);
                rows.end();
                return Math.toIntExact(copy.endCopy());
            } catch (Throwable e) {
                cancel(copy, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new CopyFailedException(e);
        }
    }

    /** Tells whether the driver can be reached for COPY, which is not part of JDBC. */
    boolean canCopy() {
        try {
            return handle.getConnection().isWrapperFor(PGConnection.class);
        } catch (SQLException e) {
            throw new CopyFailedException(e);
        }
    }

    private PGConnection connection() throws SQLException {
        return handle.getConnection().unwrap(PGConnection.class);
    }

    /** Leaves no COPY open, which the driver would wait for at the next statement, the rollback. */
    private static void cancel(CopyIn copy, Throwable failure) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** The schema's name as it stands in the catalog. */
    String schemaName() {
        return schema.name();
    }

    /** The name of a table as text that PostgreSQL reads as a name. */
    String nameOf(String table) {
        return schema.quoted() + "." + table;
    }

    /**
     * Runs a script that has no parameters.
     *
     * @return the notices that it raised
     */
    List<String> script(String sql) {
        String opening = opened ? "" : settings.opening();
        opened = true;
        try (Statement statement = handle.getConnection().createStatement()) {
            // Braces in a script are its own, not JDBC's.
            statement.setEscapeProcessing(false);
            statement.execute(opening + sql);
            List<String> notices = new ArrayList<>();
            for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                notices.add(notice.getMessage());
            }
            return List.copyOf(notices);
        } catch (SQLException e) {
            throw new UnableToExecuteStatementException(e, null);
        }
    }
}
