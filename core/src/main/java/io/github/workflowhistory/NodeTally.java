package io.github.workflowhistory;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which node runs of an execution are open, and how many ended in which way. Each run is counted once, by whoever ends
 * it first. The lock is never held while anything is written.
 */
final class NodeTally {
    private final Set<NodeRun> open = new LinkedHashSet<>();
    private long succeeded;
    private long failed;

    /** Where a run stands. It is kept in the run, so that runs which have ended need no memory here. */
    enum State {
        OPEN,
        FAILED,
        DONE
    }

    synchronized void opened(NodeRun run) {
        open.add(run);
    }

    /** Counts the end of a run; false when it had ended before. */
    synchronized boolean ended(NodeRun run, NodeStatus status) {
        if (run.state != State.OPEN) {
            return false;
        }
        open.remove(run);
        run.state = status == NodeStatus.FAILED ? State.FAILED : State.DONE;
        if (status == NodeStatus.SUCCESS) {
            succeeded++;
        } else if (status == NodeStatus.FAILED) {
            failed++;
        }
        return true;
    }

    /** Takes a failed run out of the count because another attempt follows; false when there is none to take out. */
    synchronized boolean replaced(NodeRun run) {
        if (run.state != State.FAILED) {
            return false;
        }
        run.state = State.DONE;
        failed--;
        return true;
    }

    /** The runs that are open, in the order in which they were opened. */
    synchronized List<NodeRun> open() {
        return List.copyOf(open);
    }

    synchronized ExecutionStatus status() {
        return DerivedStatus.of(false, succeeded, failed);
    }
}
