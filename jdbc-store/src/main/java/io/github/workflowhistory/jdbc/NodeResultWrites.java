package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.store.IdConflictException;
import java.util.List;
import java.util.Set;

/** Writes to {@code node_execution_results}, a batch at a time. */
final class NodeResultWrites {
    static final String TABLE = "node_execution_results";

    private final Statements statements;
    private final InsertWay.Choice ways;

    NodeResultWrites(Statements statements, InsertWay.Choice ways) {
        this.statements = statements;
        this.ways = ways;
    }

    private static final String INSERT = """
            insert into {schema}.node_execution_results (
              id, execution_id, node_id, node_name, status, output_data, error,
              started_at, created_at, duration_ms, attempt)
            select
              id, execution_id, node_id, node_name, status, cast(output_data as pg_catalog.jsonb), error,
              started_at, created_at, duration_ms, attempt
            from unnest(
              cast(:id as pg_catalog.text[]),
              cast(:execution_id as pg_catalog.text[]),
              cast(:node_id as pg_catalog.text[]),
              cast(:node_name as pg_catalog.text[]),
              cast(:status as pg_catalog.text[]),
              cast(:output_data as pg_catalog.text[]),
              cast(:error as pg_catalog.text[]),
              cast(:started_at as pg_catalog.timestamptz[]),
              cast(:created_at as pg_catalog.timestamptz[]),
              cast(:duration_ms as pg_catalog.int4[]),
              cast(:attempt as pg_catalog.int4[])
            ) as new (
              id, execution_id, node_id, node_name, status, output_data, error,
              started_at, created_at, duration_ms, attempt)
            order by id collate pg_catalog."C"
            """;

    /**
     * Adds results; those that are there already stay as they are.
     *
     * @param older the executions that existed before this batch: some of their logs may wait for these results
     * @throws IdConflictException when an id belongs to another execution
     */
    void insert(List<NodeResult> results, Set<String> older) {
        if (results.isEmpty()) {
            return;
        }
        Columns<NodeResult> columns = Columns.of(results)
                .text("id", NodeResult::id)
                .text("execution_id", NodeResult::executionId)
                .text("node_id", NodeResult::nodeId)
                .text("node_name", NodeResult::nodeName)
                .text("status", result -> result.status().code())
                .json("output_data", NodeResult::output)
                .text("error", NodeResult::error)
                .instant("started_at", NodeResult::startedAt)
                .instant("created_at", NodeResult::finishedAt)
                .millis("duration_ms", NodeResult::duration)
                .integer("attempt", NodeResult::attempt);
        InsertWay way = ways.of(TABLE, columns);
        int inserted = way == InsertWay.COPY
                ? statements.copy(TABLE, columns)
                : statements.send(INSERT + way.conflictClause(), columns::bind, Results::count);
        if (inserted < results.size()) {
            requireSameExecutions(results);
        }
        if (inserted > 0) {
            linkLogs(results.stream()
                    .filter(result -> older.contains(result.executionId()))
                    .toList());
        }
    }

    /** What was sent and is not there now was kept out by the same id in another execution. */
    private void requireSameExecutions(List<NodeResult> results) {
        List<String> foreign = ForeignIds.find(statements, TABLE, ids(results));
        if (!foreign.isEmpty()) {
            throw new IdConflictException(IdConflictException.IdKind.NODE_RESULT, foreign);
        }
    }

    static final String LINK_LOGS = """
            update {schema}.execution_logs as log
            set node_result_id = log.node_run_id
            from unnest(
              cast(:linked_id as pg_catalog.text[]),
              cast(:linked_execution_id as pg_catalog.text[])
            ) as result (id, execution_id)
            where log.execution_id operator(pg_catalog.=) result.execution_id
              and log.node_run_id operator(pg_catalog.=) result.id
              and log.node_result_id is null""";

    /**
     * Ties the logs of runs that were still going on to the results that these runs have now, along with the next
     * statement.
     */
    private void linkLogs(List<NodeResult> results) {
        if (!results.isEmpty()) {
            Columns<NodeResult> linked = ids(results);
            statements.defer(LINK_LOGS, query -> linked.bind(query, "linked_"));
        }
    }

    private static Columns<NodeResult> ids(List<NodeResult> results) {
        return Columns.of(results).text("id", NodeResult::id).text("execution_id", NodeResult::executionId);
    }
}
