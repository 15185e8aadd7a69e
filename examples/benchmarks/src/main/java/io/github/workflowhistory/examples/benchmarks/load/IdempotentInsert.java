package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Each table in one statement, however many the rows, that may be sent again after a lost answer: arrays of columns, and
 * what is there already stays. Texts and numbers travel in binary, JSON as text, instants as microseconds.
 */
final class IdempotentInsert {
    private static final String INSERT_EXECUTIONS = """
            insert into public.workflow_executions
              (id, workflow_id, user_id, status, started_at, completed_at, duration_ms, created_at, recorder_id)
            select id, workflow_id, user_id::uuid, status,
              timestamptz 'epoch' + started_at * interval '1 microsecond',
              timestamptz 'epoch' + completed_at * interval '1 microsecond',
              duration_ms,
              timestamptz 'epoch' + created_at * interval '1 microsecond',
              recorder_id
            from unnest(
              ?::text[], ?::text[], ?::text[], ?::text[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::text[])
              as new (
                id, workflow_id, user_id, status, started_at, completed_at, duration_ms, created_at, recorder_id)
            on conflict do nothing""";

    private static final String INSERT_RESULTS = """
            insert into public.node_execution_results
              (id, execution_id, node_id, node_name, status, output_data, duration_ms, started_at, attempt, created_at)
            select id, execution_id, node_id, node_name, status, output_data::jsonb, duration_ms,
              timestamptz 'epoch' + started_at * interval '1 microsecond',
              attempt,
              timestamptz 'epoch' + created_at * interval '1 microsecond'
            from unnest(
              ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int8[], ?::int8[], ?::int8[], ?::int8[])
              as new (
                id, execution_id, node_id, node_name, status, output_data, duration_ms, started_at, attempt, created_at)
            on conflict do nothing""";

    private static final String INSERT_LOGS = """
            insert into public.execution_logs
              (id, execution_id, node_result_id, node_run_id, level, message, data, "timestamp")
            select id, execution_id, node_run_id, node_run_id, level, message, data::jsonb,
              timestamptz 'epoch' + at * interval '1 microsecond'
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int8[])
              as new (id, execution_id, node_run_id, level, message, data, at)
            on conflict do nothing""";

    private IdempotentInsert() {}

    static void write(Connection connection, List<Workload.Rows> rows) throws SQLException {
        List<WorkflowExecution> executions =
                rows.stream().map(Workload.Rows::execution).toList();
        new Arrays<>(connection, INSERT_EXECUTIONS, executions)
                .texts(WorkflowExecution::id)
                .texts(WorkflowExecution::workflowId)
                .texts(execution -> String.valueOf(execution.userId()))
                .texts(execution -> execution.status().code())
                .numbers(execution -> micros(execution.startedAt()))
                .numbers(execution -> micros(execution.completedAt()))
                .numbers(execution ->
                        Objects.requireNonNull(execution.duration()).toMillis())
                .numbers(execution -> micros(execution.createdAt()))
                .texts(WorkflowExecution::recorderId)
                .execute();
        List<NodeResult> results =
                rows.stream().flatMap(each -> each.results().stream()).toList();
        new Arrays<>(connection, INSERT_RESULTS, results)
                .texts(NodeResult::id)
                .texts(NodeResult::executionId)
                .texts(NodeResult::nodeId)
                .texts(NodeResult::nodeName)
                .texts(result -> result.status().code())
                .texts(result -> text(result.output()))
                .numbers(result -> Objects.requireNonNull(result.duration()).toMillis())
                .numbers(result -> micros(result.startedAt()))
                .numbers(NodeResult::attempt)
                .numbers(result -> micros(result.finishedAt()))
                .execute();
        List<ExecutionLog> logs =
                rows.stream().flatMap(each -> each.logs().stream()).toList();
        new Arrays<>(connection, INSERT_LOGS, logs)
                .texts(ExecutionLog::id)
                .texts(ExecutionLog::executionId)
                .texts(ExecutionLog::nodeRunId)
                .texts(log -> log.level().code())
                .texts(ExecutionLog::message)
                .texts(log -> text(log.data()))
                .numbers(log -> micros(log.timestamp()))
                .execute();
    }

    private static @Nullable String text(@Nullable Json json) {
        return json == null ? null : json.text();
    }

    private static long micros(@Nullable Instant instant) {
        Instant there = Objects.requireNonNull(instant);
        return there.getEpochSecond() * 1_000_000 + there.getNano() / 1_000;
    }

    /** A statement of which every parameter is a column. */
    private static final class Arrays<T> {
        private final Connection connection;
        private final PreparedStatement statement;
        private final List<T> rows;
        private int parameter;

        Arrays(Connection connection, String sql, List<T> rows) throws SQLException {
            this.connection = connection;
            this.statement = connection.prepareStatement(sql);
            this.rows = rows;
        }

        Arrays<T> texts(Function<T, @Nullable String> value) throws SQLException {
            @Nullable String[] values = new @Nullable String[rows.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = value.apply(rows.get(i));
            }
            statement.setArray(++parameter, connection.createArrayOf("text", values));
            return this;
        }

        Arrays<T> numbers(ToLongFunction<T> value) throws SQLException {
            statement.setObject(++parameter, rows.stream().mapToLong(value).toArray());
            return this;
        }

        void execute() throws SQLException {
            try (statement) {
                statement.executeUpdate();
            }
        }
    }
}
