package io.github.workflowhistory.pipeline;

/** Counts records and the memory that they hold, as one after the other is seen. Not safe for several threads. */
final class Tally {
    private long executions;
    private long nodeResults;
    private long logs;
    private long bytes;

    void add(Entry entry) {
        bytes += entry.bytes;
        switch (entry.kind()) {
            case EXECUTION -> executions++;
            case NODE_RESULT -> nodeResults++;
            case LOG -> logs++;
            case MARKER -> {}
        }
    }

    RecordCounts counts() {
        return new RecordCounts(executions, nodeResults, logs);
    }

    long bytes() {
        return bytes;
    }
}
