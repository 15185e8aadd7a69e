package io.github.workflowhistory.jdbc;

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
    private static final Pattern FUNCTION = Pattern.compile(
            "create or replace function .*?\\$workflow_history_function\\$(.*?)\\$workflow_history_function\\$;",
            Pattern.DOTALL);

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

    /** The statement of Part 2 that makes the function of the trigger. */
    static String createFunction(SchemaName schema) {
        return function(schema).group();
    }

    /** What that function consists of. */
    static String functionBody(SchemaName schema) {
        return function(schema).group(1);
    }

    private static Matcher function(SchemaName schema) {
        Matcher function = FUNCTION.matcher(whole(schema));
        if (!function.find()) {
            throw new IllegalStateException(SCHEMA + " makes no function");
        }
        return function;
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
                .matcher(Resources.text(resource))
                .replaceAll(found -> Matcher.quoteReplacement(Objects.requireNonNull(spellings.get(found.group()))));
    }
}
