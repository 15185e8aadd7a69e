package io.github.workflowhistory.examples.quickstart;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param folder the source tree to report on
 * @param jdbcUrl the server to record into, or null for an embedded one
 * @param user the user to whom the execution belongs there, or null for none
 * @param output the file to save the report to, or null to save none
 * @param help whether to explain these options and do nothing else
 */
record Options(
        Path folder,
        @Nullable String jdbcUrl,
        @Nullable UUID user,
        @Nullable Path output,
        boolean help) {
    static final String USAGE = """
            quickstart [OPTIONS] [FOLDER]

            Writes a report on the source tree in FOLDER (default: the current folder), records how that
            went into PostgreSQL, reads it back and draws it as a timeline.

              --jdbc-url URL  record into this server instead of an embedded one that is removed at the end;
                              for example jdbc:postgresql://localhost:5432/app?user=me&password=secret
                              (PGUSER and PGPASSWORD are used when the URL names none). Tables that are
                              missing are created there; nothing is ever dropped.
              --user UUID     with --jdbc-url: the user to whom the execution belongs (default: none)
              --output FILE   save the report as JSON
              --help          show this

            Environment: COLUMNS (width, default 100), NO_COLOR.
            """;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException when it makes no sense; the message says what to change
     */
    static Options parse(String... arguments) {
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        String folder = null;
        String jdbcUrl = null;
        String user = null;
        String output = null;
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            switch (argument) {
                case "--help", "-h" -> {
                    return new Options(Path.of(""), null, null, null, true);
                }
                case "--jdbc-url" -> jdbcUrl = value(argument, rest);
                case "--user" -> user = value(argument, rest);
                case "--output" -> output = value(argument, rest);
                default -> {
                    if (argument.startsWith("-")) {
                        throw new IllegalArgumentException("unknown option " + argument);
                    }
                    if (folder != null) {
                        throw new IllegalArgumentException("one folder at a time, not " + folder + " and " + argument);
                    }
                    folder = argument;
                }
            }
        }
        if (user != null && jdbcUrl == null) {
            throw new IllegalArgumentException("--user needs --jdbc-url: the embedded server has a user of its own");
        }
        return new Options(
                existingFolder(folder == null ? "." : folder),
                jdbcUrl == null ? null : postgresUrl(jdbcUrl),
                user == null ? null : uuid(user),
                output == null ? null : path(output),
                false);
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty() || rest.peek().startsWith("--")) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.pop();
    }

    private static Path existingFolder(String text) {
        Path folder = path(text);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(text + " is not a folder");
        }
        return folder;
    }

    private static Path path(String text) {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(text + " is not a path: " + e.getReason(), e);
        }
    }

    private static String postgresUrl(String text) {
        if (!text.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("--jdbc-url must begin with jdbc:postgresql:");
        }
        return text;
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--user must be a UUID, not " + text, e);
        }
    }
}
