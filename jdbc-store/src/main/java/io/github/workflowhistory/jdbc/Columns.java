package io.github.workflowhistory.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Rows to be written, as one array a column for {@code unnest}: any number of rows is one statement with a handful of
 * parameters. Every element travels as text that PostgreSQL reads by the type of the array.
 *
 * @param <T> what becomes a row
 */
final class Columns<T> {
    private final List<T> rows;
    private final List<String> names = new ArrayList<>();
    private final List<ArrayArgument> arrays = new ArrayList<>();

    private Columns(List<T> rows) {
        this.rows = rows;
    }

    static <T> Columns<T> of(List<T> rows) {
        return new Columns<>(rows);
    }

    Columns<T> text(String name, Function<T, @Nullable String> value) {
        return column(name, "text", value);
    }

    Columns<T> uuid(String name, Function<T, @Nullable UUID> value) {
        return column(name, "uuid", row -> toString(value.apply(row)));
    }

    Columns<T> json(String name, Function<T, ? extends @Nullable Object> value) {
        return column(name, "jsonb", row -> toString(value.apply(row)));
    }

    Columns<T> integer(String name, Function<T, Integer> value) {
        return column(name, "int4", row -> toString(value.apply(row)));
    }

    /**
     * Instants in ISO 8601 with their offset, which PostgreSQL reads exactly and alike under every time zone and
     * datestyle. Instant.toString writes the years 1 to 9999 with four digits.
     */
    Columns<T> instant(String name, Function<T, @Nullable Instant> value) {
        return column(name, "timestamptz", row -> toString(value.apply(row)));
    }

    /** Milliseconds for an INTEGER column, which ends at 24.8 days: longer durations stay there. */
    Columns<T> millis(String name, Function<T, @Nullable Duration> value) {
        return column(name, "int4", row -> {
            Duration duration = value.apply(row);
            return duration == null ? null : Long.toString(Math.min(duration.toMillis(), Integer.MAX_VALUE));
        });
    }

    private Columns<T> column(String name, String type, Function<T, @Nullable String> text) {
        @Nullable String[] values = new @Nullable String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = text.apply(rows.get(i));
        }
        names.add(name);
        arrays.add(new ArrayArgument(type, values));
        return this;
    }

    private static @Nullable String toString(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    void bind(Query statement) {
        for (int i = 0; i < names.size(); i++) {
            statement.bind(names.get(i), arrays.get(i));
        }
    }

    /** An array of one of PostgreSQL's own types, each element as text. */
    private static final class ArrayArgument implements Argument {
        private final String type;
        private final @Nullable String[] values;

        ArrayArgument(String type, @Nullable String[] values) {
            this.type = type;
            this.values = values;
        }

        @Override
        public void apply(int position, PreparedStatement statement, StatementContext context) throws SQLException {
            statement.setArray(position, statement.getConnection().createArrayOf(type, values));
        }

        /** Not the elements, as Jdbi puts arguments into the messages of its exceptions. */
        @Override
        public String toString() {
            return type + "[" + values.length + "]";
        }
    }
}
