package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.Ids;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryStoreException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes domain records of rows, also of rows that another application wrote by the guide's columns alone. What no rule
 * can make sense of is an exception that names the row.
 */
final class RowMappers {
    private RowMappers() {}

    static WorkflowExecution execution(ResultSet row) throws SQLException {
        return execution(row, json(row, "final_output"));
    }

    /** An execution of which the row tells only whether it has an output. */
    static StoredExecution storedExecution(ResultSet row) throws SQLException {
        return new StoredExecution(execution(row, StoredExecution.placeholder(row.getBoolean("has_output"))));
    }

    private static WorkflowExecution execution(ResultSet row, @Nullable Json output) throws SQLException {
        try {
            return new WorkflowExecution(
                    requiredText(row, "id"),
                    requiredText(row, "workflow_id"),
                    row.getObject("user_id", UUID.class),
                    ExecutionStatus.ofCode(requiredText(row, "status")),
                    instant(row, "started_at"),
                    instant(row, "completed_at"),
                    millis(row, "duration_ms"),
                    output,
                    row.getString("error"),
                    requiredInstant(row, "created_at"),
                    row.getString("recorder_id"),
                    instant(row, "abandoned_at"));
        } catch (IllegalArgumentException e) {
            throw unreadable("workflow_executions", row, e);
        }
    }

    static ExecutionSummary summary(ResultSet row) throws SQLException {
        try {
            return new ExecutionSummary(
                    requiredText(row, "id"),
                    requiredText(row, "workflow_id"),
                    row.getObject("user_id", UUID.class),
                    ExecutionStatus.ofCode(requiredText(row, "status")),
                    instant(row, "started_at"),
                    instant(row, "completed_at"),
                    millis(row, "duration_ms"),
                    row.getString("error"),
                    requiredInstant(row, "created_at"),
                    instant(row, "abandoned_at"));
        } catch (IllegalArgumentException e) {
            throw unreadable("workflow_executions", row, e);
        }
    }

    static NodeResult nodeResult(ResultSet row) throws SQLException {
        try {
            String nodeId = requiredText(row, "node_id");
            String nodeName = row.getString("node_name");
            return new NodeResult(
                    requiredText(row, "id"),
                    requiredText(row, "execution_id"),
                    nodeId,
                    nodeName == null ? nodeId : nodeName,
                    NodeStatus.ofCode(requiredText(row, "status")),
                    json(row, "output_data"),
                    row.getString("error"),
                    instant(row, "started_at"),
                    requiredInstant(row, "created_at"),
                    millis(row, "duration_ms"),
                    row.getInt("attempt"));
        } catch (IllegalArgumentException e) {
            throw unreadable("node_execution_results", row, e);
        }
    }

    static ExecutionLog log(ResultSet row) throws SQLException {
        try {
            // An application that knows the guide alone fills node_result_id alone.
            String result = row.getString("node_result_id");
            return new ExecutionLog(
                    requiredText(row, "id"),
                    requiredText(row, "execution_id"),
                    result != null ? result : row.getString("node_run_id"),
                    LogLevel.ofCode(requiredText(row, "level")),
                    requiredText(row, "message"),
                    json(row, "data"),
                    requiredInstant(row, "timestamp"));
        } catch (IllegalArgumentException e) {
            throw unreadable("execution_logs", row, e);
        }
    }

    private static String requiredText(ResultSet row, String column) throws SQLException {
        return required(row.getString(column), column);
    }

    private static Instant requiredInstant(ResultSet row, String column) throws SQLException {
        return required(instant(row, column), column);
    }

    private static <T> T required(@Nullable T value, String column) {
        if (value == null) {
            throw new IllegalArgumentException(column + " is null");
        }
        return value;
    }

    private static @Nullable Json json(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : Json.parse(text);
    }

    /** Exact to the microsecond, whatever the time zones of the session and of the JVM are. */
    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Duration millis(ResultSet row, String column) throws SQLException {
        int millis = row.getInt(column);
        return row.wasNull() ? null : Duration.ofMillis(millis);
    }

    private static HistoryStoreException unreadable(String table, ResultSet row, RuntimeException cause)
            throws SQLException {
        return new HistoryStoreException(
                HistoryStoreException.Kind.DATA,
                "the row of " + table + " with id " + Ids.quote(row.getString("id"))
                        + " holds something that cannot be history: " + FailedSqlException.inOneLine(cause.getMessage())
                        + ". Mend or delete the row",
                cause);
    }
}
