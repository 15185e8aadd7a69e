package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Somebody has to mend the database, and does so while the application runs. */
class BrokenSchemaTest extends FaultTest {
    private static final String ROLE = "history_writer";

    @Test
    void nothing_is_dropped_while_a_table_is_missing_and_one_message_names_it() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        server.execute("alter table public.execution_logs rename to misnamed_logs");
        try (Background hosts = Workload.executions(recording, 2, 20, 8)) {
            attempts.awaitFailures(2, "42P01");
            hosts.await();
        } finally {
            server.execute("alter table public.misnamed_logs rename to execution_logs");
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
        assertThat(messages(attempts)).singleElement().asString().contains("there is no execution_logs", "install()");
    }

    @Test
    void nothing_is_dropped_while_a_grant_is_missing_and_one_message_names_it() {
        server.execute("""
                create role %1$s login bypassrls;
                grant select, insert, update, delete on all tables in schema public to %1$s;
                revoke insert on public.node_execution_results from %1$s""".formatted(ROLE));
        closedAtEnd(() -> server.execute("drop owned by %1$s; drop role %1$s".formatted(ROLE)));
        PGSimpleDataSource dataSource = server.dataSource(proxy);
        dataSource.setUser(ROLE);
        Attempts attempts = new Attempts(JdbcExecutionStore.create(dataSource));
        Recording recording = recordingTo(attempts, settings());
        String grant = "grant insert on public.node_execution_results to " + ROLE;
        try (Background hosts = Workload.executions(recording, 2, 20, 8)) {
            attempts.awaitFailures(2, "42501");
            server.execute(grant);
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
        assertThat(messages(attempts)).singleElement().asString().contains(grant);
    }

    /** What the recorder said, loudly. */
    private List<String> messages(Attempts attempts) {
        return Stream.of("WARN", "ERROR")
                .flatMap(level -> log.lines(attempts.writers(), level).stream())
                .toList();
    }
}
