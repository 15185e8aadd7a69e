package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way: what it is, to which execution it belongs, what it is worth when space is short, and how many
 * bytes of memory it holds.
 */
abstract sealed class Entry {
    /** What a record is worth when space is short; later is worth more. */
    enum Worth {
        /** Debug and info: dropped first. */
        DETAIL,
        /** Warnings and errors: dropped when there is no space at all. */
        LOG,
        /** Executions and node results: their caller waits for space. */
        RECORD,
        /** Ends of executions: have a reserve of space of their own. */
        END
    }

    /** An object with its header and a handful of references, and its place in the queue. */
    private static final int BASE_BYTES = 160;
    /** An object of class String with the array that it holds. */
    private static final int STRING_BYTES = 48;

    final String executionId;
    final Worth worth;
    final int bytes;

    /** The place in the order of arrival; set once, under the buffer's lock. */
    long sequence;
    /** When it was accepted, by {@link System#nanoTime()}; set once, under the buffer's lock. */
    long acceptedAt;

    private Entry(String executionId, Worth worth, long bytes) {
        this.executionId = executionId;
        this.worth = worth;
        this.bytes = (int) Math.min(Integer.MAX_VALUE, BASE_BYTES + bytes);
    }

    abstract void addTo(HistoryBatch.Builder batch);

    /** Whether this creates its execution, so that what follows needs it. */
    boolean createsExecution() {
        return false;
    }

    /** The same end without what may be large or refused, or null when there is nothing to leave out. */
    @Nullable
    Entry withoutPayload(String reason) {
        return null;
    }

    /** The same records as one batch. */
    static HistoryBatch batchOf(Collection<Entry> entries) {
        HistoryBatch.Builder batch = HistoryBatch.builder();
        entries.forEach(entry -> entry.addTo(batch));
        return batch.build();
    }

    static Entry of(WorkflowExecution execution) {
        return new Creation(execution);
    }

    static Entry of(ExecutionChange change) {
        return new Change(change);
    }

    static Entry of(NodeResult result) {
        return new Result(result);
    }

    static Entry of(ExecutionLog log) {
        return new Log(log);
    }

    // A char is counted as two bytes, which is true of texts beyond Latin-1 and too much for the others: the bound is
    // one that the heap never exceeds.
    private static long bytes(@Nullable String text) {
        return text == null ? 0 : STRING_BYTES + 2L * text.length();
    }

    private static long bytes(@Nullable Json json) {
        return json == null ? 0 : 16 + bytes(json.text());
    }

    private static String because(@Nullable String error, String reason) {
        return error == null ? reason : error + "\n" + reason;
    }

    private static final class Creation extends Entry {
        private final WorkflowExecution execution;

        private Creation(WorkflowExecution execution) {
            super(
                    execution.id(),
                    execution.status().isTerminal() ? Worth.END : Worth.RECORD,
                    bytes(execution.id())
                            + bytes(execution.workflowId())
                            + bytes(execution.finalOutput())
                            + bytes(execution.error()));
            this.execution = execution;
        }

        @Override
        boolean createsExecution() {
            return true;
        }

        @Override
        void addTo(HistoryBatch.Builder batch) {
            batch.add(execution);
        }

        @Override
        @Nullable
        Entry withoutPayload(String reason) {
            if (execution.finalOutput() == null) {
                return null;
            }
            return new Creation(new WorkflowExecution(
                    execution.id(),
                    execution.workflowId(),
                    execution.userId(),
                    execution.status(),
                    execution.startedAt(),
                    execution.completedAt(),
                    execution.duration(),
                    null,
                    because(execution.error(), reason),
                    execution.createdAt(),
                    execution.recorderId(),
                    execution.abandonedAt()));
        }
    }

    private static final class Change extends Entry {
        private final ExecutionChange change;

        private Change(ExecutionChange change) {
            super(
                    change.executionId(),
                    change.status().isTerminal() ? Worth.END : Worth.RECORD,
                    bytes(change.executionId()) + bytes(change.finalOutput()) + bytes(change.error()));
            this.change = change;
        }

        @Override
        void addTo(HistoryBatch.Builder batch) {
            batch.add(change);
        }

        @Override
        @Nullable
        Entry withoutPayload(String reason) {
            return change.finalOutput() == null
                    ? null
                    : new Change(change.withFinalOutput(null).withError(because(change.error(), reason)));
        }
    }

    private static final class Result extends Entry {
        private final NodeResult result;

        private Result(NodeResult result) {
            super(
                    result.executionId(),
                    Worth.RECORD,
                    bytes(result.id())
                            + bytes(result.nodeId())
                            + bytes(result.nodeName())
                            + bytes(result.output())
                            + bytes(result.error()));
            this.result = result;
        }

        @Override
        void addTo(HistoryBatch.Builder batch) {
            batch.add(result);
        }
    }

    private static final class Log extends Entry {
        private final ExecutionLog log;

        private Log(ExecutionLog log) {
            super(
                    log.executionId(),
                    log.level().isAtLeast(LogLevel.WARN) ? Worth.LOG : Worth.DETAIL,
                    bytes(log.id()) + bytes(log.message()) + bytes(log.data()));
            this.log = log;
        }

        @Override
        void addTo(HistoryBatch.Builder batch) {
            batch.add(log);
        }
    }
}
