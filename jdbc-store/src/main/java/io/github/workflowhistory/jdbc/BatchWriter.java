package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionTransitions;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes a batch in one transaction: executions, then node results, then logs, each table in one round trip whatever
 * the number of rows.
 *
 * <p>Concurrent writers of one execution take turns, because each locks the executions that its batch touches before it
 * looks at what they are. All writers insert and lock in the order of ids, and in the same order of tables, so that no
 * two of them can wait for each other.
 */
final class BatchWriter {
    private final Statements statements;
    private final HistoryBatch batch;

    BatchWriter(Statements statements, HistoryBatch batch) {
        this.statements = statements;
        this.batch = batch;
    }

    void write() {
        ExecutionWrites executions = new ExecutionWrites(statements);
        Set<String> created = executions.insert(batch.executions());
        Map<String, StoredExecution> older = executions.lock(touchedBut(created));
        executions.update(updates(created, older));
        new NodeResultWrites(statements).insert(batch.nodeResults(), older.keySet());
        new LogWrites(statements).insert(batch.logs(), batch.nodeResults());
    }

    /** Every execution that the batch names, without those that nobody else can see yet. */
    private Set<String> touchedBut(Set<String> created) {
        Set<String> touched = new LinkedHashSet<>();
        batch.executions().stream().map(WorkflowExecution::id).forEach(touched::add);
        batch.changes().stream().map(ExecutionChange::executionId).forEach(touched::add);
        batch.nodeResults().stream().map(NodeResult::executionId).forEach(touched::add);
        batch.logs().stream().map(ExecutionLog::executionId).forEach(touched::add);
        touched.removeAll(created);
        return touched;
    }

    /** What becomes of the executions that existed before. */
    private List<StoredExecution.Update> updates(Set<String> created, Map<String, StoredExecution> older) {
        List<StoredExecution.Update> updates = new ArrayList<>();
        Set<String> taken = new LinkedHashSet<>();
        for (WorkflowExecution execution : batch.executions()) {
            if (!created.contains(execution.id())) {
                StoredExecution stored = older.get(execution.id());
                if (stored == null || !isSame(stored.state(), execution)) {
                    // Not to be seen although it is there: row level security hides another user's.
                    taken.add(execution.id());
                } else {
                    stored.apply(ExecutionTransitions.stateOf(execution)).ifPresent(updates::add);
                }
            }
        }
        if (!taken.isEmpty()) {
            throw new IdConflictException(IdConflictException.Kind.EXECUTION, taken);
        }
        Set<String> unknown = touchedBut(created);
        unknown.removeAll(older.keySet());
        if (!unknown.isEmpty()) {
            throw new UnknownExecutionException(unknown);
        }
        for (ExecutionChange change : batch.changes()) {
            Objects.requireNonNull(older.get(change.executionId()))
                    .apply(change)
                    .ifPresent(updates::add);
        }
        return updates;
    }

    private static boolean isSame(WorkflowExecution stored, WorkflowExecution sent) {
        return stored.workflowId().equals(sent.workflowId()) && Objects.equals(stored.userId(), sent.userId());
    }
}
