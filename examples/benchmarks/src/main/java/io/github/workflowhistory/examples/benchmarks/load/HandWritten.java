package io.github.workflowhistory.examples.benchmarks.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A hand-written way to write rows that are finished and in memory before the clock starts: what is measured is how they
 * are encoded, sent and stored, which is as fast as this way can be.
 */
final class HandWritten implements Competitor {
    private final String name;
    private final int connections;
    private final int executionsOfTransaction;
    private final double share;
    private final Workload workload;
    private final ConnectionSource source;
    private final RowWriter writer;

    private HandWritten(Builder builder, RowWriter writer) {
        this.name = builder.name;
        this.connections = builder.connections;
        this.executionsOfTransaction = builder.executionsOfTransaction;
        this.share = builder.share;
        this.workload = builder.workload;
        this.source = builder.source;
        this.writer = writer;
    }

    /** Opens connections. */
    interface ConnectionSource {
        Connection open() throws SQLException;
    }

    /** Writes rows in one transaction; the connection comes with auto-commit off. */
    interface RowWriter {
        void write(Connection connection, List<Workload.Rows> executions) throws Exception;
    }

    static Builder named(String name, Workload workload, ConnectionSource source) {
        return new Builder(name, workload, source);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int connections() {
        return connections;
    }

    @Override
    public double share() {
        return share;
    }

    @Override
    public Duration record(int executions) throws Exception {
        List<List<Workload.Rows>> transactions = split(workload.rows(executions));
        List<Connection> opened = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                Connection connection = source.open();
                opened.add(connection);
                connection.setAutoCommit(false);
                int first = i;
                writers.add(() -> {
                    for (int next = first; next < transactions.size(); next += connections) {
                        writer.write(connection, transactions.get(next));
                        if (!connection.getAutoCommit()) {
                            connection.commit();
                        }
                    }
                    return null;
                });
            }
            long start = System.nanoTime();
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            threads.shutdownNow();
            for (Connection connection : opened) {
                connection.close();
            }
        }
    }

    private List<List<Workload.Rows>> split(List<Workload.Rows> rows) {
        List<List<Workload.Rows>> transactions = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += executionsOfTransaction) {
            transactions.add(rows.subList(from, Math.min(rows.size(), from + executionsOfTransaction)));
        }
        return transactions;
    }

    /** How rows are divided. */
    static final class Builder {
        private final String name;
        private final Workload workload;
        private final ConnectionSource source;
        private int connections = 1;
        private int executionsOfTransaction = 1;
        private double share = 1;

        private Builder(String name, Workload workload, ConnectionSource source) {
            this.name = name;
            this.workload = workload;
            this.source = source;
        }

        Builder connections(int connections) {
            this.connections = connections;
            return this;
        }

        /** As many whole executions as make that many rows. */
        Builder rowsOfTransaction(int rows) {
            this.executionsOfTransaction = Math.max(1, rows / Workload.ROWS);
            return this;
        }

        Builder share(double share) {
            this.share = share;
            return this;
        }

        HandWritten writing(RowWriter writer) {
            return new HandWritten(this, writer);
        }
    }
}
