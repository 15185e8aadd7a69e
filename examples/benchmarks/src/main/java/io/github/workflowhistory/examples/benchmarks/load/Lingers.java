package io.github.workflowhistory.examples.benchmarks.load;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.examples.benchmarks.library.LibraryRecorder;
import io.github.workflowhistory.examples.benchmarks.report.Figures;
import io.github.workflowhistory.examples.benchmarks.report.Table;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.pipeline.PipelineSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What waiting for a fuller batch costs and gives. At a load that the database takes easily it is all that decides how
 * long an end takes to be durable and how often a row is written twice; at full load batches are full anyway.
 */
final class Lingers {
    private static final int[] MILLIS = {0, 5, 20, 100, 500};
    private static final int EXECUTIONS_PER_SECOND = 100;
    /** One for the writer, one for the lease. */
    private static final int CONNECTIONS = 2;

    private final DurableServer server;
    private final Workload workload;
    private final HistoryTables tables;

    Lingers(DurableServer server, Workload workload, HistoryTables tables) {
        this.server = server;
        this.workload = workload;
        this.tables = tables;
    }

    /** What rounds of one linger gave. */
    private static final class Measured {
        private final List<Double> millis = new ArrayList<>();
        private int executions;
        private int batches;
        private long deadRows;
    }

    String run(Rounds fullLoad, int rounds, Duration easyLoad, Consumer<String> progress) throws Exception {
        Measured[] measured = new Measured[MILLIS.length];
        for (int round = 1; round <= rounds; round++) {
            for (int i = 0; i < MILLIS.length; i++) {
                measured[i] = measured[i] == null ? new Measured() : measured[i];
                measure(MILLIS[i], (int) (easyLoad.toMillis() * EXECUTIONS_PER_SECOND / 1_000), measured[i]);
                progress.accept("round " + round + " of " + rounds + ": " + name(MILLIS[i]) + " at "
                        + EXECUTIONS_PER_SECOND + " executions/s");
            }
        }
        List<Library> competitors = new ArrayList<>();
        for (int linger : MILLIS) {
            competitors.add(Library.buffered(name(linger), server, workload, settings(linger)));
        }
        Rounds.Results results = fullLoad.run(competitors);
        Table table = new Table(
                "linger",
                "durable after, median",
                "p99",
                "records a batch",
                "dead rows an 100 executions",
                "events/s at full load");
        for (int i = 0; i < MILLIS.length; i++) {
            Measured of = measured[i];
            table.row(
                    name(MILLIS[i]),
                    Table.decimal(Figures.median(of.millis), 1) + " ms",
                    Table.decimal(Figures.percentile(of.millis, 0.99), 1) + " ms",
                    Table.count(of.executions * (double) Workload.EVENTS / of.batches),
                    Table.decimal(100.0 * of.deadRows / of.executions, 1),
                    Table.count(results.median(name(MILLIS[i]))));
        }
        return "At " + EXECUTIONS_PER_SECOND + " executions (" + Table.count(EXECUTIONS_PER_SECOND * Workload.EVENTS)
                + " events) a second, and at full load:\n\n" + table;
    }

    private void measure(int linger, int executions, Measured into) throws Exception {
        tables.clear();
        try (HikariDataSource pool = server.pool(DurableServer.OWNER, CONNECTIONS)) {
            DurabilityProbe probe = new DurabilityProbe(JdbcExecutionStore.create(pool));
            try (LibraryRecorder recorder = LibraryRecorder.buffered(probe, settings(linger))) {
                long start = System.nanoTime();
                for (int number = 0; number < executions; number++) {
                    awaitNanoTime(start + number * 1_000_000_000L / EXECUTIONS_PER_SECOND);
                    workload.perform(recorder.history(), number, probe::ending);
                }
                recorder.flush();
            }
            tables.verify(name(linger), executions);
            into.millis.addAll(probe.millis());
            into.executions += executions;
            into.batches += probe.batches();
            into.deadRows += tables.deadRows().total();
        }
    }

    private static void awaitNanoTime(long deadline) {
        for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static PipelineSettings settings(int linger) {
        return PipelineSettings.builder().linger(Duration.ofMillis(linger)).build();
    }

    private static String name(int linger) {
        return "linger " + linger + " ms";
    }
}
