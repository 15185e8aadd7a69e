package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.store.IdConflictException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes to {@code execution_logs}, a batch at a time. */
final class LogWrites {
    static final String TABLE = "execution_logs";

    private final Statements statements;
    private final InsertWay.Choice ways;

    LogWrites(Statements statements, InsertWay.Choice ways) {
        this.statements = statements;
        this.ways = ways;
    }

    // The foreign key allows node_result_id only once the result is there; until then node_run_id keeps
    // the place, and the result ties the log to itself when it arrives. Looked up row by row, here and below: for a
    // join, a plan that was made while the tables were empty would read them whole.
    private static final String STORED_RESULT = """
              (select result.id
               from {schema}.node_execution_results as result
               where result.execution_id operator(pg_catalog.=) new.execution_id
                 and result.id operator(pg_catalog.=) new.node_run_id)""";

    static final String INSERT = insert(STORED_RESULT, "", "") + InsertWay.IDEMPOTENT_INSERT.conflictClause();

    /** For rows that say themselves which results they are tied to; see {@link #linked}. */
    private static final String INSERT_LINKED = insert("new.node_result_id", """
            ,
              cast(:node_result_id as pg_catalog.text[])""", ", node_result_id");

    private static String insert(String nodeResultId, String moreArrays, String moreNames) {
        return """
                insert into {schema}.execution_logs (
                  id, execution_id, node_result_id, node_run_id, level, message, data, "timestamp")
                select
                  new.id,
                  new.execution_id,
                  %s,
                  new.node_run_id,
                  new.level,
                  new.message,
                  cast(new.data as pg_catalog.jsonb),
                  new.at
                from unnest(
                  cast(:id as pg_catalog.text[]),
                  cast(:execution_id as pg_catalog.text[]),
                  cast(:node_run_id as pg_catalog.text[]),
                  cast(:level as pg_catalog.text[]),
                  cast(:message as pg_catalog.text[]),
                  cast(:data as pg_catalog.text[]),
                  cast(:timestamp as pg_catalog.timestamptz[])%s
                ) as new (
                  id, execution_id, node_run_id, level, message, data, at%s)
                order by new.id collate pg_catalog."C"
                """.formatted(nodeResultId, moreArrays, moreNames);
    }

    // An entry that is there already was judged when it came: the same batch again must not fail because
    // another execution has taken the id of the run since.
    static final String FIND_FOREIGN_RUNS = """
            select sent.node_run_id
            from unnest(
              cast(:sent_id as pg_catalog.text[]),
              cast(:sent_execution_id as pg_catalog.text[]),
              cast(:sent_node_run_id as pg_catalog.text[])
            ) as sent (id, execution_id, node_run_id)
            where exists (
              select from {schema}.node_execution_results as stored
              where stored.id operator(pg_catalog.=) sent.node_run_id
                and stored.execution_id operator(pg_catalog.<>) sent.execution_id
              offset 0)
            and not exists (
              select from {schema}.execution_logs as log
              where log.execution_id operator(pg_catalog.=) sent.execution_id
                and log.id operator(pg_catalog.=) sent.id
              offset 0);
            """;

    /**
     * Adds entries; those that are there already stay as they are.
     *
     * @param written the node results of the same batch
     * @throws IdConflictException when an id belongs to another execution
     */
    void insert(List<ExecutionLog> logs, List<NodeResult> written) {
        if (logs.isEmpty()) {
            return;
        }
        Columns<ExecutionLog> columns = Columns.of(logs)
                .text("id", ExecutionLog::id)
                .text("execution_id", ExecutionLog::executionId)
                .text("node_run_id", ExecutionLog::nodeRunId)
                .text("level", log -> log.level().code())
                .text("message", ExecutionLog::message)
                .json("data", ExecutionLog::data)
                .instant("timestamp", ExecutionLog::timestamp);
        Map<String, String> results = executionsOf(written);
        List<ExecutionLog> uncertain = namingOtherRuns(logs, results);
        Set<String> foreignRuns = new LinkedHashSet<>();
        InsertWay way = ways.of(TABLE, columns);
        int inserted = switch (way) {
            case COPY -> statements.copy(TABLE, linked(columns, results, uncertain, foreignRuns));
            case PLAIN_INSERT ->
                statements.send(INSERT_LINKED, linked(columns, results, uncertain, foreignRuns)::bind, Results::count);
            case IDEMPOTENT_INSERT -> insert(columns, uncertain, foreignRuns);
        };
        if (inserted < logs.size()) {
            requireSameExecutions(logs);
        }
        if (!foreignRuns.isEmpty()) {
            throw new IdConflictException(IdConflictException.IdKind.NODE_RUN, foreignRuns);
        }
    }

    /** The executions of node results, by the ids of the results. */
    private static Map<String, String> executionsOf(List<NodeResult> results) {
        Map<String, String> executions = new HashMap<>(2 * results.size());
        results.forEach(result -> executions.put(result.id(), result.executionId()));
        return executions;
    }

    private static boolean namesOneOf(Map<String, String> results, ExecutionLog log) {
        return log.nodeRunId() != null && log.executionId().equals(results.get(log.nodeRunId()));
    }

    /** Entries that name a run whose result is not in this batch, and so may be anywhere. */
    private static List<ExecutionLog> namingOtherRuns(List<ExecutionLog> logs, Map<String, String> results) {
        return logs.stream()
                .filter(log -> log.nodeRunId() != null && !namesOneOf(results, log))
                .toList();
    }

    private int insert(Columns<ExecutionLog> columns, List<ExecutionLog> uncertain, Set<String> foreignRuns) {
        if (uncertain.isEmpty()) {
            return statements.send(INSERT, columns::bind, Results::count);
        }
        Columns<ExecutionLog> runs = runsOf(uncertain);
        return statements.send(
                FIND_FOREIGN_RUNS + INSERT,
                query -> {
                    runs.bind(query);
                    columns.bind(query);
                },
                found -> {
                    foreignRuns.addAll(found.rows(row -> row.getString("node_run_id")));
                    return found.count();
                });
    }

    static final String FIND_OWN_RUNS = """
            select distinct sent.node_run_id as id, sent.execution_id
            from unnest(
              cast(:sent_execution_id as pg_catalog.text[]),
              cast(:sent_node_run_id as pg_catalog.text[])
            ) as sent (execution_id, node_run_id)
            where exists (
              select from {schema}.node_execution_results as stored
              where stored.execution_id operator(pg_catalog.=) sent.execution_id
                and stored.id operator(pg_catalog.=) sent.node_run_id
              offset 0)""";

    /**
     * The rows with the results that they are tied to. COPY cannot look them up, and an INSERT that does so for each row
     * takes 4% longer for the whole batch: so those of this batch are known, and those that are stored already are looked
     * up before. No other writer adds one meanwhile, as the executions are locked.
     */
    private Columns<ExecutionLog> linked(
            Columns<ExecutionLog> columns,
            Map<String, String> results,
            List<ExecutionLog> uncertain,
            Set<String> foreignRuns) {
        if (!uncertain.isEmpty()) {
            statements.send(FIND_FOREIGN_RUNS + FIND_OWN_RUNS, runsOf(uncertain)::bind, found -> {
                foreignRuns.addAll(found.rows(row -> row.getString("node_run_id")));
                return found.rows(row -> results.put(row.getString("id"), row.getString("execution_id")));
            });
        }
        return columns.text("node_result_id", log -> namesOneOf(results, log) ? log.nodeRunId() : null);
    }

    private static Columns<ExecutionLog> runsOf(List<ExecutionLog> logs) {
        return Columns.of(logs)
                .text("sent_id", ExecutionLog::id)
                .text("sent_execution_id", ExecutionLog::executionId)
                .text("sent_node_run_id", ExecutionLog::nodeRunId);
    }

    /** What was sent and is not there now was kept out by the same id in another execution. */
    private void requireSameExecutions(List<ExecutionLog> logs) {
        Columns<ExecutionLog> columns =
                Columns.of(logs).text("id", ExecutionLog::id).text("execution_id", ExecutionLog::executionId);
        List<String> foreign = ForeignIds.find(statements, TABLE, columns);
        if (!foreign.isEmpty()) {
            throw new IdConflictException(IdConflictException.IdKind.LOG, foreign);
        }
    }
}
