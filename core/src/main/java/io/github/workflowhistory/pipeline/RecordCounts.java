package io.github.workflowhistory.pipeline;

import java.util.Collection;

/**
 * Numbers of records by what they are about.
 *
 * @param executions executions that were created or changed
 * @param nodeResults node results
 * @param logs log entries
 */
public record RecordCounts(long executions, long nodeResults, long logs) {
    static final RecordCounts NONE = new RecordCounts(0, 0, 0);

    static RecordCounts of(Collection<Entry> entries) {
        Tally tally = new Tally();
        entries.forEach(tally::add);
        return tally.counts();
    }

    RecordCounts plus(RecordCounts other) {
        return new RecordCounts(executions + other.executions, nodeResults + other.nodeResults, logs + other.logs);
    }

    RecordCounts minus(RecordCounts other) {
        return new RecordCounts(executions - other.executions, nodeResults - other.nodeResults, logs - other.logs);
    }

    /**
     * All of them.
     *
     * @return the sum
     */
    public long total() {
        return executions + nodeResults + logs;
    }
}
