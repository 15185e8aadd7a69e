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
    private boolean executionEnds;

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

    /**
     * Counts a failed run no more, because another attempt follows, which is open from now on: in one step, so that
     * whoever ends the execution finds either of them. False when there is no failure to replace.
     */
    synchronized boolean retried(NodeRun run, NodeRun next) {
        if (run.state != State.FAILED) {
            return false;
        }
        run.state = State.DONE;
        open.add(next);
        if (!executionEnds) {
            failed--;
        }
        return true;
    }

    /**
     * The execution ends: gives the runs that are open, in the order in which they were opened. A failure that is
     * retried from now on still counts, because nobody waits for the next attempt.
     */
    synchronized List<NodeRun> executionEnds() {
        executionEnds = true;
        return List.copyOf(open);
    }

    synchronized ExecutionStatus status() {
        return DerivedStatus.of(false, succeeded, failed);
    }
}
