package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Plain JDBC, one statement a row: executed one by one, or in batches. */
final class InsertStatements {
    private static final String INSERT_EXECUTION = """
            insert into public.workflow_executions
              (id, workflow_id, user_id, status, started_at, completed_at, duration_ms, created_at, recorder_id)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String END_EXECUTION = """
            update public.workflow_executions
            set status = ?, completed_at = ?, duration_ms = ?
            where id = ?""";

    private static final String INSERT_RESULT = """
            insert into public.node_execution_results
              (id, execution_id, node_id, node_name, status, output_data, duration_ms, started_at, attempt, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String INSERT_LOG = """
            insert into public.execution_logs
              (id, execution_id, node_result_id, node_run_id, level, message, data, "timestamp")
            values (?, ?, ?, ?, ?, ?, ?, ?)""";

    private InsertStatements() {}

    /** As things happen: the start, each result and entry, the end, every one a commit of its own. */
    static void rowByRow(Connection connection, List<Workload.Rows> executions) throws SQLException {
        connection.setAutoCommit(true);
        oneTransaction(connection, executions);
    }

    /** As things happen, in the transaction of the caller. */
    static void oneTransaction(Connection connection, List<Workload.Rows> executions) throws SQLException {
        try (PreparedStatement start = connection.prepareStatement(INSERT_EXECUTION);
                PreparedStatement result = connection.prepareStatement(INSERT_RESULT);
                PreparedStatement log = connection.prepareStatement(INSERT_LOG);
                PreparedStatement end = connection.prepareStatement(END_EXECUTION)) {
            for (Workload.Rows rows : executions) {
                bindStart(start, rows.execution());
                start.executeUpdate();
                for (NodeResult each : rows.results()) {
                    bind(result, each);
                    result.executeUpdate();
                }
                for (ExecutionLog each : rows.logs()) {
                    bind(log, each);
                    log.executeUpdate();
                }
                bindEnd(end, rows.execution());
                end.executeUpdate();
            }
        }
    }

    /** The final rows as one JDBC batch for each table. */
    static void batch(Connection connection, List<Workload.Rows> executions) throws SQLException {
        try (PreparedStatement execution = connection.prepareStatement(INSERT_EXECUTION);
                PreparedStatement result = connection.prepareStatement(INSERT_RESULT);
                PreparedStatement log = connection.prepareStatement(INSERT_LOG)) {
            for (Workload.Rows rows : executions) {
                bindFinal(execution, rows.execution());
                execution.addBatch();
                for (NodeResult each : rows.results()) {
                    bind(result, each);
                    result.addBatch();
                }
                for (ExecutionLog each : rows.logs()) {
                    bind(log, each);
                    log.addBatch();
                }
            }
            execution.executeBatch();
            result.executeBatch();
            log.executeBatch();
        }
    }

    private static void bindStart(PreparedStatement statement, WorkflowExecution execution) throws SQLException {
        bindIdentity(statement, execution);
        statement.setString(4, ExecutionStatus.RUNNING.code());
        instant(statement, 5, execution.startedAt());
        statement.setNull(6, Types.TIMESTAMP_WITH_TIMEZONE);
        statement.setNull(7, Types.INTEGER);
        instant(statement, 8, execution.createdAt());
        statement.setString(9, execution.recorderId());
    }

    private static void bindFinal(PreparedStatement statement, WorkflowExecution execution) throws SQLException {
        bindIdentity(statement, execution);
        statement.setString(4, execution.status().code());
        instant(statement, 5, execution.startedAt());
        instant(statement, 6, execution.completedAt());
        millis(statement, 7, execution.duration());
        instant(statement, 8, execution.createdAt());
        statement.setString(9, execution.recorderId());
    }

    private static void bindIdentity(PreparedStatement statement, WorkflowExecution execution) throws SQLException {
        statement.setString(1, execution.id());
        statement.setString(2, execution.workflowId());
        statement.setObject(3, execution.userId());
    }

    private static void bindEnd(PreparedStatement statement, WorkflowExecution execution) throws SQLException {
        statement.setString(1, execution.status().code());
        instant(statement, 2, execution.completedAt());
        millis(statement, 3, execution.duration());
        statement.setString(4, execution.id());
    }

    private static void bind(PreparedStatement statement, NodeResult result) throws SQLException {
        statement.setString(1, result.id());
        statement.setString(2, result.executionId());
        statement.setString(3, result.nodeId());
        statement.setString(4, result.nodeName());
        statement.setString(5, result.status().code());
        json(statement, 6, result.output());
        millis(statement, 7, result.duration());
        instant(statement, 8, result.startedAt());
        statement.setInt(9, result.attempt());
        instant(statement, 10, result.finishedAt());
    }

    private static void bind(PreparedStatement statement, ExecutionLog log) throws SQLException {
        statement.setString(1, log.id());
        statement.setString(2, log.executionId());
        statement.setString(3, log.nodeRunId());
        statement.setString(4, log.nodeRunId());
        statement.setString(5, log.level().code());
        statement.setString(6, log.message());
        json(statement, 7, log.data());
        instant(statement, 8, log.timestamp());
    }

    private static void json(PreparedStatement statement, int index, @Nullable Json json) throws SQLException {
        statement.setObject(index, json == null ? null : json.text(), Types.OTHER);
    }

    private static void millis(PreparedStatement statement, int index, @Nullable Duration duration)
            throws SQLException {
        statement.setInt(index, (int) Objects.requireNonNull(duration).toMillis());
    }

    private static void instant(PreparedStatement statement, int index, @Nullable Instant instant) throws SQLException {
        statement.setObject(index, Objects.requireNonNull(instant).atOffset(ZoneOffset.UTC));
    }
}
