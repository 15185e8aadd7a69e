package io.github.workflowhistory.examples.benchmarks.load;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.examples.benchmarks.library.LibraryRecorder;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.pipeline.PipelineSettings;
import java.time.Duration;

/** Proves that an execution that starts and ends within one batch is one row, written once. */
final class Merging {
    /** As many as fit into one batch of the default size. */
    private static final int EXECUTIONS = 100;
    /** One for the writer, one for the lease. */
    private static final int CONNECTIONS = 2;

    private final DurableServer server;
    private final Workload workload;
    private final HistoryTables tables;

    Merging(DurableServer server, Workload workload, HistoryTables tables) {
        this.server = server;
        this.workload = workload;
        this.tables = tables;
    }

    /**
     * Records executions that wait together until they are flushed.
     *
     * @return what was seen, in words
     * @throws VoidRunException when a row was written twice
     */
    String run() throws Exception {
        tables.clear();
        // Only the flush ends the waiting, so that all of them are one batch.
        PipelineSettings settings =
                PipelineSettings.builder().linger(Duration.ofMinutes(1)).build();
        try (HikariDataSource pool = server.pool(DurableServer.OWNER, CONNECTIONS)) {
            DurabilityProbe probe = new DurabilityProbe(JdbcExecutionStore.create(pool));
            try (LibraryRecorder recorder = LibraryRecorder.buffered(probe, settings)) {
                HostThreads.run(2, EXECUTIONS, number -> workload.perform(recorder.history(), number));
                recorder.flush();
            }
            tables.verify("merging", EXECUTIONS);
            HistoryTables.DeadRows dead = tables.deadRows();
            if (probe.batches() != 1 || dead.total() != 0) {
                throw new VoidRunException(EXECUTIONS + " executions that waited together became " + probe.batches()
                        + " batches and " + dead.total() + " dead rows");
            }
            return EXECUTIONS + " executions that waited together: " + EXECUTIONS * Workload.EVENTS + " events, "
                    + EXECUTIONS * Workload.ROWS + " rows, 1 batch, 0 dead rows.";
        }
    }
}
