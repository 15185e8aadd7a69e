package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionTransitions;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.ArrayList;
import java.util.List;
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
        END;

        /** Whether the caller never waits for space. */
        boolean isLog() {
            return this == DETAIL || this == LOG;
        }
    }

    /** What a record is about. */
    enum RecordKind {
        EXECUTION,
        NODE_RESULT,
        LOG,
        /** What the recorder itself writes about entries that were dropped; it is no record of the host's. */
        MARKER
    }

    /** Where a record ended up. */
    enum Outcome {
        /** Still on its way. */
        PENDING,
        /** In the store. */
        STORED,
        /** Refused by the store, or larger than the buffer. */
        REJECTED,
        /** There was no space, or no time before the recorder was closed. */
        DROPPED,
        /** It came after the recorder was closed. */
        LATE
    }

    /** The smallest record: this object, the record with its instants, and its place in the queue. */
    static final int BASE_BYTES = 240;
    /** An object of class String with the array that it holds. */
    private static final int STRING_BYTES = 48;

    final String executionId;
    final Worth worth;
    final int bytes;

    /** On which lane it is on its way, or null when it is not; written and read under the buffer's lock. */
    Routes.@Nullable Route route;
    /** The place in the order of arrival; set once, under the buffer's lock. */
    long sequence;
    /**
     * Since when it waits for its execution, by {@link System#nanoTime()}, or null when it never did; used by its writer
     * alone.
     */
    @Nullable
    Long waitsSince;
    /** Where it ended up; written and read under the buffer's lock. */
    Outcome outcome = Outcome.PENDING;
    /** Why it was rejected, or null; written and read like the outcome. */
    @Nullable
    RuntimeException cause;

    private Entry(String executionId, Worth worth, long bytes) {
        this.executionId = executionId;
        this.worth = worth;
        this.bytes = (int) Math.min(Integer.MAX_VALUE, BASE_BYTES + bytes);
    }

    abstract RecordKind kind();

    abstract void addTo(HistoryBatch.Builder batch);

    /** Whether this creates its execution, so that what follows needs it. */
    boolean createsExecution() {
        return false;
    }

    /** Whether {@link #withoutPayload} can make it smaller. */
    boolean canShed() {
        return false;
    }

    /**
     * The same end without what may be large or refused.
     *
     * @param reason is added to its error
     */
    Entry withoutPayload(String reason) {
        throw new IllegalStateException("only an end with an output can do without it");
    }

    /**
     * What to try, one after the other, in place of an end that the store refuses: without its output; and without its
     * own error as well, which may be what is refused, by a constraint of the host's for example.
     *
     * @param refusal what the store said
     */
    List<Entry> slimmer(String refusal) {
        if (worth != Worth.END) {
            return List.of();
        }
        List<Entry> slimmer = new ArrayList<>();
        if (canShed()) {
            slimmer.add(withoutPayload("The output was left out, because the store refused it: " + refusal));
        }
        slimmer.add(withError("The store refused how this execution ended."));
        return slimmer;
    }

    /** The same end with nothing but a short error. */
    Entry withError(String error) {
        throw new IllegalStateException("only an end can do with an error");
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
        return new Log(log, RecordKind.LOG);
    }

    static Entry marker(ExecutionLog log) {
        return new Log(log, RecordKind.MARKER);
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
            // One that contradicts itself is refused here, at the call, and not when a batch is made of it and others.
            ExecutionChange unused = ExecutionTransitions.stateOf(execution);
            this.execution = execution;
        }

        @Override
        RecordKind kind() {
            return RecordKind.EXECUTION;
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
        boolean canShed() {
            return worth == Worth.END && execution.finalOutput() != null;
        }

        @Override
        Entry withoutPayload(String reason) {
            return withError(because(execution.error(), reason));
        }

        @Override
        Entry withError(String error) {
            return new Creation(new WorkflowExecution(
                    execution.id(),
                    execution.workflowId(),
                    execution.userId(),
                    execution.status(),
                    execution.startedAt(),
                    execution.completedAt(),
                    execution.duration(),
                    null,
                    error,
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
        RecordKind kind() {
            return RecordKind.EXECUTION;
        }

        @Override
        void addTo(HistoryBatch.Builder batch) {
            batch.add(change);
        }

        @Override
        boolean canShed() {
            return worth == Worth.END && change.finalOutput() != null;
        }

        @Override
        Entry withoutPayload(String reason) {
            return withError(because(change.error(), reason));
        }

        @Override
        Entry withError(String error) {
            return new Change(change.withFinalOutput(null).withError(error));
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
        RecordKind kind() {
            return RecordKind.NODE_RESULT;
        }

        @Override
        void addTo(HistoryBatch.Builder batch) {
            batch.add(result);
        }
    }

    private static final class Log extends Entry {
        private final ExecutionLog log;
        private final RecordKind kind;

        private Log(ExecutionLog log, RecordKind kind) {
            super(
                    log.executionId(),
                    log.level().isAtLeast(LogLevel.WARN) ? Worth.LOG : Worth.DETAIL,
                    bytes(log.id()) + bytes(log.message()) + bytes(log.data()));
            this.log = log;
            this.kind = kind;
        }

        @Override
        RecordKind kind() {
            return kind;
        }

        @Override
        void addTo(HistoryBatch.Builder batch) {
            batch.add(log);
        }
    }
}
