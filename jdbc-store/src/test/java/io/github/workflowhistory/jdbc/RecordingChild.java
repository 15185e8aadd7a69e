package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.ExecutionRun;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.pipeline.PipelineSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What {@link ChildProcess} runs: a process that records. It writes lines to its standard output, and ends when its
 * standard input does, so that it never outlives the test.
 */
final class RecordingChild {
    static final String URL = "HISTORY_URL";
    static final String USER = "HISTORY_USER";
    static final String PASSWORD = "HISTORY_PASSWORD";

    private static final int EXECUTIONS = 10;
    private static final Duration FLUSH = Duration.ofSeconds(30);
    private static final BufferedReader COMMANDS =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private final WorkflowHistory history;

    private RecordingChild(PGSimpleDataSource dataSource) {
        history = WorkflowHistory.builder(JdbcExecutionStore.create(dataSource))
                .pipeline(PipelineSettings.builder()
                        .leaseInterval(Duration.ofMillis(100))
                        .abandonAfter(Duration.ZERO)
                        .build())
                .build();
    }

    public static void main(String[] args) throws IOException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(System.getenv(URL));
        dataSource.setUser(System.getenv(USER));
        dataSource.setPassword(System.getenv(PASSWORD));
        switch (args[0]) {
            case "ten-executions" -> new RecordingChild(dataSource).recordTenExecutions();
            case "one-execution" -> new RecordingChild(dataSource).recordOneExecution();
            case "install" -> installAndRecord(dataSource, args[1]);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Ends one execution; then records into ten others without end, and tells after each flush what is durable. */
    private void recordTenExecutions() throws IOException {
        history.run("ended", null, run -> run.info("done"));
        if (!history.flush(FLUSH)) {
            throw new IllegalStateException("could not be flushed");
        }
        for (int i = 0; i < EXECUTIONS; i++) {
            ExecutionRun run = history.begin("killed", null);
            Thread thread = new Thread(() -> recordForEver(run), "execution " + i);
            thread.setDaemon(true);
            thread.start();
        }
        awaitCommand();
    }

    private void recordForEver(ExecutionRun run) {
        for (int i = 0; ; i++) {
            run.info(Integer.toString(i));
            if (i % 10 == 9 && history.flush(FLUSH)) {
                tell(run.id() + " " + i);
            }
        }
    }

    /** Starts as an application does that brings its tables along; waits for a word, so that several do it at once. */
    private static void installAndRecord(PGSimpleDataSource dataSource, String execution) throws IOException {
        tell("ready");
        awaitCommand();
        JdbcExecutionStore.builder(dataSource)
                .schemaMode(SchemaMode.INSTALL)
                .build()
                .record(WorkflowExecution.running(execution, "install", null, Instant.EPOCH));
        tell("installed");
    }

    /** Begins an execution, and ends it as a success when it is told to. */
    private void recordOneExecution() throws IOException {
        ExecutionRun run = history.begin("slow", null);
        if (!history.flush(FLUSH)) {
            throw new IllegalStateException("could not be flushed");
        }
        tell(run.id());
        awaitCommand();
        run.run("late", node -> node.info("still here"));
        run.complete("late, but real");
        history.close();
        tell("closed");
    }

    private static void awaitCommand() throws IOException {
        if (COMMANDS.readLine() == null) {
            // The test is gone.
            Runtime.getRuntime().halt(1);
        }
    }

    private static synchronized void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
