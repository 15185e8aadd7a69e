package io.github.workflowhistory.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The schema that holds the tables, and how it is written in SQL. Statements name it as <code>{schema}</code>, so that
 * no name in them depends on the search_path.
 *
 * @param name the schema's name as it stands in the catalog
 */
record SchemaName(String name) {
    static final SchemaName PUBLIC = new SchemaName("public");

    /** NAMEDATALEN - 1: PostgreSQL cuts longer identifiers without an error, and then finds another schema. */
    private static final int MAX_BYTES = 63;

    SchemaName {
        Objects.requireNonNull(name, "schema must not be null");
        if (name.isBlank() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a schema must not be blank or hold U+0000");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the name of a schema has at most " + MAX_BYTES + " bytes, not this one: " + name);
        }
        if (name.contains("$workflow_history")) {
            throw new IllegalArgumentException("the name of a schema must not hold a dollar quote of the scripts");
        }
    }

    /** The name as an identifier. */
    String quoted() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The name as a string constant, for standard_conforming_strings. */
    String literal() {
        return '\'' + name.replace("'", "''") + '\'';
    }

    /** A statement with the schema filled in. */
    String in(String statement) {
        return statement.replace("{schema}", quoted());
    }
}
