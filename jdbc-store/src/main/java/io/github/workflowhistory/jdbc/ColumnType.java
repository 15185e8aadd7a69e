package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.Json;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Function;

/**
 * A type of PostgreSQL's own, and the two forms in which its values travel.
 *
 * @param <V> the values
 */
final class ColumnType<V> {
    static final ColumnType<String> TEXT = new ColumnType<>("text", "text", text -> text, BinaryRows::text);
    static final ColumnType<java.util.UUID> UUID =
            new ColumnType<>("uuid", "uuid", java.util.UUID::toString, BinaryRows::uuid);
    /**
     * In an array as text, because the driver sends an array of text as it is, and every other one as a literal, in
     * which each quote of the JSON is escaped and has to be read twice. Measured: 4% of the time of a batch.
     */
    static final ColumnType<Json> JSONB = new ColumnType<>("jsonb", "text", Json::text, BinaryRows::jsonb);

    static final ColumnType<Integer> INTEGER = new ColumnType<>("int4", "int4", String::valueOf, BinaryRows::int4);

    /**
     * As text in ISO 8601 with its offset, which PostgreSQL reads exactly and alike under every time zone and
     * datestyle. Instant.toString writes the years 1 to 9999 with four digits.
     */
    static final ColumnType<Instant> TIMESTAMPTZ =
            new ColumnType<>("timestamptz", "timestamptz", Instant::toString, BinaryRows::timestamptz);

    private final String name;
    private final String nameInArray;
    private final Function<V, String> text;
    private final Binary<V> binary;

    private ColumnType(String name, String nameInArray, Function<V, String> text, Binary<V> binary) {
        this.name = name;
        this.nameInArray = nameInArray;
        this.text = text;
        this.binary = binary;
    }

    /** Writes a value in the type's binary format. */
    private interface Binary<V> {
        void write(BinaryRows rows, V value) throws SQLException;
    }

    /** The type's name in schema {@code pg_catalog}. */
    String name() {
        return name;
    }

    /** The type of the elements when values travel as an array; the statement casts those that arrive as text. */
    String nameInArray() {
        return nameInArray;
    }

    /** The value as text that PostgreSQL reads as this type. */
    String text(V value) {
        return text.apply(value);
    }

    /** Writes the value in the type's binary format. */
    void write(V value, BinaryRows rows) throws SQLException {
        binary.write(rows, value);
    }
}
