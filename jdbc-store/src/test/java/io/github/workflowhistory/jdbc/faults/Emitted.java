package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Everything that was handed to a recorder, to be compared row by row with what the database holds. An execution is
 * created once and ended once at most. Safe for use by many threads.
 */
final class Emitted {
    /** With these words an end begins to tell that it was written without its output. */
    private static final String LEFT_OUT = "The output was left out";

    private static final String MARKER = " log entries were dropped, because the history's buffer was full";

    private final Map<String, WorkflowExecution> executions = new ConcurrentHashMap<>();
    private final Map<String, ExecutionChange> ends = new ConcurrentHashMap<>();
    private final Map<String, NodeResult> results = new ConcurrentHashMap<>();
    private final Map<String, ExecutionLog> logs = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    void add(HistoryBatch batch) {
        batch.executions().forEach(execution -> putNew(executions, execution.id(), execution));
        batch.changes().forEach(change -> putNew(ends, change.executionId(), change));
        batch.nodeResults().forEach(result -> putNew(results, result.id(), result));
        batch.logs().forEach(log -> putNew(logs, log.id(), log));
        count.addAndGet(batch.size());
    }

    private static <T> void putNew(Map<String, T> records, String id, T emitted) {
        if (records.putIfAbsent(id, emitted) != null) {
            throw new IllegalArgumentException("emitted twice: " + id);
        }
    }

    /** How many records were handed over. */
    long count() {
        return count.get();
    }

    /** An execution was deleted: nothing of it may be there. */
    void deleted(String executionId) {
        executions.remove(executionId);
        ends.remove(executionId);
        results.values().removeIf(result -> result.executionId().equals(executionId));
        logs.values().removeIf(log -> log.executionId().equals(executionId));
    }

    /**
     * What a comparison found.
     *
     * @param stored how many of the emitted records are there
     * @param missing names of the emitted records that are not there
     * @param withoutOutput ids of executions whose end is there without its output
     * @param dropped how many log entries of which execution the markers report as dropped
     */
    record Found(long stored, Set<String> missing, Set<String> withoutOutput, Map<String, Long> dropped) {}

    /** Compares; fails when there is a row that was not emitted, or one that differs from what was. */
    Found compare(StoredRows rows) {
        Set<String> problems = new TreeSet<>();
        Set<String> withoutOutput = new TreeSet<>();
        Map<String, Long> dropped = new ConcurrentHashMap<>();
        Set<String> missing = RecordNames.of(executions.values(), ends.values(), results.values(), logs.values());
        long emitted = missing.size();

        rows.executions().forEach((id, row) -> {
            WorkflowExecution created = executions.get(id);
            if (created == null) {
                problems.add("not emitted: " + row);
                return;
            }
            missing.remove(RecordNames.creation(id));
            ExecutionChange end = ends.get(id);
            WorkflowExecution expected = created;
            if (row.status().isTerminal() && end != null) {
                expected = ended(created, end);
                missing.remove(RecordNames.end(id));
            }
            if (isWithoutOutput(row, expected)) {
                withoutOutput.add(id);
            } else if (!row.equals(expected)) {
                problems.add(row + " instead of " + expected);
            }
        });
        rows.results().forEach((id, row) -> {
            missing.remove(RecordNames.result(id));
            if (!row.equals(results.get(id))) {
                problems.add(row + " instead of " + results.get(id));
            }
        });
        rows.logs().forEach((id, row) -> {
            missing.remove(RecordNames.log(id));
            if (logs.get(id) == null && row.message().endsWith(MARKER)) {
                dropped.merge(row.executionId(), Long.valueOf(row.message().replace(MARKER, "")), Long::sum);
            } else if (!row.equals(logs.get(id))) {
                problems.add(row + " instead of " + logs.get(id));
            }
        });
        rows.links().forEach((log, result) -> {
            String run = logs.containsKey(log) ? logs.get(log).nodeRunId() : null;
            String expected = run != null && rows.results().containsKey(run) ? run : null;
            if (!result.equals(String.valueOf(expected))) {
                problems.add("log " + log + " is tied to " + result + " instead of " + expected);
            }
        });
        if (!problems.isEmpty()) {
            throw new AssertionError(problems.size() + " rows are wrong, such as:\n"
                    + String.join("\n", problems.stream().limit(5).toList()));
        }
        return new Found(emitted - missing.size(), missing, withoutOutput, dropped);
    }

    private static boolean isWithoutOutput(WorkflowExecution row, WorkflowExecution expected) {
        return expected.finalOutput() != null
                && row.error() != null
                && row.error().contains(LEFT_OUT)
                && row.equals(with(expected, null, row.error()));
    }

    private static WorkflowExecution with(WorkflowExecution execution, Json output, String error) {
        return new WorkflowExecution(
                execution.id(),
                execution.workflowId(),
                execution.userId(),
                execution.status(),
                execution.startedAt(),
                execution.completedAt(),
                execution.duration(),
                output,
                error,
                execution.createdAt(),
                execution.recorderId(),
                execution.abandonedAt());
    }

    /** Not by the library's own rules: this is what they are compared with. */
    private static WorkflowExecution ended(WorkflowExecution created, ExecutionChange end) {
        Duration duration = end.duration() != null
                ? end.duration()
                : Duration.between(
                                Objects.requireNonNull(created.startedAt()), Objects.requireNonNull(end.completedAt()))
                        .truncatedTo(ChronoUnit.MILLIS);
        return new WorkflowExecution(
                created.id(),
                created.workflowId(),
                created.userId(),
                end.status(),
                created.startedAt(),
                end.completedAt(),
                duration,
                end.finalOutput(),
                end.error(),
                created.createdAt(),
                created.recorderId() == null ? end.recorderId() : created.recorderId(),
                null);
    }
}
