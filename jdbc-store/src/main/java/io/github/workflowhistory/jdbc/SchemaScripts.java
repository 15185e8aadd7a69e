package io.github.workflowhistory.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The scripts of the folder {@code database}, for any schema. */
final class SchemaScripts {
    private static final String SCHEMA = "/database/workflow-execution-schema.sql";
    private static final String PLAIN_AUTH = "/database/plain-postgres-auth.sql";
    private static final Pattern PART_2 = Pattern.compile("^-- Part 2", Pattern.MULTILINE);

    // The scripts use both spellings for the schema's name and for nothing else.
    private static final Pattern SCHEMA_NAME = Pattern.compile("\"public\"|'public'");

    private SchemaScripts() {}

    /** The script that drops and creates. */
    static String whole(SchemaName schema) {
        return of(SCHEMA, schema);
    }

    /** What creates and adopts. */
    static String part2(SchemaName schema) {
        String script = whole(schema);
        Matcher part2 = PART_2.matcher(script);
        if (!part2.find()) {
            throw new IllegalStateException(SCHEMA + " has no line that starts with \"-- Part 2\"");
        }
        return script.substring(part2.start());
    }

    static String plainPostgresAuth(SchemaName schema) {
        return of(PLAIN_AUTH, schema);
    }

    private static String of(String resource, SchemaName schema) {
        // In one pass, so that a name which contains another spelling is not replaced twice.
        return SCHEMA_NAME
                .matcher(read(resource))
                .replaceAll(found ->
                        Matcher.quoteReplacement(found.group().startsWith("\"") ? schema.quoted() : schema.literal()));
    }

    private static String read(String resource) {
        try (InputStream script = SchemaScripts.class.getResourceAsStream(resource)) {
            if (script == null) {
                throw new IllegalStateException("the script " + resource + " is missing from the library's jar");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the script " + resource + " cannot be read", e);
        }
    }
}
