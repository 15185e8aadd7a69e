package io.github.workflowhistory.jdbc.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.PSQLException;

/** A connection of a test. Unless it says otherwise it is one transaction, which is rolled back at the end. */
final class Session implements AutoCloseable {
    static final String ALICE = "00000000-0000-4000-8000-00000000000a";
    static final String BOB = "00000000-0000-4000-8000-00000000000b";

    private final Connection connection;

    Session(Connection connection, boolean autoCommit) {
        this.connection = connection;
        sql(() -> connection.setAutoCommit(autoCommit));
    }

    /** Runs one or more statements as they are; returns what the server had to say. */
    List<String> run(String script) {
        return sql(() -> execute(script));
    }

    /** Runs what is expected to fail, and takes it back. */
    Refusal refused(String script) {
        return sql(() -> {
            Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
            try {
                execute(script);
            } catch (PSQLException e) {
                if (before != null) {
                    connection.rollback(before);
                }
                return Refusal.of(e);
            }
            throw new AssertionError("was not refused: " + script);
        });
    }

    /** The rows, their columns joined by {@code " | "}. */
    List<String> rows(String query, Object... arguments) {
        return sql(() -> {
            try (PreparedStatement statement = connection.prepareStatement(query)) {
                for (int i = 0; i < arguments.length; i++) {
                    statement.setObject(i + 1, arguments[i]);
                }
                try (ResultSet result = statement.executeQuery()) {
                    return joined(result);
                }
            }
        });
    }

    /** The only row. */
    String row(String query, Object... arguments) {
        List<String> rows = rows(query, arguments);
        if (rows.size() != 1) {
            throw new AssertionError(rows.size() + " rows instead of one: " + query);
        }
        return rows.get(0);
    }

    /** How many rows a statement changed. */
    int changed(String statement) {
        return sql(() -> {
            try (Statement s = connection.createStatement()) {
                return s.executeUpdate(statement);
            }
        });
    }

    void actAs(String user) {
        row(
                "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ?, true)",
                "{\"sub\": \"" + user + "\"}");
    }

    void actAsRole(String role) {
        row("select set_config('role', ?, true), set_config('request.jwt.claims', '', true)", role);
    }

    /** Back to the role that the session was opened as. */
    void actAsOwner() {
        actAsRole("none");
    }

    /** From here on as if this role had logged in, whatever the server asks of a login. */
    void logInAs(String role) {
        run("set session authorization " + role);
    }

    void commit() {
        sql(connection::commit);
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        sql(() -> {
            try (connection) {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
            }
        });
    }

    private List<String> execute(String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(script);
            List<String> notices = new ArrayList<>();
            for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
                notices.add(w.getMessage());
            }
            return notices;
        }
    }

    private static List<String> joined(ResultSet result) throws SQLException {
        List<String> rows = new ArrayList<>();
        while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                row.add(String.valueOf(result.getString(column)));
            }
            rows.add(String.join(" | ", row));
        }
        return rows;
    }

    private static <T> T sql(Call<T> call) {
        try {
            return call.run();
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static void sql(Action action) {
        Session.<Void>sql(() -> {
            action.run();
            return null;
        });
    }

    private interface Call<T> {
        T run() throws SQLException;
    }

    private interface Action {
        void run() throws SQLException;
    }
}
