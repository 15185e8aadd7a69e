package io.github.workflowhistory.jdbc;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Sends statements on the connection of one transaction. What opens the transaction travels in front of the first
 * statement, so that it costs no round trip of its own: pgjdbc splits at semicolons and sends all parts at once.
 */
final class Statements {
    private final Handle handle;
    private final SchemaName schema;
    private final TransactionSettings settings;
    private boolean opened;

    Statements(Handle handle, SchemaName schema, TransactionSettings settings) {
        this.handle = handle;
        this.schema = schema;
        this.settings = settings;
    }

    /** Makes something of the results of what was sent. */
    interface Reader<T extends @Nullable Object> {
        T read(Results results) throws SQLException;
    }

    /** Sends one statement, or several with semicolons between them, in one round trip. */
    <T extends @Nullable Object> T send(String sql, Consumer<Query> parameters, Reader<T> reader) {
        String opening = opened ? "" : settings.opening();
        String closing = settings.atOnce() ? ";\ncommit" : "";
        try (Query query = handle.createQuery(opening + schema.in(sql) + closing)) {
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
                return reader.read(results);
            });
            opened = true;
            return result;
        }
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
