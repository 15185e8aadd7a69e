package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.Ids;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionTransitions;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a batch in one transaction: executions, then node results, then logs, each table in one round trip whatever
 * the number of rows.
 *
 * <p>Concurrent writers of one execution take turns, because each locks the executions that its batch touches before it
 * looks at what they are. What belongs to an execution comes after it, in any order. All writers insert and lock
 * executions in the order of ids, so that no two of them can wait for each other; unless both create the same execution
 * at the same moment, one by COPY and one by INSERT. Then PostgreSQL ends one of them, which is tried again.
 */
final class BatchWriter {
    private final Statements statements;
    private final HistoryBatch batch;
    private final InsertWay.Choice ways;

    BatchWriter(Statements statements, HistoryBatch batch, InsertWay.Choice ways) {
        this.statements = statements;
        this.batch = batch;
        this.ways = ways;
    }

    void write() {
        ExecutionWrites executions = new ExecutionWrites(statements);
        Columns<WorkflowExecution> columns = ExecutionWrites.columns(batch.executions());
        Set<String> created;
        Set<String> missing;
        Map<String, StoredExecution> older;
        if (ways.of(ExecutionWrites.TABLE, columns) == InsertWay.COPY) {
            created = batch.executions().stream().map(WorkflowExecution::id).collect(Collectors.toSet());
            missing = touchedBut(created);
            // First, because COPY cannot open a transaction.
            older = executions.lock(missing);
            executions.copy(columns);
        } else {
            created = executions.insert(columns);
            missing = touchedBut(created);
            older = missing.isEmpty() ? Map.of() : executions.lock(missing);
        }
        missing.removeAll(older.keySet());
        executions.update(updates(created, older, missing));
        new NodeResultWrites(statements, ways).insert(batch.nodeResults(), older.keySet());
        new LogWrites(statements, ways).insert(batch.logs(), batch.nodeResults());
        statements.sendDeferred();
    }

    /** Every execution that the batch names, without those that nobody else can see yet. */
    private Set<String> touchedBut(Set<String> created) {
        Set<String> touched = new LinkedHashSet<>();
        batch.executions().forEach(execution -> touched.add(execution.id()));
        batch.changes().forEach(change -> touched.add(change.executionId()));
        batch.nodeResults().forEach(result -> touched.add(result.executionId()));
        batch.logs().forEach(log -> touched.add(log.executionId()));
        touched.removeAll(created);
        return touched;
    }

    /**
     * What becomes of the executions that existed before.
     *
     * @param missing those that should have, and are not there
     */
    private List<StoredExecution.Update> updates(
            Set<String> created, Map<String, StoredExecution> older, Set<String> missing) {
        List<StoredExecution.Update> updates = new ArrayList<>();
        Set<String> taken = new LinkedHashSet<>();
        for (WorkflowExecution execution : batch.executions()) {
            if (missing.remove(execution.id())) {
                requireHidden(execution.id());
                taken.add(execution.id());
            } else if (!created.contains(execution.id())) {
                StoredExecution stored = Objects.requireNonNull(older.get(execution.id()));
                if (isSame(stored.state(), execution)) {
                    stored.apply(ExecutionTransitions.stateOf(execution)).ifPresent(updates::add);
                } else {
                    taken.add(execution.id());
                }
            }
        }
        if (!taken.isEmpty()) {
            throw new IdConflictException(IdConflictException.IdKind.EXECUTION, taken);
        }
        if (!missing.isEmpty()) {
            throw new UnknownExecutionException(missing);
        }
        for (ExecutionChange change : batch.changes()) {
            Objects.requireNonNull(older.get(change.executionId()))
                    .apply(change)
                    .ifPresent(updates::add);
        }
        return updates;
    }

    private static final String IS_FILTERED = "select pg_catalog.row_security_active(:executions) as is_filtered";

    /**
     * What cannot be created because it is there, and cannot be seen either, belongs to another user, whom row level
     * security protects; or it was deleted in this moment.
     */
    private void requireHidden(String executionId) {
        boolean filtered = statements.send(
                IS_FILTERED,
                query -> query.bind("executions", statements.nameOf("workflow_executions")),
                results -> results.rows(row -> row.getBoolean("is_filtered")).get(0));
        if (!filtered) {
            throw new HistoryStoreException(
                    HistoryStoreException.Kind.CONTENTION,
                    "execution " + Ids.quote(executionId)
                            + " was deleted while it was recorded: record it again to create it anew",
                    null);
        }
    }

    private static boolean isSame(WorkflowExecution stored, WorkflowExecution sent) {
        return stored.workflowId().equals(sent.workflowId()) && Objects.equals(stored.userId(), sent.userId());
    }
}
