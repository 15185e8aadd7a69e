package io.github.workflowhistory.examples.benchmarks.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The three tables: the same state before every run, and what a run left there. */
final class HistoryTables implements AutoCloseable {
    private final Connection connection;

    HistoryTables(Connection connection) {
        this.connection = connection;
    }

    /** How many rows there are that cost space and serve nobody any more. */
    record DeadRows(long executions, long results, long logs) {
        long total() {
            return executions + results + logs;
        }
    }

    /** Empty tables, and no page that has to go to the log in full because the last run wrote it. */
    void clear() throws SQLException {
        execute("truncate public.workflow_executions, public.node_execution_results, public.execution_logs");
        execute("checkpoint");
    }

    /** Every row of a workload of ended executions, each result with its output, each log entry tied to its result. */
    private static final String COUNT = """
            select
              (select count(*) from public.workflow_executions),
              (select count(*) from public.workflow_executions
               where status = 'success' and completed_at is not null),
              (select count(*) from public.node_execution_results),
              (select count(*) from public.node_execution_results where output_data is not null),
              (select count(*) from public.execution_logs),
              (select count(*) from public.execution_logs where node_result_id = node_run_id)""";

    /** Counts the rows: a benchmark that loses some, or leaves some unfinished, measures nothing. */
    void verify(String writer, int executions) throws SQLException, VoidRunException {
        long[] expected = {
            executions,
            executions,
            (long) executions * Workload.NODES,
            (long) executions * Workload.NODES,
            (long) executions * Workload.LOGS,
            (long) executions * Workload.LOGS
        };
        String[] names = {
            "executions", "ended executions", "node results", "outputs", "log entries", "log entries of a node result"
        };
        try (Statement statement = connection.createStatement();
                ResultSet counts = statement.executeQuery(COUNT)) {
            counts.next();
            for (int i = 0; i < names.length; i++) {
                long found = counts.getLong(i + 1);
                if (found != expected[i]) {
                    throw new VoidRunException(
                            writer + " left " + found + " " + names[i] + " where there must be " + expected[i]);
                }
            }
        }
    }

    private static final String DEAD = """
            select
              max(n_dead_tup) filter (where relname = 'workflow_executions'),
              max(n_dead_tup) filter (where relname = 'node_execution_results'),
              max(n_dead_tup) filter (where relname = 'execution_logs')
            from pg_stat_user_tables""";

    /** Counts dead rows. ANALYZE does it: it reads every page of tables of this size, and reports at once. */
    DeadRows deadRows() throws SQLException {
        execute("analyze public.workflow_executions, public.node_execution_results, public.execution_logs");
        try (Statement statement = connection.createStatement();
                ResultSet dead = statement.executeQuery(DEAD)) {
            dead.next();
            return new DeadRows(dead.getLong(1), dead.getLong(2), dead.getLong(3));
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
