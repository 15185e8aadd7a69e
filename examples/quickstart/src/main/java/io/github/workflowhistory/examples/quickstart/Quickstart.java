package io.github.workflowhistory.examples.quickstart;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.store.ExecutionStore;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Records a workflow into PostgreSQL, reads its history back and draws it. */
public final class Quickstart {
    private static final UUID DEMO_USER = UUID.fromString("11111111-1111-4111-8111-111111111111");

    private final PrintStream out;
    private final PrintStream err;
    private final Terminal terminal;

    Quickstart(PrintStream out, PrintStream err, Terminal terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Runs the example.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        // UTF-8 whatever the locale: in a container it is often POSIX, where bars would come out as question marks.
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int exitCode = new Quickstart(out, err, Terminal.detect()).run(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Does everything; returns the exit code. */
    int run(String... arguments) {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            return failed(2, e.getMessage() + " (--help shows the options)");
        }
        if (options.help()) {
            out.print(Options.USAGE);
            return 0;
        }
        String url = options.jdbcUrl();
        try (Database database = url == null ? Database.embedded(DEMO_USER) : Database.at(url)) {
            UUID user = url == null ? DEMO_USER : options.user();
            int exitCode = recordAndShow(database, options, user);
            if (url == null && exitCode == 0) {
                out.println("This server is gone now. To keep the history, name one of yours: --jdbc-url URL");
            }
            return exitCode;
        } catch (Exception e) {
            return failed(1, String.valueOf(e.getMessage()));
        }
    }

    /** What an application does. */
    private int recordAndShow(Database database, Options options, @Nullable UUID user) throws SQLException {
        ExecutionStore store = JdbcExecutionStore.create(database.pool());
        String executionId = IdGenerator.timeOrdered().newId();
        AtomicReference<@Nullable Exception> lost = new AtomicReference<>();
        Exception failure = null;
        try (WorkflowHistory history = WorkflowHistory.builder(store)
                // History never breaks the host: when the database refuses a record, only this is told.
                .onRejection((batch, cause) -> lost.compareAndSet(null, cause))
                .build()) {
            SourceReport report = new SourceReport(options.folder(), options.output());
            history.execution("source-report").id(executionId).userId(user).record(report::write);
        } catch (Exception e) {
            failure = e;
        }
        Optional<ExecutionDetails> details = store.findDetails(executionId);
        if (details.isPresent()) {
            out.println("Recorded into " + database.describe() + " and read back:");
            out.println();
            Timeline.of(details.get(), terminal).forEach(out::println);
            out.println();
        }
        Exception notRecorded = lost.get();
        if (notRecorded != null) {
            return failed(1, "the history was not recorded: " + notRecorded.getMessage());
        }
        return failure == null ? 0 : failed(1, "the workflow failed: " + failure);
    }

    private int failed(int exitCode, String message) {
        err.println("quickstart: " + Texts.fit(message, 500));
        return exitCode;
    }
}
