package io.github.workflowhistory.jdbc.faults;

import static io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict.CUT_BEFORE;
import static io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict.PASS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.Await;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An administrator ends the backend of a batch. */
class TerminatedBackendTest extends FaultTest {
    @ParameterizedTest
    @EnumSource
    void nothing_is_lost_or_doubled_when_backends_are_terminated_at_each_statement(Way way) {
        Attempts attempts = attempts(way);
        // Only full batches while there are more to come, so that there are enough rows for every way.
        Recording recording = recordingTo(attempts, settings().linger(Duration.ofSeconds(1)));
        AtEachStatement termination = new AtEachStatement(link -> terminate(link.backend()));
        proxy.on(termination);
        for (int i = 0; i < 1_000; i++) {
            Workload.execution(recording, "short-" + i, 0);
        }
        try (Background hosts = Workload.executions(recording, 2, 150, 8)) {
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
        assertThat(attempts.failures()).hasSameSizeAs(termination.statements());
        assertThat(termination.statements())
                .contains("BEGIN", "COMMIT")
                .anyMatch(statement -> statement.contains("for no key update"))
                .anyMatch(statement -> statement.contains("update \"public\".workflow_executions as"))
                .anyMatch(statement -> statement.contains("update \"public\".execution_logs as"));
        // Without COPY, executions have to come back with those that were there.
        Way ofExecutions = way == Way.PLAIN_INSERT ? Way.IDEMPOTENT_INSERT : way;
        assertThat(termination.statements())
                .anyMatch(statement -> writes(statement, "workflow_executions", ofExecutions))
                .anyMatch(statement -> writes(statement, "node_execution_results", way))
                .anyMatch(statement -> writes(statement, "execution_logs", way));
        if (way == Way.COPY) {
            assertThat(termination.statements().stream().filter(statement -> statement.endsWith(Link.COPY_DONE)))
                    .hasSize(3);
        }
    }

    private static boolean writes(String statement, String table, Way way) {
        String into = "\"public\"." + table + " (";
        boolean isIdempotent = statement.contains("on conflict do nothing");
        return switch (way) {
            case COPY -> statement.startsWith("copy " + into);
            case PLAIN_INSERT -> statement.contains("insert into " + into) && !isIdempotent;
            case IDEMPOTENT_INSERT -> statement.contains("insert into " + into) && isIdempotent;
        };
    }

    /**
     * Does something at every statement that it has not seen before, the same with other rows counting as seen; after
     * that, not before a transaction was committed, so that what is written makes progress.
     */
    private static final class AtEachStatement implements TcpProxy.Script {
        private final Consumer<Link> action;
        private final Set<String> seen = new LinkedHashSet<>();
        private boolean isResting;
        private String last = "";

        AtEachStatement(Consumer<Link> action) {
            this.action = action;
        }

        @Override
        public synchronized TcpProxy.Verdict before(Link link, String sql) {
            // Each COPY has an end of its own.
            String statement = sql.equals(Link.COPY_DONE) ? last + sql : sql;
            last = statement;
            if (isResting) {
                isResting = !AtStatement.isCommit(sql);
            } else if (seen.add(statement)) {
                action.accept(link);
                isResting = true;
            }
            return PASS;
        }

        /** Where it has done so. */
        synchronized List<String> statements() {
            return List.copyOf(seen);
        }
    }

    @Test
    void nothing_is_lost_or_doubled_when_the_connection_is_cut_in_the_middle_of_copy() {
        Recording recording = recording(settings());
        AtomicInteger cuts = new AtomicInteger();
        proxy.on((link, sql) -> sql.equals(Link.COPY_DONE) && cuts.incrementAndGet() <= 2 ? CUT_BEFORE : PASS);
        try (Background hosts = Workload.executions(recording, 2, 100, 8)) {
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        assertThat(cuts).hasValueGreaterThan(1);
    }

    private void terminate(int backend) {
        server.execute("select pg_terminate_backend(" + backend + ")");
        Await.until(
                "backend " + backend + " is gone",
                () -> server.query("select pid from pg_stat_activity where pid = " + backend)
                        .isEmpty());
    }
}
