package io.github.workflowhistory.examples.benchmarks.load;

import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/**
 * How many events a second become durable, end to end. Shows its progress on the standard error and prints the report, in
 * Markdown, on the standard output. Ends with exit code 1 when the run is void.
 */
public final class LoadBenchmark {
    private static final int SWEEP_ROUNDS = 3;
    private static final Duration EASY_LOAD = Duration.ofSeconds(3);

    private final PrintStream out;
    private final PrintStream err;

    LoadBenchmark(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        Command command = Command.ofProcess();
        int exitCode = new LoadBenchmark(command.out(), command.err()).run(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Does everything; returns the exit code. */
    int run(String... arguments) {
        return new Command(out, err).run(() -> Options.parse(arguments), Options::help, Options.USAGE, this::measure);
    }

    private void measure(Options options) throws Exception {
        try (DurableServer server = DurableServer.start();
                HistoryTables tables = new HistoryTables(server.connect())) {
            out.println(server.describe() + "; " + Runtime.getRuntime().availableProcessors() + " processors, Java "
                    + Runtime.version().feature());
            report(options, server, tables);
        }
    }

    private void report(Options options, DurableServer server, HistoryTables tables) throws Exception {
        Workload workload = new Workload(DurableServer.USER);

        section("Merging");
        out.println(new Merging(server, workload, tables).run());

        section("Speed: medians of " + options.rounds() + " rounds, ratios taken round by round");
        List<Competitor> competitors =
                Field.of(server, workload).stream().filter(options::includes).toList();
        Rounds rounds = rounds(tables, options, options.executions(), options.rounds());
        Standings standings = new Standings(competitors, rounds.run(competitors));
        out.println(standings.table());
        out.print(standings.costOfWaiting());
        standings.requireMeaning();

        if (options.sweeps()) {
            Rounds sweep = rounds(tables, options, Math.max(1, options.executions() / 2), SWEEP_ROUNDS);
            section("Batch sizes");
            out.print(new BatchSizes(server, workload).run(sweep, tables));
            section("Lingers");
            out.print(new Lingers(server, workload, tables).run(sweep, SWEEP_ROUNDS, EASY_LOAD, err::println));
        }
    }

    private Rounds rounds(HistoryTables tables, Options options, int executions, int rounds) {
        return new Rounds(
                tables, executions, options.longestWarmUp(), rounds, LoadBenchmark::compilerMillis, err::println);
    }

    private static long compilerMillis() {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        // A virtual machine that only interprets has none.
        return compilers == null ? 0 : compilers.getTotalCompilationTime();
    }

    private void section(String title) {
        out.println();
        out.println(title);
        out.println();
    }
}
