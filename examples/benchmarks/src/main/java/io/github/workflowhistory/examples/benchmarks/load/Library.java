package io.github.workflowhistory.examples.benchmarks.load;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.examples.benchmarks.library.LibraryRecorder;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.pipeline.Durability;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.store.ExecutionStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The library, end to end: threads of a host do the work through the API, and the clock stops when the last row is
 * durable. Making payloads into JSON, ids, times and batches is all in it.
 *
 * @param role the database role to write as
 * @param hosts how many threads do the work
 * @param settings of the pipeline, or null for the synchronous library
 */
record Library(
        String name,
        DurableServer server,
        String role,
        Workload workload,
        int connections,
        int hosts,
        @Nullable PipelineSettings settings,
        double share,
        double goal)
        implements Competitor {
    /** The connection with which the library says now and then that it is alive. */
    private static final int LEASE = 1;

    static Library synchronous(String name, DurableServer server, Workload workload) {
        return new Library(name, server, DurableServer.OWNER, workload, 1, 1, null, 1, 0);
    }

    /**
     * With a thread of the host for each writer, as COPY by hand has one thread for each connection. One makes ten times
     * as many records as a writer writes; more would only compete with the database for the processors.
     */
    static Library buffered(String name, DurableServer server, Workload workload, PipelineSettings settings) {
        int writers = settings.writers();
        return new Library(name, server, DurableServer.OWNER, workload, writers, writers, settings, 1, 0);
    }

    /** Whether a call returns only when its record is durable. */
    boolean waits() {
        return settings == null || settings.durability() == Durability.SYNC;
    }

    Library as(String role) {
        return new Library(name, server, role, workload, connections, hosts, settings, share, goal);
    }

    Library hosts(int threads) {
        return new Library(name, server, role, workload, connections, threads, settings, share, goal);
    }

    Library share(double part) {
        return new Library(name, server, role, workload, connections, hosts, settings, part, goal);
    }

    Library goal(double ratio) {
        return new Library(name, server, role, workload, connections, hosts, settings, share, ratio);
    }

    @Override
    public Duration record(int executions) throws Exception {
        try (HikariDataSource pool = server.pool(role, connections + LEASE);
                LibraryRecorder recorder = open(JdbcExecutionStore.create(pool))) {
            long start = System.nanoTime();
            HostThreads.run(hosts, executions, number -> {
                recorder.awaitSpace();
                workload.perform(recorder.history(), number);
            });
            recorder.flush();
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private LibraryRecorder open(ExecutionStore store) {
        return settings == null ? LibraryRecorder.synchronous(store) : LibraryRecorder.buffered(store, settings);
    }
}
