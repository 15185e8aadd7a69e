package io.github.workflowhistory.examples.benchmarks.load;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The store of the library alone, with finished batches: the library without its API and its pipeline. */
final class StoreBatches implements Competitor {
    private static final int ROWS_OF_BATCH = 5_000;

    private final DurableServer server;
    private final Workload workload;

    StoreBatches(DurableServer server, Workload workload) {
        this.server = server;
        this.workload = workload;
    }

    @Override
    public String name() {
        return "the library's store alone, batches of 5,000";
    }

    @Override
    public int connections() {
        return 1;
    }

    @Override
    public Duration record(int executions) throws Exception {
        List<HistoryBatch> batches = batches(workload.rows(executions));
        try (HikariDataSource pool = server.pool(DurableServer.OWNER, 1)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            long start = System.nanoTime();
            batches.forEach(store::record);
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private static List<HistoryBatch> batches(List<Workload.Rows> executions) {
        int each = ROWS_OF_BATCH / Workload.ROWS;
        List<HistoryBatch> batches = new ArrayList<>();
        for (int from = 0; from < executions.size(); from += each) {
            HistoryBatch.Builder batch = HistoryBatch.builder();
            for (Workload.Rows rows : executions.subList(from, Math.min(executions.size(), from + each))) {
                batch.add(rows.execution());
                rows.results().forEach(batch::add);
                rows.logs().forEach(batch::add);
            }
            batches.add(batch.build());
        }
        return batches;
    }
}
