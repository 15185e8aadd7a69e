package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Where COPY cannot be used, the store finds out and writes as well without. */
class CopyRefusedTest {
    private static final List<String> BY_INSERT =
            List.of("node_execution_results PLAIN_INSERT", "execution_logs PLAIN_INSERT");
    private static final List<String> BY_COPY = List.of("node_execution_results COPY", "execution_logs COPY");

    private final String role = "wh_copy_" + UUID.randomUUID().toString().replace("-", "");
    private TestDatabase database;
    private HookedDataSource connections;

    @BeforeEach
    void create_role() {
        database = TestDatabase.create("copy_refused").install();
        WaySpy.install(database);
        database.execute("create role %s login password 'secret' bypassrls in role service_role".formatted(role));
        connections = new HookedDataSource(database.dataSource(role, "secret"));
    }

    @AfterEach
    void drop_role() {
        database.execute("drop role " + role);
    }

    private static ExecutionStore copying(DataSource dataSource) {
        return JdbcExecutionStore.builder(dataSource)
                .copyPolicy(CopyPolicy.always())
                .build();
    }

    private long statements() {
        return connections.calls().stream().filter("execute"::equals).count();
    }

    private List<String> ways(Runnable work) {
        WaySpy.clear(database);
        work.run();
        return WaySpy.ways(database);
    }

    @Test
    void a_role_that_bypasses_row_level_security_copies() {
        assertThat(ways(() -> copying(connections).record(Records.execution("e", 3))))
                .isEqualTo(BY_COPY);
    }

    @Test
    void a_role_under_row_level_security_never_even_tries() {
        database.execute("alter role " + role + " nobypassrls");
        ExecutionStore store = copying(connections);

        assertThat(ways(() -> store.record(Records.execution("e1", 3)))).isEqualTo(BY_INSERT);
        long before = statements();
        store.record(Records.execution("e2", 3));

        assertThat(statements() - before)
                .as("one for each table, and no look into the catalog any more")
                .isEqualTo(3);
        assertThat(connections.calls()).doesNotContain("rollback");
        assertThat(database.store().findDetails("e2").orElseThrow().logs()).hasSize(3);
    }

    @Test
    void an_insert_ties_logs_to_results_of_the_same_batch_and_to_those_that_are_stored() {
        database.execute("alter role " + role + " nobypassrls");
        ExecutionStore store = copying(connections);
        store.record(HistoryBatch.builder()
                .add(Records.running("e"))
                .add(Records.result("stored", "e"))
                .build());

        assertThat(ways(() -> store.record(HistoryBatch.builder()
                        .add(Records.result("same", "e"))
                        .add(Records.log("a", "e", "same"))
                        .add(Records.log("b", "e", "stored"))
                        .add(Records.log("c", "e", "to come"))
                        .add(Records.log("d", "e"))
                        .build())))
                .isEqualTo(BY_INSERT);

        assertThat(database.query("select concat_ws(' ', id, node_result_id) from execution_logs order by id"))
                .containsExactly("a same", "b stored", "c", "d");
    }

    @Test
    void a_role_that_comes_under_row_level_security_tries_once_more() {
        ExecutionStore store = copying(connections);
        store.record(Records.execution("e1", 3));

        database.execute("alter role " + role + " nobypassrls");

        assertThat(ways(() -> store.record(Records.execution("e2", 3))))
                .containsExactly("node_execution_results IDEMPOTENT_INSERT", "execution_logs IDEMPOTENT_INSERT");
        assertThat(connections.calls()).containsOnlyOnce("rollback");
        assertThat(ways(() -> store.record(Records.execution("e3", 3)))).isEqualTo(BY_INSERT);
        assertThat(connections.calls()).containsOnlyOnce("rollback");
    }

    @Test
    void what_is_there_already_goes_the_idempotent_way() {
        database.execute("alter role " + role + " nobypassrls");
        ExecutionStore store = copying(connections);
        store.record(Records.execution("e", 3));

        assertThat(ways(() -> store.record(Records.rest("e", 5))))
                .containsExactly("node_execution_results IDEMPOTENT_INSERT", "execution_logs IDEMPOTENT_INSERT");
        assertThat(connections.calls()).containsOnlyOnce("rollback");
        assertThat(database.store().findDetails("e").orElseThrow().logs()).hasSize(5);
    }

    @Test
    void a_column_whose_type_was_changed_gets_what_an_insert_would_put_there() {
        database.execute("alter table node_execution_results alter started_at type timestamp");

        assertThat(ways(() -> copying(connections).record(Records.execution("e", 3))))
                .containsExactly("node_execution_results PLAIN_INSERT", "execution_logs COPY");
    }

    @Test
    void a_view_in_the_place_of_a_table_is_written_by_insert() {
        database.execute("""
                alter table execution_logs rename to somewhere_else;
                create view execution_logs as select * from somewhere_else;
                grant all on execution_logs to service_role""");

        copying(connections).record(Records.execution("e", 3));

        assertThat(database.value("select count(*) from execution_logs")).isEqualTo("3");
        assertThat(connections.calls()).doesNotContain("rollback");
    }

    @Test
    void a_connection_that_hides_the_driver_is_used_as_it_is() {
        DataSource hiding = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> hiding(connections.getConnection()));

        assertThat(ways(() -> copying(hiding).record(Records.execution("e", 3))))
                .isEqualTo(BY_INSERT);
    }

    private static Connection hiding(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                CopyRefusedTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                        method.getName().equals("isWrapperFor") && arguments[0].equals(PGConnection.class)
                                ? false
                                : method.invoke(connection, arguments));
    }
}
