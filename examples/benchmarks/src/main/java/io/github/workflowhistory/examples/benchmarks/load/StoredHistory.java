package io.github.workflowhistory.examples.benchmarks.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A history that has grown: a tenth of the executions belongs to {@link DurableServer#USER}, the rest to others, one of a
 * hundred has node results and log entries. One execution of the user has many log entries.
 */
final class StoredHistory {
    /** Enough for the user to have an execution with everything, and as many as a list returns. */
    static final int LEAST_EXECUTIONS = 1_000;

    static final int RESULTS = 10;
    static final int LOGS = 30;
    static final int LOGS_OF_THE_LONG_ONE = 1_000;

    /** An execution of the user with {@link #RESULTS} and {@link #LOGS}. */
    static final String WHOLE_EXECUTION = "execution-500";
    /** An execution of the user with {@link #LOGS_OF_THE_LONG_ONE}, and no node results. */
    static final String LONG_EXECUTION = "execution-510";
    /** An execution of the user with nothing, to write to. */
    static final String EMPTY_EXECUTION = "execution-520";

    private StoredHistory() {}

    private static final String FILL = """
            insert into public.users (id)
            select ('22222222-2222-4222-8222-' || lpad(number::text, 12, '0'))::uuid
            from generate_series(1, 1000) as number;

            insert into public.workflow_executions (
              id, workflow_id, user_id, status, started_at, completed_at, duration_ms, created_at)
            select
              'execution-' || number,
              'workflow-' || number %% 50,
              case when number %% 10 = 0 then '%1$s'
                else '22222222-2222-4222-8222-' || lpad((1 + number %% 1000)::text, 12, '0') end::uuid,
              'success', at, at + interval '3 s', 3000, at
            from generate_series(1, %2$d) as number,
              lateral (select timestamptz '2026-01-01 00:00Z' + number * interval '1 s') as t (at);

            insert into public.node_execution_results (
              id, execution_id, node_id, node_name, status, output_data, duration_ms, created_at)
            select
              execution.id || '-' || node, execution.id, 'step-' || node, 'Step ' || node, 'success',
              '{"orders": 40, "warehouse": "Hamburg Altenwerder", "packed": true}', 100, execution.created_at
            from generate_series(100, %2$d, 100) as number
            join public.workflow_executions as execution on execution.id = 'execution-' || number,
              generate_series(1, %3$d) as node;

            insert into public.execution_logs (id, execution_id, level, message, "timestamp")
            select
              execution.id || '-' || entry, execution.id, 'info',
              'asked the shop for the orders since the last run, page by page, newest page first',
              execution.created_at + entry * interval '1 ms'
            from public.workflow_executions as execution
            join (
              select 'execution-' || number, %4$d from generate_series(100, %2$d, 100) as number
              union all select '%6$s', %5$d
            ) as wanted (id, entries) on wanted.id = execution.id,
              generate_series(1, wanted.entries) as entry""";

    /** Fills empty tables, and lets PostgreSQL know what is in them. */
    static void fill(Connection connection, int executions) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(FILL.formatted(
                    DurableServer.USER, executions, RESULTS, LOGS, LOGS_OF_THE_LONG_ONE, LONG_EXECUTION));
            statement.execute("vacuum (analyze) public.workflow_executions, public.node_execution_results,"
                    + " public.execution_logs");
        }
    }

    /** Takes away what was written to the empty execution. */
    static void emptyAgain(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("delete from public.execution_logs where execution_id = '" + EMPTY_EXECUTION + "'");
            statement.execute("vacuum public.execution_logs");
        }
    }
}
