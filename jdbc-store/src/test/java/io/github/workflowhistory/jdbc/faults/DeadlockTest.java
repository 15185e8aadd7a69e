package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Somebody deletes executions in an order of their own while they are written. */
class DeadlockTest extends FaultTest {

    @Test
    void a_deadlock_with_a_delete_costs_the_writer_an_attempt_and_nothing_else() throws SQLException {
        PGSimpleDataSource dataSource = server.dataSource(proxy);
        // The writer is the one that looks for a deadlock, and so the one that gives way.
        dataSource.setOptions("-c deadlock_timeout=300ms");
        Attempts attempts = new Attempts(JdbcExecutionStore.create(dataSource));
        Recording recording = recordingTo(attempts, settings());
        for (String id : new String[] {"a", "b", "c"}) {
            recording.record(Workload.start(id));
        }
        recording.settle();
        try (Connection connection = server.connect();
                Statement deleting = connection.createStatement()) {
            connection.setAutoCommit(false);
            deleting.execute("set deadlock_timeout = '1min'");
            deleting.execute("delete from public.workflow_executions where id = 'b'");
            for (String id : new String[] {"a", "b", "c"}) {
                Workload.nodes(recording, id, 0, 5);
                recording.record(Workload.end(id));
            }
            server.awaitLockWait();
            deleting.execute("delete from public.workflow_executions where id = 'a'");
            connection.commit();
        }
        recording.settle();

        assertThat(attempts.failures("40P01")).isPositive();
        recording.emitted().deleted("a");
        recording.emitted().deleted("b");
        assertThat(recording
                        .emitted()
                        .compare(StoredRows.read(server.dataSource()))
                        .missing())
                .isEmpty();
        assertThat(recording.stats().rejected()).isEqualTo(2 * (3 * 5 + 1));
        assertThat(recording.stats().dropped()).isZero();
    }

    @Test
    void writers_and_deletes_that_cross_leave_nothing_half_written() {
        Recording recording = recording(settings().writers(2));
        try (Background hosts = Workload.executions(recording, 4, 30, 5);
                Background deleting = Background.start(2, thread -> {
                    while (!hosts.isDone()) {
                        // Two at a time, in either order, so that some cross with each other and with the writers.
                        deleteInOneTransaction(thread == 0 ? "desc" : "asc");
                    }
                })) {
            hosts.await();
            deleting.await();
        }
        recording.settle();

        StoredRows rows = StoredRows.read(server.dataSource());
        for (int thread = 0; thread < 4; thread++) {
            for (int i = 0; i < 30; i++) {
                String id = "execution-" + thread + "-" + i;
                if (!rows.executions().containsKey(id)) {
                    recording.emitted().deleted(id);
                }
            }
        }
        assertThat(recording.emitted().compare(rows).missing()).isEmpty();
        assertThat(recording.stats().rejected())
                .isEqualTo(recording.rejections().names().size());
        assertThat(recording.stats().dropped()).isZero();
    }

    private void deleteInOneTransaction(String order) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set deadlock_timeout = '20ms'");
            for (String id : server.query(
                    "select id from (select id from public.workflow_executions limit 2) as two order by id " + order)) {
                statement.execute("delete from public.workflow_executions where id = '" + id + "'");
            }
            connection.commit();
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("40P01");
        }
    }
}
