package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionRun;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An outage of the database is nobody's death. */
@Timeout(180)
class OutageTest {
    private static final TestDatabase DATABASE = TestDatabase.create("outage").install();
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration ABANDON_AFTER = Duration.ofSeconds(4);

    private final AtomicBoolean secondIsCut = new AtomicBoolean();
    private final DataSource ofSecondProcess = new HookedDataSource(DATABASE.dataSource())
            .on((connection, call, proceed) -> {
                if (secondIsCut.get() && !call.equals("close")) {
                    throw new SQLException("the network is down", "08006");
                }
                proceed.run();
            });

    @AfterEach
    void restore() {
        setConnectionsAllowed(true);
    }

    private static WorkflowHistory history(DataSource dataSource) {
        return WorkflowHistory.builder(DATABASE.store(dataSource))
                .pipeline(PipelineSettings.builder()
                        .leaseInterval(INTERVAL)
                        .abandonAfter(ABANDON_AFTER)
                        .build())
                .build();
    }

    @Test
    void after_an_outage_nobody_ends_the_executions_of_those_who_come_back() {
        try (WorkflowHistory second = history(ofSecondProcess)) {
            ExecutionRun ofSecond = second.begin("wf", null);
            ExecutionRun ofFirst = outlastAnOutage(second, ofSecond);

            // Now the first is gone indeed.
            Await.until("the execution is ended", () -> execution(ofFirst).isAbandoned());
            assertThat(execution(ofSecond).status()).isEqualTo(ExecutionStatus.RUNNING);
            ofSecond.complete();
        }
    }

    private ExecutionRun outlastAnOutage(WorkflowHistory second, ExecutionRun ofSecond) {
        try (WorkflowHistory first = history(DATABASE.dataSource())) {
            ExecutionRun ofFirst = first.begin("wf", null);
            String firstRecorder = recorderOf(first, ofFirst);
            String secondRecorder = recorderOf(second, ofSecond);
            Await.until(
                    "both have kept their leases for longer than somebody has to be gone",
                    () -> DATABASE.value("select min(heartbeat_at - started_at) > interval '6 seconds'"
                                    + " from public.workflow_recorders")
                            .equals("t"));

            cut();
            Await.until(
                    "both leases have run out",
                    () -> DATABASE.value("select max(heartbeat_at) < now() - interval '6 seconds'"
                                    + " from public.workflow_recorders")
                            .equals("t"));
            // The second takes longer to come back, but not as long as somebody has to be gone.
            secondIsCut.set(true);
            String before = heartbeat(firstRecorder);
            setConnectionsAllowed(true);
            awaitHeartbeatAfter(before, firstRecorder);
            awaitHeartbeatAfter(heartbeat(firstRecorder), firstRecorder);
            assertThat(first.endAbandoned(ABANDON_AFTER, Scope.LEASED)).isEmpty();
            before = heartbeat(secondRecorder);
            secondIsCut.set(false);
            awaitHeartbeatAfter(before, secondRecorder);

            String since = heartbeat(secondRecorder);
            Await.until(
                    "both look for the dead again",
                    () -> DATABASE.value("select min(heartbeat_at) > timestamptz '%s' + interval '6 seconds'"
                                            .formatted(since)
                                    + " from public.workflow_recorders")
                            .equals("t"));
            assertThat(execution(ofFirst).status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(execution(ofSecond).status()).isEqualTo(ExecutionStatus.RUNNING);
            return ofFirst;
        }
    }

    private static String recorderOf(WorkflowHistory history, ExecutionRun run) {
        assertThat(history.flush(Duration.ofSeconds(30))).isTrue();
        return execution(run).recorderId();
    }

    private static WorkflowExecution execution(ExecutionRun run) {
        return DATABASE.store().findExecution(run.id()).orElseThrow();
    }

    /** Nobody can connect, not even a superuser, and nobody stays but the connection of the test itself. */
    private static void cut() {
        setConnectionsAllowed(false);
        DATABASE.query("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where datname = current_database() and pid <> pg_backend_pid()");
    }

    private static void setConnectionsAllowed(boolean allowed) {
        // Not from within: nobody may lock himself out.
        TestDatabase.execute(
                PostgresServer.shared().dataSource("postgres"),
                "alter database %s with allow_connections %s".formatted(DATABASE.name(), allowed));
    }

    private static String heartbeat(String recorder) {
        return DATABASE.value("select heartbeat_at from public.workflow_recorders where id = '" + recorder + "'");
    }

    private static void awaitHeartbeatAfter(String before, String recorder) {
        Await.until(
                "recorder " + recorder + " renews its lease",
                () -> !heartbeat(recorder).equals(before));
    }
}
