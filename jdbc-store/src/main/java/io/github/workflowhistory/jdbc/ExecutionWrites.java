package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.WorkflowExecution;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes to {@code workflow_executions}, a batch at a time. */
final class ExecutionWrites {
    static final String TABLE = "workflow_executions";

    private final Statements statements;

    ExecutionWrites(Statements statements) {
        this.statements = statements;
    }

    /** Executions as rows. */
    static Columns<WorkflowExecution> columns(List<WorkflowExecution> executions) {
        return Columns.of(executions)
                .text("id", WorkflowExecution::id)
                .text("workflow_id", WorkflowExecution::workflowId)
                .uuid("user_id", WorkflowExecution::userId)
                .text("status", execution -> execution.status().code())
                .instant("started_at", WorkflowExecution::startedAt)
                .instant("completed_at", WorkflowExecution::completedAt)
                .millis("duration_ms", WorkflowExecution::duration)
                .json("final_output", WorkflowExecution::finalOutput)
                .text("error", WorkflowExecution::error)
                .instant("created_at", WorkflowExecution::createdAt)
                .text("recorder_id", WorkflowExecution::recorderId)
                .instant("abandoned_at", WorkflowExecution::abandonedAt);
    }

    private static final String INSERT = """
            insert into {schema}.workflow_executions (
              id, workflow_id, user_id, status, started_at, completed_at, duration_ms,
              final_output, error, created_at, recorder_id, abandoned_at)
            select
              id, workflow_id, user_id, status, started_at, completed_at, duration_ms,
              cast(final_output as pg_catalog.jsonb), error, created_at, recorder_id, abandoned_at
            from unnest(
              cast(:id as pg_catalog.text[]),
              cast(:workflow_id as pg_catalog.text[]),
              cast(:user_id as pg_catalog.uuid[]),
              cast(:status as pg_catalog.text[]),
              cast(:started_at as pg_catalog.timestamptz[]),
              cast(:completed_at as pg_catalog.timestamptz[]),
              cast(:duration_ms as pg_catalog.int4[]),
              cast(:final_output as pg_catalog.text[]),
              cast(:error as pg_catalog.text[]),
              cast(:created_at as pg_catalog.timestamptz[]),
              cast(:recorder_id as pg_catalog.text[]),
              cast(:abandoned_at as pg_catalog.timestamptz[])
            ) as new (
              id, workflow_id, user_id, status, started_at, completed_at, duration_ms,
              final_output, error, created_at, recorder_id, abandoned_at)
            order by id collate pg_catalog."C"
            on conflict do nothing
            returning id""";

    /**
     * Creates those executions that do not exist.
     *
     * @return the ids of those that were created
     */
    Set<String> insert(Columns<WorkflowExecution> executions) {
        if (executions.size() == 0) {
            return Set.of();
        }
        return new HashSet<>(
                statements.send(INSERT, executions::bind, results -> results.rows(row -> row.getString("id"))));
    }

    /**
     * Creates executions of which none exists. Something has to have been sent before.
     *
     * @throws CopyFailedException when one of them exists, among others
     */
    void copy(Columns<WorkflowExecution> executions) {
        statements.copy(TABLE, executions.inOrderOf(WorkflowExecution::id));
    }

    static final String LOCK = """
            select
              id, workflow_id, user_id, status, started_at, completed_at, duration_ms,
              final_output is not null as has_output, error, created_at, recorder_id, abandoned_at
            from {schema}.workflow_executions
            where id operator(pg_catalog.=) any (:id)
            order by id collate pg_catalog."C"
            for no key update""";

    /**
     * Reads executions and keeps other writers away from them until the transaction ends. Deleting waits too; what only
     * refers to an execution, such as a log that another application writes, does not.
     *
     * @return the executions that exist, by id
     */
    Map<String, StoredExecution> lock(Collection<String> ids) {
        Columns<String> columns = Columns.of(List.copyOf(ids)).text("id", id -> id);
        Map<String, StoredExecution> found = new HashMap<>();
        statements
                .send(LOCK, columns::bind, results -> results.rows(RowMappers::storedExecution))
                .forEach(execution -> found.put(execution.state().id(), execution));
        return found;
    }

    // Outputs are the one column that is not written back when it stays, as they may be large; all other
    // values are those that the state machine arrived at. The ids twice, because for the join alone, a plan that was
    // made while the table was empty would read it whole.
    static final String UPDATE = """
            update {schema}.workflow_executions as execution
            set
              status = new.status,
              started_at = new.started_at,
              completed_at = new.completed_at,
              duration_ms = new.duration_ms,
              final_output = coalesce(cast(new.final_output as pg_catalog.jsonb), execution.final_output),
              error = new.error,
              recorder_id = new.recorder_id,
              abandoned_at = new.abandoned_at
            from unnest(
              cast(:changed_id as pg_catalog.text[]),
              cast(:changed_status as pg_catalog.text[]),
              cast(:changed_started_at as pg_catalog.timestamptz[]),
              cast(:changed_completed_at as pg_catalog.timestamptz[]),
              cast(:changed_duration_ms as pg_catalog.int4[]),
              cast(:changed_final_output as pg_catalog.text[]),
              cast(:changed_error as pg_catalog.text[]),
              cast(:changed_recorder_id as pg_catalog.text[]),
              cast(:changed_abandoned_at as pg_catalog.timestamptz[])
            ) as new (
              id, status, started_at, completed_at, duration_ms,
              final_output, error, recorder_id, abandoned_at)
            where execution.id operator(pg_catalog.=) new.id
              and execution.id operator(pg_catalog.=) any (cast(:changed_id as pg_catalog.text[]))""";

    /** Writes new states of executions that are locked, along with the next statement. */
    void update(List<StoredExecution.Update> updates) {
        if (updates.isEmpty()) {
            return;
        }
        Columns<StoredExecution.Update> columns = Columns.of(updates)
                .text("id", update -> update.execution().id())
                .text("status", update -> update.execution().status().code())
                .instant("started_at", update -> update.execution().startedAt())
                .instant("completed_at", update -> update.execution().completedAt())
                .millis("duration_ms", update -> update.execution().duration())
                .json("final_output", StoredExecution.Update::output)
                .text("error", update -> update.execution().error())
                .text("recorder_id", update -> update.execution().recorderId())
                .instant("abandoned_at", update -> update.execution().abandonedAt());
        statements.defer(UPDATE, query -> columns.bind(query, "changed_"));
    }
}
