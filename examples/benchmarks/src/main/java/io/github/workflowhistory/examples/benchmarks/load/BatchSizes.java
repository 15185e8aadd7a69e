package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.examples.benchmarks.report.Figures;
import io.github.workflowhistory.examples.benchmarks.report.Table;
import io.github.workflowhistory.pipeline.PipelineSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the size of batches changes the speed of the buffered library, and how many rows are written twice. */
final class BatchSizes {
    private static final int[] SIZES = {100, 250, 500, 1_000, 2_500, 5_000, 7_500, 10_000};

    private final DurableServer server;
    private final Workload workload;

    BatchSizes(DurableServer server, Workload workload) {
        this.server = server;
        this.workload = workload;
    }

    String run(Rounds rounds, HistoryTables tables) throws Exception {
        List<Library> competitors = new ArrayList<>();
        for (int size : SIZES) {
            PipelineSettings settings =
                    PipelineSettings.builder().batchSize(size).build();
            competitors.add(Library.buffered(name(size), server, workload, settings));
        }
        Map<String, List<Double>> deadRows = new HashMap<>();
        Rounds.Results results = rounds.run(
                competitors,
                (competitor, executions) -> deadRows.computeIfAbsent(competitor.name(), name -> new ArrayList<>())
                        .add(100.0 * tables.deadRows().total() / executions));
        String byDefault = name(PipelineSettings.defaults().batchSize());
        Table table = new Table("records a batch", "events/s", "of the default", "dead rows an 100 executions");
        for (Library each : competitors) {
            table.row(
                    each.name(),
                    Table.count(results.median(each.name())),
                    Table.decimal(results.ratio(each.name(), byDefault), 2),
                    Table.decimal(Figures.median(deadRows.getOrDefault(each.name(), List.of())), 1));
        }
        return table.toString();
    }

    private static String name(int size) {
        return Table.count(size);
    }
}
