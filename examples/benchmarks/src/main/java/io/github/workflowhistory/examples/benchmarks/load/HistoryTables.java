package io.github.workflowhistory.examples.benchmarks.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** For example: scanned 1 of 1 pages, containing 7 live rows and 7 dead rows; 7 rows in sample, … */
    private static final Pattern DEAD = Pattern.compile("containing \\d+ live rows and (\\d+) dead rows");

    /** Counts dead rows. */
    DeadRows deadRows() throws SQLException {
        execute("set lc_messages to 'C'");
        return new DeadRows(
                deadRows("workflow_executions"), deadRows("node_execution_results"), deadRows("execution_logs"));
    }

    /**
     * What ANALYZE sees, which reads every page of a table of this size. The statistics would not do: sessions that have
     * ended add what they know later, on top of what ANALYZE has counted.
     */
    private long deadRows(String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("analyze (verbose) public." + table);
            for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                Matcher found = DEAD.matcher(String.valueOf(notice.getMessage()));
                if (found.find()) {
                    return Long.parseLong(found.group(1));
                }
            }
        }
        throw new SQLException("ANALYZE did not tell of the dead rows of " + table);
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
