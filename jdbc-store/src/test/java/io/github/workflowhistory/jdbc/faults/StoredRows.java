package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The rows of the three tables, read by plain SQL and not by the store, which is being tested.
 *
 * @param executions by id
 * @param results by id
 * @param logs by id
 * @param links by the id of a log, the node result to which it is tied, or the text null
 */
record StoredRows(
        Map<String, WorkflowExecution> executions,
        Map<String, NodeResult> results,
        Map<String, ExecutionLog> logs,
        Map<String, String> links) {

    static StoredRows read(DataSource dataSource) {
        StoredRows rows = new StoredRows(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            rows.readExecutions(statement);
            rows.readResults(statement);
            rows.readLogs(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }

    private static final String EXECUTIONS = """
            select id, workflow_id, user_id, status, duration_ms, final_output, error, recorder_id,
              (extract(epoch from started_at) * 1000000)::bigint as started,
              (extract(epoch from completed_at) * 1000000)::bigint as completed,
              (extract(epoch from created_at) * 1000000)::bigint as created,
              (extract(epoch from abandoned_at) * 1000000)::bigint as abandoned
            from public.workflow_executions""";

    private void readExecutions(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(EXECUTIONS)) {
            while (row.next()) {
                executions.put(
                        row.getString("id"),
                        new WorkflowExecution(
                                row.getString("id"),
                                row.getString("workflow_id"),
                                row.getObject("user_id", UUID.class),
                                ExecutionStatus.valueOf(upper(row.getString("status"))),
                                instant(row, "started"),
                                instant(row, "completed"),
                                millis(row),
                                json(row, "final_output"),
                                row.getString("error"),
                                instant(row, "created"),
                                row.getString("recorder_id"),
                                instant(row, "abandoned")));
            }
        }
    }

    private static final String RESULTS = """
            select id, execution_id, node_id, node_name, status, output_data, error, duration_ms, attempt,
              (extract(epoch from started_at) * 1000000)::bigint as started,
              (extract(epoch from created_at) * 1000000)::bigint as finished
            from public.node_execution_results""";

    private void readResults(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(RESULTS)) {
            while (row.next()) {
                results.put(
                        row.getString("id"),
                        new NodeResult(
                                row.getString("id"),
                                row.getString("execution_id"),
                                row.getString("node_id"),
                                row.getString("node_name"),
                                NodeStatus.valueOf(upper(row.getString("status"))),
                                json(row, "output_data"),
                                row.getString("error"),
                                instant(row, "started"),
                                instant(row, "finished"),
                                millis(row),
                                row.getInt("attempt")));
            }
        }
    }

    private static final String LOGS = """
            select id, execution_id, node_result_id, node_run_id, level, message, data,
              (extract(epoch from "timestamp") * 1000000)::bigint as at
            from public.execution_logs""";

    private void readLogs(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(LOGS)) {
            while (row.next()) {
                logs.put(
                        row.getString("id"),
                        new ExecutionLog(
                                row.getString("id"),
                                row.getString("execution_id"),
                                row.getString("node_run_id"),
                                LogLevel.valueOf(upper(row.getString("level"))),
                                row.getString("message"),
                                json(row, "data"),
                                instant(row, "at")));
                links.put(row.getString("id"), String.valueOf(row.getString("node_result_id")));
            }
        }
    }

    private static String upper(String code) {
        return code.toUpperCase(Locale.ROOT);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static Duration millis(ResultSet row) throws SQLException {
        long millis = row.getLong("duration_ms");
        return row.wasNull() ? null : Duration.ofMillis(millis);
    }

    private static Json json(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : Json.parse(text);
    }
}
