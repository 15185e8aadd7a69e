package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** PostgreSQL cancels statements because they take too long. */
class SlowDatabaseTest extends FaultTest {

    @Test
    void batches_get_smaller_until_a_slow_database_can_take_them() {
        server.execute("""
                create function public.dawdle() returns trigger language plpgsql as $$
                begin
                  perform pg_sleep(0.002);
                  return new;
                end $$;
                create trigger dawdle before insert on public.execution_logs
                  for each row execute function public.dawdle()""");
        closedAtEnd(() -> server.execute("drop function public.dawdle cascade"));
        Attempts attempts = attempts(Duration.ofMillis(150));
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Workload.executions(recording, 2, 5, 20)) {
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        assertThat(attempts.failures("57014")).isPositive();
    }

    @Test
    void nothing_is_lost_when_even_single_records_take_too_long_for_a_while() throws SQLException {
        Attempts attempts = attempts(Duration.ofMillis(30));
        Recording recording = recordingTo(attempts, settings().batchSize(8));
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table public.workflow_executions in exclusive mode");
            try (Background hosts = Workload.executions(recording, 2, 5, 5)) {
                Await.until(
                        "single records fail again and again",
                        () -> attempts.failures().stream()
                                        .filter(failure -> failure.size() == 1)
                                        .count()
                                > 1);
                hosts.await();
            }
            connection.rollback();
        }
        recording.assertEverythingIsStored(server.dataSource());
    }

    private Attempts attempts(Duration statementTimeout) {
        return new Attempts(JdbcExecutionStore.builder(server.dataSource(proxy))
                .statementTimeout(statementTimeout)
                .build());
    }
}
