package io.github.workflowhistory.examples.benchmarks.jmh;

import io.github.workflowhistory.examples.benchmarks.report.Table;
import java.io.File;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * What a call costs the host's thread: how long it takes and how much it allocates. Shows its progress on the standard
 * error and prints the report, in Markdown, on the standard output. {@code --quick} takes a minute instead of five.
 */
public final class HostCosts {
    private static final List<String> CALLS = List.of("info", "infoWithData", "node");
    /** The bytes of all threads, the writer's included, by call. */
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private static final TimeValue ITERATION = TimeValue.milliseconds(100);

    private final List<Integer> threadCounts;
    private final int iterations;
    private final PrintStream err;

    private HostCosts(boolean quick, PrintStream err) {
        this.threadCounts = quick ? List.of(Recording.MAX_THREADS) : List.of(1, Recording.MAX_THREADS);
        this.iterations = quick ? 10 : 50;
        this.err = err;
    }

    /**
     * Runs the benchmarks.
     *
     * @param arguments {@code --quick} or nothing
     */
    public static void main(String[] arguments) throws RunnerException, URISyntaxException {
        letForksFindClasses(HostCosts.class.getClassLoader());
        boolean quick = List.of(arguments).contains("--quick");
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Table table = new HostCosts(quick, err).run();
        System.out.println(Runtime.getRuntime().availableProcessors() + " processors, Java "
                + Runtime.version().feature());
        System.out.println();
        System.out.print(table);
    }

    /** JMH hands its forks the class path of this JVM, which is Maven's own when Maven runs this class. */
    private static void letForksFindClasses(ClassLoader loader) throws URISyntaxException {
        if (loader instanceof URLClassLoader urls) {
            List<String> entries = new ArrayList<>();
            for (URL url : urls.getURLs()) {
                entries.add(Path.of(url.toURI()).toString());
            }
            System.setProperty("java.class.path", String.join(File.pathSeparator, entries));
        }
    }

    private Table run() throws RunnerException {
        Table table = new Table("call", "database", "threads", "median", "p99", "p99.9", "allocated");
        for (String call : CALLS) {
            for (Database database : Database.values()) {
                for (int threads : threadCounts) {
                    row(table, call, database, threads);
                }
            }
        }
        return table;
    }

    private void row(Table table, String call, Database database, int threads) throws RunnerException {
        RunResult result = measure(call, database, threads);
        Statistics nanos = result.getPrimaryResult().getStatistics();
        double bytes = Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED), ALLOCATED)
                .getScore();
        String name = database.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        table.row(
                call,
                name,
                Integer.toString(threads),
                micros(nanos.getPercentile(50)),
                micros(nanos.getPercentile(99)),
                micros(nanos.getPercentile(99.9)),
                Table.count(bytes) + " B");
        err.println(call + ", " + name + ", " + threads + (threads == 1 ? " thread: " : " threads: ")
                + micros(nanos.getPercentile(50)));
    }

    private RunResult measure(String call, Database database, int threads) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(HostCalls.class.getName().replace(".", "\\.") + "\\." + call + "$")
                        .param("database", database.name())
                        .threads(threads)
                        .mode(Mode.SampleTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .warmupIterations(iterations)
                        .warmupTime(ITERATION)
                        .measurementIterations(iterations)
                        .measurementTime(ITERATION)
                        .forks(1)
                        // Records that nobody takes stay alive, and each blocked iteration drops those of the last.
                        .jvmArgs("-Xms2g", "-Xmx2g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off")
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        return results.iterator().next();
    }

    private static String micros(double nanos) {
        return Table.decimal(nanos / 1_000, 2) + " µs";
    }
}
