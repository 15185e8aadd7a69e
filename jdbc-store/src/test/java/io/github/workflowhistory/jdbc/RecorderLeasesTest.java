package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the contract cannot know of the leases in PostgreSQL: their rows and their locks. */
@Timeout(120)
class RecorderLeasesTest {
    private static final TestDatabase DATABASE =
            TestDatabase.create("recorder_leases").install();
    private static final Duration ONE_HOUR = Duration.ofHours(1);

    private final JdbcExecutionStore store = DATABASE.store();
    private final ExecutionLeases leases = store.leases().orElseThrow();

    @BeforeEach
    void clear() {
        DATABASE.clear();
    }

    @Test
    void recorders_that_are_old_and_left_nothing_open_are_forgotten() {
        recorder("a day old", "24 hours");
        recorder("younger", "23 hours");
        recorder("with a queued execution", "100 days");
        store.record(WorkflowExecution.queued("queued", "wf", null, Instant.EPOCH)
                .withRecorderId("with a queued execution"));
        recorder("with an ended execution", "2 days");
        store.record(running("ended", "with an ended execution"));
        store.record(ExecutionChange.ended("ended", ExecutionStatus.SUCCESS, Instant.EPOCH.plusSeconds(1)));
        recorder("with a running execution", "2 days");
        store.record(running("running", "with a running execution"));

        assertThat(leases.endAbandoned(ONE_HOUR)).containsExactly("running");

        assertThat(recorders()).containsExactlyInAnyOrder("younger", "with a queued execution");
    }

    @Test
    void recorders_are_remembered_for_as_long_as_a_lease_may_be_old() {
        recorder("three days old", "3 days");
        recorder("two days old", "2 days");

        leases.endAbandoned(Duration.ofHours(60));

        assertThat(recorders()).containsExactly("two days old");
    }

    @Test
    void a_recorder_that_never_renewed_its_lease_leaves_no_row() {
        store.record(running("e", "never renewed"));

        assertThat(leases.endAbandoned(ONE_HOUR)).containsExactly("e");

        assertThat(recorders()).isEmpty();
    }

    /** An end user can record executions of as many recorders as it likes to invent. */
    @Test
    void a_call_looks_at_a_thousand_recorders_that_never_renewed_a_lease() {
        recorder("real", "2 hours");
        store.record(running("of the real one", "real"));
        DATABASE.execute("""
                insert into public.workflow_executions (id, workflow_id, status, started_at, recorder_id)
                select 'e' || i, 'wf', 'running', 'epoch', 'invented ' || i from generate_series(1, 1500) as i""");

        assertThat(leases.endAbandoned(ONE_HOUR)).hasSize(1001).contains("of the real one");
        assertThat(leases.endAbandoned(ONE_HOUR)).hasSize(500);
        assertThat(leases.endAbandoned(ONE_HOUR)).isEmpty();

        assertThat(recorders()).containsExactly("real");
    }

    @Test
    void a_recorder_that_was_forgotten_can_come_back() {
        recorder("r", "2 days");
        leases.endAbandoned(ONE_HOUR);
        assertThat(recorders()).isEmpty();

        leases.renew("r");

        store.record(running("e", "r"));
        assertThat(leases.endAbandoned(ONE_HOUR)).isEmpty();
    }

    @Test
    void a_clock_that_was_set_back_does_not_shorten_a_lease() {
        recorder("r", "-2 hours");
        store.record(running("e", "r"));

        leases.renew("r");

        assertThat(DATABASE.value("select heartbeat_at > now() + interval '1 hour' from public.workflow_recorders"))
                .isEqualTo("t");
        assertThat(leases.endAbandoned(Duration.ZERO)).isEmpty();
    }

    @Test
    void an_execution_that_somebody_is_writing_is_alive() throws SQLException {
        store.record(running("e", "gone"));
        store.record(running("f", "gone"));
        try (Connection other = DATABASE.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from public.workflow_executions where id = 'e' for update");

            assertThat(leases.endAbandoned(ONE_HOUR)).containsExactly("f");

            other.rollback();
        }
        assertThat(leases.endAbandoned(ONE_HOUR)).containsExactly("e");
    }

    @Test
    void an_execution_that_somebody_holds_keeps_nobody_from_renewing_a_lease() throws SQLException {
        store.record(running("e", "other"));
        try (Connection other = DATABASE.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from public.workflow_executions where id = 'e' for update");

            HistoryStoreException failure =
                    catchThrowableOfType(HistoryStoreException.class, () -> leases.takeOver("e", "r"));

            assertThat(failure.kind()).isEqualTo(Kind.CONTENTION);
            other.rollback();
        }
        assertThat(leases.takeOver("e", "r")).isTrue();
    }

    private static WorkflowExecution running(String id, String recorder) {
        return WorkflowExecution.running(id, "wf", null, Instant.EPOCH).withRecorderId(recorder);
    }

    private static void recorder(String id, String age) {
        DATABASE.execute("""
                insert into public.workflow_recorders (id, started_at, heartbeat_at)
                values ('%1$s', now() - interval '%2$s', now() - interval '%2$s')""".formatted(id, age));
    }

    private static List<String> recorders() {
        return DATABASE.query("select id from public.workflow_recorders");
    }
}
