package io.github.workflowhistory.examples.benchmarks.load;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.examples.benchmarks.report.Figures;
import io.github.workflowhistory.examples.benchmarks.report.Table;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.store.ExecutionStore;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs to read and write as an end user, beside the owner of the tables. Owner and user take turns, so that
 * whatever else the machine does meets both. Shows its progress on the standard error and prints the report, in Markdown,
 * on the standard output. Ends with exit code 1 when the run is void.
 */
public final class EndUserBenchmark {
    private final PrintStream out;
    private final PrintStream err;

    EndUserBenchmark(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        Command command = Command.ofProcess();
        int exitCode = new EndUserBenchmark(command.out(), command.err()).run(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Does everything; returns the exit code. */
    int run(String... arguments) {
        return new Command(out, err)
                .run(() -> EndUserOptions.parse(arguments), EndUserOptions::help, EndUserOptions.USAGE, this::measure);
    }

    private void measure(EndUserOptions options) throws Exception {
        try (DurableServer server = DurableServer.start();
                Connection administration = server.connect();
                HikariDataSource pool = server.pool(DurableServer.OWNER, 1)) {
            err.println("filling the tables");
            StoredHistory.fill(administration, options.executions());
            out.println(server.describe() + "; " + Table.count(options.executions())
                    + " executions, a tenth of them of the user; medians of " + options.rounds() + " rounds");
            out.println();
            out.print(report(options.rounds(), pool, administration));
        }
    }

    private Table report(int rounds, HikariDataSource pool, Connection administration)
            throws SQLException, VoidRunException {
        Table table = new Table("through the store", "owner, ms", "end user, ms", "ratio");
        for (EndUserTrial trial : List.of(
                EndUserTrial.recentExecutions(),
                EndUserTrial.details(),
                EndUserTrial.logs(),
                EndUserTrial.insert(),
                EndUserTrial.insertWithoutCopy())) {
            JdbcExecutionStore owner = JdbcExecutionStore.builder(pool)
                    .copyLargeBatches(trial.copies())
                    .build();
            ExecutionStore user = owner.actingAs(DurableServer.USER);
            List<Double> ofOwner = new ArrayList<>();
            List<Double> ofUser = new ArrayList<>();
            for (int round = 0; round <= rounds; round++) {
                double first = measure(trial, owner, administration);
                double second = measure(trial, user, administration);
                if (round > 0) {
                    ofOwner.add(first);
                    ofUser.add(second);
                }
            }
            err.println(trial.name() + ": done");
            table.row(
                    trial.name(),
                    Table.decimal(Figures.median(ofOwner), 2),
                    Table.decimal(Figures.median(ofUser), 2),
                    Table.decimal(Figures.medianRatio(ofUser, ofOwner), 2));
        }
        return table;
    }

    /** Milliseconds of one repetition. */
    private static double measure(EndUserTrial trial, ExecutionStore store, Connection administration)
            throws SQLException, VoidRunException {
        long start = System.nanoTime();
        for (int i = 0; i < trial.repetitions(); i++) {
            int rows = trial.work().on(store);
            if (rows != trial.rows()) {
                throw new VoidRunException(trial.name() + ": " + rows + " rows instead of " + trial.rows());
            }
        }
        double millis = (System.nanoTime() - start) / 1e6 / trial.repetitions();
        StoredHistory.emptyAgain(administration);
        return millis;
    }
}
