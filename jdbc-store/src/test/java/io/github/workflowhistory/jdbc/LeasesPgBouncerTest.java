package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionLeases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Leases of two processes that share the only server behind PgBouncer in transaction mode, with a driver that names no
 * statement, as the README says.
 */
@Timeout(120)
class LeasesPgBouncerTest {
    /** More than the driver sends a statement before it would name it. */
    private static final int ROUNDS = 12;

    private static final Duration ONE_HOUR = Duration.ofHours(1);

    private static TwoUsers users;
    private static PgBouncer bouncer;

    private HikariDataSource pool;
    private HikariDataSource other;
    private JdbcExecutionStore living;
    private JdbcExecutionStore watching;

    @BeforeAll
    static void start() throws Exception {
        users = new TwoUsers("leases_bouncer");
        bouncer = PgBouncer.start(users.dataSource(), 1);
    }

    @AfterAll
    static void stop() throws Exception {
        if (bouncer != null) {
            bouncer.close();
        }
        users.close();
    }

    @BeforeEach
    void open() {
        users.database.clear();
        pool = TestPools.pool(unnamed(), 2, true);
        other = TestPools.pool(unnamed(), 2, false);
        living = JdbcExecutionStore.create(pool);
        watching = JdbcExecutionStore.create(other);
    }

    @AfterEach
    void close() {
        other.close();
        pool.close();
    }

    @Test
    void executions_of_a_recorder_that_is_gone_are_ended_and_those_of_one_that_lives_are_not() {
        living.record(running("of the living", "living"));
        for (int round = 0; round < ROUNDS; round++) {
            String gone = "gone " + round;
            String neverRenewed = "never renewed " + round;
            renewedTwoHoursAgo(gone);
            living.record(running("of " + gone, gone));
            living.record(running("of " + neverRenewed, neverRenewed));
            leases(living).renew("living");

            assertThat(leases(watching).endAbandoned(ONE_HOUR))
                    .containsExactlyInAnyOrder("of " + gone, "of " + neverRenewed);

            WorkflowExecution ended = living.findExecution("of " + gone).orElseThrow();
            assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(ended.error()).isEqualTo(ExecutionLeases.ABANDONED_ERROR);
            assertThat(watching.findExecution("of the living").orElseThrow().status())
                    .isEqualTo(ExecutionStatus.RUNNING);
        }
    }

    @Test
    void an_execution_that_was_taken_over_or_let_go_of_outlives_the_recorder_that_had_it() {
        renewedTwoHoursAgo("gone");
        for (int round = 0; round < ROUNDS; round++) {
            List<String> ids = List.of("taken over " + round, "let go of " + round, "left " + round);
            ids.forEach(id -> living.record(running(id, "gone")));
            leases(living).renew("living");

            assertThat(leases(living).takeOver(ids.get(0), "living")).isTrue();
            assertThat(leases(watching).release(ids.get(1), "gone")).isTrue();
            assertThat(leases(watching).release(ids.get(0), "gone")).isFalse();

            assertThat(leases(watching).endAbandoned(ONE_HOUR)).containsExactly(ids.get(2));
        }
    }

    @Test
    void nothing_stays_on_the_server_for_the_next_client() {
        String before = settings();
        living.record(running("e", "gone"));

        leases(living).renew("living");
        leases(living).takeOver("e", "living");
        leases(living).release("e", "living");
        leases(living).endAbandoned(ONE_HOUR);

        assertThat(settings()).isEqualTo(before).endsWith(" 0");
    }

    private static PGSimpleDataSource unnamed() {
        PGSimpleDataSource dataSource = bouncer.through(users.dataSource());
        dataSource.setPrepareThreshold(0);
        return dataSource;
    }

    private static ExecutionLeases leases(JdbcExecutionStore store) {
        return store.leases().orElseThrow();
    }

    private static WorkflowExecution running(String id, String recorder) {
        return WorkflowExecution.running(id, "import-orders", null, Instant.EPOCH)
                .withRecorderId(recorder);
    }

    private static void renewedTwoHoursAgo(String recorder) {
        users.database.execute("""
                insert into public.workflow_recorders (id, started_at, heartbeat_at)
                values ('%s', now() - interval '2 hours', now() - interval '2 hours')""".formatted(recorder));
    }

    /** What the next client finds on the only server, which a lease sets for itself: limits, and statements by name. */
    private static String settings() {
        return TestDatabase.value(unnamed(), """
                select concat_ws(' ', pg_backend_pid(), current_setting('lock_timeout'),
                  current_setting('statement_timeout'), current_setting('transaction_isolation'),
                  (select count(*) from pg_prepared_statements))""");
    }
}
