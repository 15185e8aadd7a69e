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

/**
 * Runs competitors in turn, round after round, so that whatever else the machine does meets all of them; each into
 * tables of the same state, and each checked for every row. The first round warms up and does not count.
 */
final class Rounds {
    private final HistoryTables tables;
    private final int executions;
    private final int rounds;
    private final Consumer<String> progress;

    Rounds(HistoryTables tables, int executions, int rounds, Consumer<String> progress) {
        this.tables = tables;
        this.executions = executions;
        this.rounds = rounds;
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
        for (int round = 0; round <= rounds; round++) {
            for (Competitor competitor : competitors) {
                double eventsPerSecond = measure(competitor);
                progress.accept((round == 0 ? "warm-up" : "round " + round + " of " + rounds) + ": " + competitor.name()
                        + ": " + Table.count(eventsPerSecond) + " events/s");
                if (round > 0) {
                    results.add(competitor.name(), eventsPerSecond);
                    aftermath.ran(competitor, executionsOf(competitor));
                }
            }
        }
        return results;
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
