package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.HistoryOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/** Reads executions and what belongs to them. Each method is one round trip. */
final class ExecutionReads {
    private final Statements statements;

    ExecutionReads(Statements statements) {
        this.statements = statements;
    }

    static final String FIND = """
            select
              id, workflow_id, user_id, status, started_at, completed_at, duration_ms,
              final_output, error, created_at, recorder_id, abandoned_at
            from {schema}.workflow_executions
            where id operator(pg_catalog.=) :id""";

    Optional<WorkflowExecution> find(String executionId) {
        return statements.send(
                FIND,
                query -> query.bind("id", executionId),
                results -> results.rows(RowMappers::execution).stream().findFirst());
    }

    static final String RESULTS_OF = """
            select
              id, execution_id, node_id, node_name, status, output_data, error,
              started_at, created_at, duration_ms, attempt
            from {schema}.node_execution_results
            where execution_id operator(pg_catalog.=) :id""";

    static final String LOGS_OF = """
            select id, execution_id, node_result_id, node_run_id, level, message, data, "timestamp"
            from {schema}.execution_logs
            where execution_id operator(pg_catalog.=) :id""";

    private static final String DETAILS = FIND + ";\n" + RESULTS_OF + ";\n" + LOGS_OF;

    /** Everything of one execution. The caller's transaction makes it one moment. */
    Optional<ExecutionDetails> details(String executionId) {
        return statements.send(DETAILS, query -> query.bind("id", executionId), results -> {
            List<WorkflowExecution> execution = results.rows(RowMappers::execution);
            List<NodeResult> nodeResults = results.rows(RowMappers::nodeResult);
            List<ExecutionLog> logs = results.rows(RowMappers::log);
            // Sorted here, because everything is here anyway.
            nodeResults.sort(HistoryOrder.NODE_RESULTS);
            logs.sort(HistoryOrder.LOGS);
            return execution.stream().findFirst().map(found -> new ExecutionDetails(found, nodeResults, logs));
        });
    }

    // On a column that compares as bytes already, the collation here is its own and its index serves.
    private static final String LIST = """
            select
              id, workflow_id, user_id, status, started_at, completed_at, duration_ms,
              error, created_at, abandoned_at
            from {schema}.workflow_executions
            where true%s
            order by created_at desc, id collate pg_catalog."C" desc
            limit :limit""";

    private static final String OF_USER = "\n  and user_id operator(pg_catalog.=) :user_id";
    private static final String OF_WORKFLOW = "\n  and workflow_id operator(pg_catalog.=) :workflow_id";

    List<ExecutionSummary> list(ExecutionQuery query) {
        return statements.send(
                sql(query),
                statement -> bind(query, statement),
                results -> List.copyOf(results.rows(RowMappers::summary)));
    }

    static String sql(ExecutionQuery query) {
        return LIST.formatted(
                (query.userId() == null ? "" : OF_USER) + (query.workflowId() == null ? "" : OF_WORKFLOW));
    }

    static void bind(ExecutionQuery query, Query statement) {
        statement.bind("limit", query.limit());
        if (query.userId() != null) {
            statement.bind("user_id", query.userId());
        }
        if (query.workflowId() != null) {
            statement.bind("workflow_id", query.workflowId());
        }
    }

    private static final String LOGS = """
            select id, execution_id, node_result_id, node_run_id, level, message, data, "timestamp"
            from {schema}.execution_logs
            where execution_id operator(pg_catalog.=) :execution_id%s
            order by "timestamp", id collate pg_catalog."C"
            limit :limit""";

    // Two conditions, one for each of the two indexes; a log without node_run_id was written by the guide alone.
    private static final String OF_NODE_RUN = """

              and (node_result_id operator(pg_catalog.=) :node_run_id
                or node_result_id is null and node_run_id operator(pg_catalog.=) :node_run_id)""";
    private static final String AT_LEAST = "\n  and level operator(pg_catalog.=) any (:levels)";

    List<ExecutionLog> logs(LogQuery query) {
        return statements.send(
                sql(query), statement -> bind(query, statement), results -> List.copyOf(results.rows(RowMappers::log)));
    }

    static String sql(LogQuery query) {
        return LOGS.formatted((query.nodeRunId() == null ? "" : OF_NODE_RUN)
                + (query.minimumLevel() == LogLevel.DEBUG ? "" : AT_LEAST));
    }

    static void bind(LogQuery query, Query statement) {
        statement.bind("execution_id", query.executionId()).bind("limit", query.limit());
        if (query.nodeRunId() != null) {
            statement.bind("node_run_id", query.nodeRunId());
        }
        if (query.minimumLevel() != LogLevel.DEBUG) {
            Columns.of(levelsFrom(query.minimumLevel()))
                    .text("levels", LogLevel::code)
                    .bind(statement);
        }
    }

    private static List<LogLevel> levelsFrom(LogLevel minimum) {
        return Arrays.stream(LogLevel.values())
                .filter(level -> level.isAtLeast(minimum))
                .toList();
    }
}
