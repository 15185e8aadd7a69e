package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.Json;
import io.github.workflowhistory.store.HistoryOrder;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Rows to be written, and what goes into each column. They travel in one of two ways, whatever their number: as one
 * array a column for {@code unnest}, or as binary rows for COPY.
 *
 * @param <T> what becomes a row
 */
final class Columns<T> {
    private final List<T> rows;
    private final List<Column<T, ?>> columns = new ArrayList<>();

    private Columns(List<T> rows) {
        this.rows = rows;
    }

    static <T> Columns<T> of(List<T> rows) {
        return new Columns<>(rows);
    }

    Columns<T> text(String name, Function<T, @Nullable String> value) {
        return column(name, ColumnType.TEXT, value);
    }

    Columns<T> uuid(String name, Function<T, @Nullable UUID> value) {
        return column(name, ColumnType.UUID, value);
    }

    Columns<T> json(String name, Function<T, @Nullable Json> value) {
        return column(name, ColumnType.JSONB, value);
    }

    Columns<T> integer(String name, Function<T, @Nullable Integer> value) {
        return column(name, ColumnType.INTEGER, value);
    }

    Columns<T> instant(String name, Function<T, @Nullable Instant> value) {
        return column(name, ColumnType.TIMESTAMPTZ, value);
    }

    /** Milliseconds for an INTEGER column, which ends at 24.8 days: longer durations stay there. */
    Columns<T> millis(String name, Function<T, @Nullable Duration> value) {
        return integer(name, row -> {
            Duration duration = value.apply(row);
            return duration == null ? null : (int) Math.min(duration.toMillis(), Integer.MAX_VALUE);
        });
    }

    private <V> Columns<T> column(String name, ColumnType<V> type, Function<T, @Nullable V> value) {
        columns.add(new Column<>(name, type, value));
        return this;
    }

    /**
     * The same rows in the order of ids, in which all writers insert. For {@code unnest} the statement itself sorts.
     */
    Columns<T> inOrderOf(Function<T, String> id) {
        List<T> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparing(id, HistoryOrder.IDS));
        Columns<T> result = new Columns<>(sorted);
        result.columns.addAll(columns);
        return result;
    }

    /** How many rows there are. */
    int size() {
        return rows.size();
    }

    /** The names of the columns, in the order in which {@link #writeTo} writes them. */
    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** The types of the columns, in the same order. */
    List<String> types() {
        return columns.stream().map(column -> column.type().name()).toList();
    }

    /** Binds each column as an array of the same name, every element as text that PostgreSQL reads by its type. */
    void bind(Query statement) {
        bind(statement, "");
    }

    /** The same under names that begin with a prefix, for a statement that travels with another one. */
    void bind(Query statement, String prefix) {
        for (Column<T, ?> column : columns) {
            statement.bind(
                    prefix + column.name(), new ArrayArgument(column.type().nameInArray(), column.texts(rows)));
        }
    }

    /** Writes all rows. */
    void writeTo(BinaryRows binary) throws SQLException {
        for (T row : rows) {
            binary.startRow(columns.size());
            for (Column<T, ?> column : columns) {
                column.write(row, binary);
            }
        }
    }

    private record Column<T, V>(String name, ColumnType<V> type, Function<T, @Nullable V> value) {
        @Nullable
        String[] texts(List<T> rows) {
            @Nullable String[] texts = new @Nullable String[rows.size()];
            for (int i = 0; i < texts.length; i++) {
                V cell = value.apply(rows.get(i));
                texts[i] = cell == null ? null : type.text(cell);
            }
            return texts;
        }

        void write(T row, BinaryRows binary) throws SQLException {
            V cell = value.apply(row);
            if (cell == null) {
                binary.nothing();
            } else {
                type.write(cell, binary);
            }
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
