package io.github.workflowhistory.examples.benchmarks.jmh;

import io.github.workflowhistory.ExecutionRun;
import io.github.workflowhistory.examples.benchmarks.library.LibraryRecorder;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.PipelineStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The history that all threads share.
 *
 * <p>Calls that do nothing else fill the default buffer within a tenth of a second, and from then on only dropping would
 * be measured. So where records are to be accepted, the buffer is large, iterations are short, each begins
 * with an empty buffer, and an iteration in which a single record was dropped is an error.
 */
@State(Scope.Benchmark)
public class Recording {
    static final int MAX_THREADS = 4;
    private static final long AMPLE_BYTES = 768L << 20;

    /** The state of the database. */
    @Param
    public Database database = Database.SLOW;

    private @Nullable LibraryRecorder library;
    private List<ExecutionRun> runs = List.of();

    /** Opens a history, or goes on with that of the iteration before. */
    @Setup(Level.Iteration)
    public void open() {
        if (library != null) {
            if (database == Database.FAST) {
                // Four threads that do nothing else are faster than one writer, whatever the database.
                library.flush();
            }
            return;
        }
        PipelineSettings.Builder settings =
                PipelineSettings.builder().maxBlock(Duration.ZERO).closeTimeout(Duration.ZERO);
        if (database != Database.SLOW_AND_FULL) {
            settings.capacityBytes(AMPLE_BYTES);
        }
        GatedStore store = database == Database.FAST ? GatedStore.discarding() : GatedStore.blocked();
        LibraryRecorder opened = LibraryRecorder.buffered(store, settings.build());
        library = opened;
        // Before the buffer is full: these executions exist, and their logs are what is dropped.
        List<ExecutionRun> begun = new ArrayList<>();
        for (int i = 0; i < MAX_THREADS; i++) {
            begun.add(opened.history().begin("workflow", null));
        }
        runs = begun;
        while (database == Database.SLOW_AND_FULL && opened.stats().dropped() == 0) {
            begun.get(0).warn("filling the buffer");
        }
    }

    /** The execution of one thread. */
    ExecutionRun run(int thread) {
        return runs.get(thread);
    }

    /** Checks that what was measured is what the state says. */
    @TearDown(Level.Iteration)
    public void check() {
        LibraryRecorder opened = library;
        if (opened == null) {
            return;
        }
        PipelineStats stats = opened.stats();
        if (database != Database.SLOW_AND_FULL && stats.dropped() > 0) {
            throw new IllegalStateException("the buffer was too small, records were dropped: " + stats);
        }
        if (database == Database.SLOW_AND_FULL && stats.stored() > 0) {
            throw new IllegalStateException("the buffer was not full all the time: " + stats);
        }
        if (database == Database.SLOW) {
            close();
        }
    }

    /** Ends the history. What it still holds is dropped. */
    @TearDown(Level.Trial)
    public void close() {
        if (library != null) {
            library.close();
            library = null;
        }
    }
}
