package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** COPY in its text format (PostgreSQL manual, COPY, "Text Format"). */
final class CopyText {
    private static final int CHUNK = 1 << 16;

    private final CopyIn copy;
    private final StringBuilder buffer = new StringBuilder(CHUNK + 4096);

    private CopyText(CopyIn copy) {
        this.copy = copy;
    }

    static void write(Connection connection, List<Workload.Rows> executions) throws SQLException {
        CopyText out = start(connection, CopyTargets.EXECUTIONS);
        for (Workload.Rows rows : executions) {
            out.add(rows.execution());
        }
        out.end();
        out = start(connection, CopyTargets.RESULTS);
        for (Workload.Rows rows : executions) {
            for (NodeResult result : rows.results()) {
                out.add(result);
            }
        }
        out.end();
        out = start(connection, CopyTargets.LOGS);
        for (Workload.Rows rows : executions) {
            for (ExecutionLog log : rows.logs()) {
                out.add(log);
            }
        }
        out.end();
    }

    private static CopyText start(Connection connection, String target) throws SQLException {
        return new CopyText(
                connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + target + " from stdin"));
    }

    private void add(WorkflowExecution execution) throws SQLException {
        field(execution.id());
        field(execution.workflowId());
        field(execution.userId());
        field(execution.status().code());
        field(execution.startedAt());
        field(execution.completedAt());
        field(millis(execution.duration()));
        field(execution.createdAt());
        field(execution.recorderId());
        endRow();
    }

    private void add(NodeResult result) throws SQLException {
        field(result.id());
        field(result.executionId());
        field(result.nodeId());
        field(result.nodeName());
        field(result.status().code());
        field(result.output());
        field(millis(result.duration()));
        field(result.startedAt());
        field(result.attempt());
        field(result.finishedAt());
        endRow();
    }

    private void add(ExecutionLog log) throws SQLException {
        field(log.id());
        field(log.executionId());
        field(log.nodeRunId());
        field(log.nodeRunId());
        field(log.level().code());
        field(log.message());
        field(log.data());
        field(log.timestamp());
        endRow();
    }

    private static long millis(@Nullable Duration duration) {
        return Objects.requireNonNull(duration).toMillis();
    }

    private void field(@Nullable Object value) {
        if (value == null) {
            buffer.append("\\N\t");
            return;
        }
        String text = value.toString();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> buffer.append("\\\\");
                case '\t' -> buffer.append("\\t");
                case '\n' -> buffer.append("\\n");
                case '\r' -> buffer.append("\\r");
                default -> buffer.append(c);
            }
        }
        buffer.append('\t');
    }

    private void endRow() throws SQLException {
        buffer.setCharAt(buffer.length() - 1, '\n');
        if (buffer.length() >= CHUNK) {
            send();
        }
    }

    private void send() throws SQLException {
        byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        buffer.setLength(0);
    }

    private void end() throws SQLException {
        send();
        copy.endCopy();
    }
}
