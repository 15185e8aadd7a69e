package io.github.workflowhistory.jdbc.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two scripts as they are shipped, and the SQL files of these tests. */
final class Scripts {
    static final String AUTH = resource("/database/plain-postgres-auth.sql");
    static final String WHOLE = resource("/database/workflow-execution-schema.sql");
    static final String PART_2 = fromPart2(WHOLE);

    private Scripts() {}

    /** A file beside these tests, or by an absolute name a script of the library. */
    static String resource(String name) {
        try (InputStream in = Scripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the script's header says about another schema. */
    static String inSchema(String schema, String script) {
        return script.replace("\"public\"", '"' + schema.replace("\"", "\"\"") + '"')
                .replace("'public'", '\'' + schema.replace("'", "''") + '\'');
    }

    private static String fromPart2(String script) {
        Matcher line = Pattern.compile("^-- Part 2", Pattern.MULTILINE).matcher(script);
        if (!line.find()) {
            throw new IllegalStateException("no line starts with -- Part 2");
        }
        return script.substring(line.start());
    }
}
