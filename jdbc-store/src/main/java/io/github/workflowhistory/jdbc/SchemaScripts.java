package io.github.workflowhistory.jdbc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The scripts of the folder {@code database}, for any schema. */
final class SchemaScripts {
    private static final String SCHEMA = "/database/workflow-execution-schema.sql";
    private static final String PLAIN_AUTH = "/database/plain-postgres-auth.sql";
    private static final Pattern PART_2 = Pattern.compile("^-- Part 2", Pattern.MULTILINE);
    private static final Pattern FUNCTION = Pattern.compile(
            "create or replace function .*?\\$workflow_history_function\\$(.*?)\\$workflow_history_function\\$;",
            Pattern.DOTALL);

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
        return of(PLAIN_AUTH, schema);
    }

    private static String of(String resource, SchemaName schema) {
        // In one pass, so that a name which contains another spelling is not replaced twice.
        return SCHEMA_NAME
                .matcher(Resources.text(resource))
                .replaceAll(found ->
                        Matcher.quoteReplacement(found.group().startsWith("\"") ? schema.quoted() : schema.literal()));
    }
}
