package io.github.workflowhistory.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Names of PostgreSQL's that hosts choose, and how they are written in SQL. */
final class Identifiers {
    /** NAMEDATALEN - 1: PostgreSQL cuts longer identifiers without an error, and then finds another object. */
    private static final int MAX_BYTES = 63;

    private Identifiers() {}

    /**
     * Refuses what cannot be a name.
     *
     * @param kind what is named, for the message
     */
    static void requireValid(String kind, String name) {
        Objects.requireNonNull(name, () -> kind + " must not be null");
        if (name.isBlank() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a " + kind + " must not be blank or hold U+0000");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the name of a " + kind + " has at most " + MAX_BYTES + " bytes, not this one: " + name);
        }
        if (name.contains("$workflow_history")) {
            throw new IllegalArgumentException(
                    "the name of a " + kind + " must not hold a dollar quote of the scripts");
        }
    }

    /** A name as an identifier. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A name as a string constant, for standard_conforming_strings. */
    static String literal(String name) {
        return '\'' + name.replace("'", "''") + '\'';
    }
}
