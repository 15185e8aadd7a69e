package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.examples.benchmarks.report.Figures;
import io.github.workflowhistory.examples.benchmarks.report.Table;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs competitors in turn, round after round, so that whatever else the machine does meets all of them; each into
 * tables of the same state, and each checked for every row.
 *
 * <p>Before the first round each runs until it is warm: until the just-in-time compilers have next to nothing left to do
 * while it runs. They take processor time that a host which runs for hours never misses, and the more the more code there
 * is, so that the same few runs for all would favour those that have little.
 */
final class Rounds {
    /** The compilers' time as a part of a run's, below which a run is quiet. */
    private static final double QUIET = 0.05;
    /** The compilers pause between what runs often and what runs very often, so that one quiet run says little. */
    private static final int QUIET_RUNS = 2;

    private final HistoryTables tables;
    private final int executions;
    private final int longestWarmUp;
    private final int rounds;
    private final LongSupplier compilerMillis;
    private final Consumer<String> progress;

    Rounds(
            HistoryTables tables,
            int executions,
            int longestWarmUp,
            int rounds,
            LongSupplier compilerMillis,
            Consumer<String> progress) {
        this.tables = tables;
        this.executions = executions;
        this.longestWarmUp = longestWarmUp;
        this.rounds = rounds;
        this.compilerMillis = compilerMillis;
        this.progress = progress;
    }

    /** What is done after a run that counts, while its rows are still there. */
    interface Aftermath {
        void ran(Competitor competitor, int executions) throws SQLException;
    }

    Results run(List<? extends Competitor> competitors) throws Exception {
        return run(competitors, (competitor, written) -> {});
    }

    Results run(List<? extends Competitor> competitors, Aftermath aftermath) throws Exception {
        Results results = new Results();
        warmUp(competitors);
        for (int round = 1; round <= rounds; round++) {
            for (Competitor competitor : competitors) {
                double eventsPerSecond = measure(competitor);
                tell("round " + round + " of " + rounds, competitor, eventsPerSecond, "");
                results.add(competitor.name(), eventsPerSecond);
                aftermath.ran(competitor, executionsOf(competitor));
            }
        }
        return results;
    }

    private void warmUp(List<? extends Competitor> competitors) throws Exception {
        Map<Competitor, Integer> quietRuns = new LinkedHashMap<>();
        competitors.forEach(competitor -> quietRuns.put(competitor, 0));
        for (int run = 1; run <= longestWarmUp && !quietRuns.isEmpty(); run++) {
            for (Competitor competitor : List.copyOf(quietRuns.keySet())) {
                long compiled = compilerMillis.getAsLong();
                long start = System.nanoTime();
                double eventsPerSecond = measure(competitor);
                double share = (compilerMillis.getAsLong() - compiled) * 1e6 / (System.nanoTime() - start);
                tell("warm-up", competitor, eventsPerSecond, ", compiling " + Table.decimal(100 * share, 0) + "%");
                int quiet = share < QUIET ? quietRuns.getOrDefault(competitor, 0) + 1 : 0;
                quietRuns.put(competitor, quiet);
                if (quiet == QUIET_RUNS) {
                    quietRuns.remove(competitor);
                }
            }
        }
    }

    private void tell(String round, Competitor competitor, double eventsPerSecond, String more) {
        progress.accept(round + ": " + competitor.name() + ": " + Table.count(eventsPerSecond) + " events/s" + more);
    }

    private double measure(Competitor competitor) throws Exception {
        int written = executionsOf(competitor);
        tables.clear();
        Duration taken = competitor.record(written);
        tables.verify(competitor.name(), written);
        return written * (double) Workload.EVENTS / taken.toNanos() * 1e9;
    }

    private int executionsOf(Competitor competitor) {
        return Math.max(1, (int) Math.round(executions * competitor.share()));
    }

    /** Events per second by competitor and round. */
    static final class Results {
        private final Map<String, List<Double>> eventsPerSecond = new LinkedHashMap<>();

        void add(String competitor, double figure) {
            eventsPerSecond
                    .computeIfAbsent(competitor, name -> new ArrayList<>())
                    .add(figure);
        }

        double median(String competitor) {
            return Figures.median(of(competitor));
        }

        double ratio(String competitor, String baseline) {
            return Figures.medianRatio(of(competitor), of(baseline));
        }

        private List<Double> of(String competitor) {
            return eventsPerSecond.getOrDefault(competitor, List.of());
        }
    }
}
