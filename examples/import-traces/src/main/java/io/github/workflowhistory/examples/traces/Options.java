package io.github.workflowhistory.examples.traces;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param paths files and folders with traces
 * @param jdbcUrl the server to record into, or null for an embedded one
 * @param help whether to explain these options and do nothing else
 */
record Options(List<Path> paths, @Nullable String jdbcUrl, boolean help) {
    static final String USAGE = """
            import-traces [OPTIONS] FILE|FOLDER...

            Reads workflow traces in WfFormat 1.5 (https://github.com/wfcommons/WfFormat) from files, or from
            the .json files in folders, records each as an execution with a node result and a log per task, on
            the trace's own time line, and checks what the database holds against the files, task by task.

              --jdbc-url URL  record into this server instead of an embedded one that is removed at the end;
                              for example jdbc:postgresql://localhost:5432/app?user=me&password=secret
                              (PGUSER and PGPASSWORD are used when the URL names none). Tables that are
                              missing are created there; nothing is ever dropped.
              --help          show this

            Exit code: 0 when every file was recorded and verified, 1 when a file is not a trace or something
            differs, 2 when the command line makes no sense.
            """;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException when it makes no sense; the message says what to change
     */
    static Options parse(String... arguments) {
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        List<Path> paths = new ArrayList<>();
        String jdbcUrl = null;
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            switch (argument) {
                case "--help", "-h" -> {
                    return new Options(List.of(), null, true);
                }
                case "--jdbc-url" -> jdbcUrl = postgresUrl(rest.poll());
                default -> {
                    if (argument.startsWith("-")) {
                        throw new IllegalArgumentException("unknown option " + argument);
                    }
                    paths.add(path(argument));
                }
            }
        }
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("name a file or a folder with traces");
        }
        return new Options(List.copyOf(paths), jdbcUrl, false);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(text + " is not a path: " + e.getReason(), e);
        }
    }

    private static String postgresUrl(@Nullable String text) {
        if (text == null || !text.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("--jdbc-url needs a URL that begins with jdbc:postgresql:");
        }
        return text;
    }
}
