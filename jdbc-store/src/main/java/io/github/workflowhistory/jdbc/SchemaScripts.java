package io.github.workflowhistory.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The scripts of the folder {@code database}, for any schema. */
final class SchemaScripts {
    private static final String SCHEMA = "/database/workflow-execution-schema.sql";
    private static final String PLAIN_AUTH = "/database/plain-postgres-auth.sql";
    private static final String RECORDER_ROLE = "/database/recorder-role.sql";
    private static final Pattern PART_2 = Pattern.compile("^-- Part 2", Pattern.MULTILINE);

    // The scripts use both spellings of a name for what it names and for nothing else.
    private static final String SCHEMA_NAME = "public";
    private static final String ROLE_NAME = "workflow_recorder";

    private SchemaScripts() {}

    /** The script that drops and creates. */
    static String whole(SchemaName schema) {
        return of(SCHEMA, Map.of(SCHEMA_NAME, schema.name()));
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
        return of(PLAIN_AUTH, Map.of(SCHEMA_NAME, schema.name()));
    }

    static String recorderRole(SchemaName schema, String role) {
        Identifiers.requireValid("role", role);
        return of(RECORDER_ROLE, Map.of(SCHEMA_NAME, schema.name(), ROLE_NAME, role));
    }

    /** A script with other names, by those that it uses. */
    private static String of(String resource, Map<String, String> names) {
        Map<String, String> spellings = new HashMap<>();
        names.forEach((name, other) -> {
            spellings.put(Identifiers.quoted(name), Identifiers.quoted(other));
            spellings.put(Identifiers.literal(name), Identifiers.literal(other));
        });
        // In one pass, so that a name which contains another spelling is not replaced twice.
        return Pattern.compile(String.join("|", spellings.keySet()))
                .matcher(read(resource))
                .replaceAll(found -> Matcher.quoteReplacement(Objects.requireNonNull(spellings.get(found.group()))));
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
