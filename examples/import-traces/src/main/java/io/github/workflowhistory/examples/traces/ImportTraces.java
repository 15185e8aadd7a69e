package io.github.workflowhistory.examples.traces;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Records workflow traces as executions, and checks what the database holds against the files. */
public final class ImportTraces {
    private final ExecutionStore store;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, Path> imported = new HashMap<>();
    private final List<Path> recorded = new ArrayList<>();
    private int refused;
    private int knownBefore;
    private long tasks;
    private long nanos;

    ImportTraces(ExecutionStore store, PrintStream out, PrintStream err) {
        this.store = store;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the example.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        // UTF-8 whatever the locale: names of workflows and tasks may need it.
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int exitCode = run(out, err, arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Does everything; returns the exit code. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println("import-traces: " + e.getMessage() + " (--help shows the options)");
            return 2;
        }
        if (options.help()) {
            out.print(Options.USAGE);
            return 0;
        }
        String url = options.jdbcUrl();
        try (Database database = url == null ? Database.embedded() : Database.at(url)) {
            ExecutionStore store = JdbcExecutionStore.create(database.pool());
            out.println("Recording into " + database.describe());
            return new ImportTraces(store, out, err).importAll(options.paths());
        } catch (Exception e) {
            err.println("import-traces: " + oneLine(e));
            return 1;
        }
    }

    /** Imports all, then verifies all; returns the exit code. */
    int importAll(List<Path> paths) {
        for (Path path : paths) {
            try {
                TraceFiles.of(path).forEach(this::importFile);
            } catch (TraceException e) {
                refuse(path, e);
            }
        }
        long differing = recorded.stream().filter(file -> !verify(file)).count();
        summary(differing);
        return differing == 0 && refused == 0 ? 0 : 1;
    }

    private void importFile(Path file) {
        try {
            Trace trace = TraceReader.read(file);
            List<HistoryBatch> batches = TraceHistory.batches(trace);
            Path same = imported.putIfAbsent(trace.id(), file);
            if (same != null) {
                err.println(file + ": is the same trace as " + same + ", and is left out");
                return;
            }
            if (store.findExecution(trace.id()).isPresent()) {
                knownBefore++;
            }
            long start = System.nanoTime();
            batches.forEach(store::record);
            nanos += System.nanoTime() - start;
            tasks += trace.tasks().size();
            recorded.add(file);
        } catch (TraceException e) {
            refuse(file, e);
        } catch (IllegalArgumentException e) {
            // The domain refuses, for example, names that are too long for an id.
            refuse(file, new TraceException("cannot be recorded: " + e.getMessage()));
        }
    }

    /** Reads the file again and compares it with what the store gives back. */
    private boolean verify(Path file) {
        try {
            Trace trace = TraceReader.read(file);
            ExecutionDetails stored = store.findDetails(trace.id())
                    .orElseThrow(() -> new TraceException("its execution " + trace.id() + " is not in the database"));
            List<String> differences = Verification.differences(trace, stored);
            out.printf(
                    Locale.ROOT,
                    "  %-14s %,7d tasks  %s  %s%n",
                    differences.isEmpty() ? "verified" : count(differences.size(), "difference"),
                    trace.tasks().size(),
                    trace.executedAt(),
                    oneLine(trace.workflow()));
            differences.forEach(difference -> err.println(file + ": " + oneLine(difference)));
            return differences.isEmpty();
        } catch (TraceException e) {
            err.println(file + ": " + oneLine(e));
            return false;
        }
    }

    private void summary(long differing) {
        if (refused > 0) {
            out.printf(Locale.ROOT, "%n%,d refused%n", refused);
        }
        if (recorded.isEmpty()) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "%n%s, %s, %s: %s%n",
                count(recorded.size(), "execution"),
                count(tasks, "node result"),
                count(tasks, "log"),
                differing == 0 ? "all verified" : "differences in " + count(differing, "execution"));
        double seconds = Math.max(nanos, 1) / 1e9;
        out.printf(
                Locale.ROOT,
                "Recorded in %.2f s: %,.0f executions, %,.0f node results and %,.0f logs per second"
                        + " (one thread, cold JVM)%n",
                seconds,
                recorded.size() / seconds,
                tasks / seconds,
                tasks / seconds);
        if (knownBefore == 0) {
            out.println("Ids come from the contents of the files: importing them again changes nothing.");
        } else if (differing == 0) {
            out.println("There before, and unchanged: " + count(knownBefore, "execution"));
        }
    }

    private static String count(long number, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", number, thing, number == 1 ? "" : "s");
    }

    private void refuse(Path path, TraceException reason) {
        refused++;
        err.println(path + ": " + oneLine(reason));
    }

    private static String oneLine(Exception e) {
        return oneLine(String.valueOf(e.getMessage()));
    }

    /** The first line without control characters, which a terminal would obey. */
    private static String oneLine(String text) {
        return text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "·");
    }
}
