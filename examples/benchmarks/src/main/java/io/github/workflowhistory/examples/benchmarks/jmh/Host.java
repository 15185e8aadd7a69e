package io.github.workflowhistory.examples.benchmarks.jmh;

import io.github.workflowhistory.ExecutionRun;
import io.github.workflowhistory.NodeRun;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** A thread of the host, which works on an execution of its own. */
@State(Scope.Thread)
public class Host {
    private @Nullable ExecutionRun run;
    private @Nullable NodeRun node;

    /** Begins a node for log entries. */
    @Setup(Level.Iteration)
    public void begin(Recording recording, ThreadParams thread) {
        ExecutionRun own = recording.run(thread.getThreadIndex());
        run = own;
        node = own.begin("node");
    }

    ExecutionRun run() {
        return Objects.requireNonNull(run);
    }

    NodeRun node() {
        return Objects.requireNonNull(node);
    }
}
