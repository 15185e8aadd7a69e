package io.github.workflowhistory.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The results of statements that were sent together, one after the other. */
final class Results {
    private final PreparedStatement statement;
    private boolean first = true;

    /** Reads from a statement that has been executed. */
    Results(PreparedStatement statement) {
        this.statement = statement;
    }

    /** Reads one row. */
    interface Row<T extends @Nullable Object> {
        T read(ResultSet row) throws SQLException;
    }

    /** Passes over the result of one statement. */
    void skip() throws SQLException {
        advance();
    }

    /** How many rows the next statement wrote. */
    int count() throws SQLException {
        if (advance()) {
            throw new IllegalStateException("a statement was expected to write, not to read");
        }
        return statement.getUpdateCount();
    }

    /** The rows that the next statement read. */
    <T extends @Nullable Object> List<T> rows(Row<T> row) throws SQLException {
        if (!advance()) {
            throw new IllegalStateException("a statement was expected to read, not to write");
        }
        try (ResultSet resultSet = statement.getResultSet()) {
            List<T> rows = new ArrayList<>();
            while (resultSet.next()) {
                rows.add(row.read(resultSet));
            }
            return rows;
        }
    }

    /** Goes to the next result, which PreparedStatement.execute has already done for the first one. */
    private boolean advance() throws SQLException {
        if (first) {
            first = false;
            // The answer of execute() is lost behind Jdbi; the update count tells the same.
            return statement.getUpdateCount() == -1;
        }
        return statement.getMoreResults();
    }
}
