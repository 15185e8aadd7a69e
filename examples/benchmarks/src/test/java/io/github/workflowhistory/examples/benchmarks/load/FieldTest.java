package io.github.workflowhistory.examples.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every competitor on a real server, with a handful of executions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FieldTest {
    private static final int EXECUTIONS = 7;
    /** Longer than a run takes. */
    private static final int HOURS = 36_000_000;

    private final Workload workload = new Workload(DurableServer.USER);
    private DurableServer server;
    private HistoryTables tables;

    @BeforeAll
    void start() throws Exception {
        server = DurableServer.start();
        tables = new HistoryTables(server.connect());
    }

    @AfterAll
    void stop() throws Exception {
        tables.close();
        server.close();
    }

    @BeforeEach
    void clear() throws Exception {
        tables.clear();
    }

    Stream<Competitor> field() {
        return Field.of(server, workload).stream();
    }

    @ParameterizedTest
    @MethodSource("field")
    void every_competitor_leaves_every_row(Competitor competitor) throws Exception {
        assertThat(competitor.record(EXECUTIONS)).isPositive();

        tables.verify(competitor.name(), EXECUTIONS);
    }

    Stream<HandWritten.RowWriter> writers() {
        return Stream.of(
                InsertStatements::rowByRow,
                InsertStatements::oneTransaction,
                InsertStatements::batch,
                IdempotentInsert::write,
                CopyText::write,
                CopyBinary::write);
    }

    @ParameterizedTest
    @MethodSource("writers")
    void what_is_written_by_hand_is_what_the_library_reads(HandWritten.RowWriter writer) throws Exception {
        List<Workload.Rows> written = workload.rows(3);
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            writer.write(connection, written);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
        try (var pool = server.pool(DurableServer.OWNER, 1)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            for (Workload.Rows rows : written) {
                ExecutionDetails found =
                        store.findDetails(rows.execution().id()).orElseThrow();
                assertThat(found.execution()).isEqualTo(rows.execution());
                assertThat(found.nodeResults()).containsExactlyInAnyOrderElementsOf(rows.results());
                assertThat(found.logs()).containsExactlyElementsOf(rows.logs());
            }
        }
    }

    @Test
    void the_idempotent_insert_may_be_sent_again() throws Exception {
        List<Workload.Rows> written = workload.rows(2);
        try (Connection connection = server.connect()) {
            IdempotentInsert.write(connection, written);
            IdempotentInsert.write(connection, written);
        }

        tables.verify("twice", 2);
    }

    @Test
    void the_server_is_durable() throws Exception {
        assertThat(server.show("fsync")).isEqualTo("on");
        assertThat(server.show("synchronous_commit")).isEqualTo("on");
        assertThat(server.describe()).contains("fsync on, synchronous_commit on, full_page_writes on");
    }

    @Test
    void the_role_without_copy_writes_rows_and_may_not_copy() throws Exception {
        try (var pool = server.pool(DurableServer.WITHOUT_COPY, 1);
                Connection connection = pool.getConnection()) {
            assertThatThrownBy(() -> CopyBinary.write(connection, workload.rows(1)))
                    .hasMessageContaining("COPY FROM not supported with row-level security");

            IdempotentInsert.write(connection, workload.rows(1));
        }
        tables.verify("a role without COPY", 1);
    }

    @Test
    void rounds_take_turns() throws Exception {
        List<String> order = new ArrayList<>();
        List<String> counted = new ArrayList<>();

        Rounds.Results results = new Rounds(tables, EXECUTIONS, 0, 2, () -> 0, order::add)
                .run(
                        List.of(telling(order, Field.COPY_BINARY), telling(order, Field.IDEMPOTENT)),
                        (competitor, executions) -> counted.add(competitor.name()));

        assertThat(runs(order))
                .containsExactly(Field.COPY_BINARY, Field.IDEMPOTENT, Field.COPY_BINARY, Field.IDEMPOTENT);
        assertThat(order.get(1)).startsWith("round 1 of 2: " + Field.COPY_BINARY);
        assertThat(counted).isEqualTo(runs(order));
        assertThat(results.median(Field.COPY_BINARY)).isPositive();
    }

    @Test
    void warms_up_each_until_the_compilers_were_quiet_twice_in_a_row() throws Exception {
        List<String> order = new ArrayList<>();
        AtomicLong compilerMillis = new AtomicLong();
        Iterator<Integer> ofCompiled = List.of(HOURS, 0, HOURS, 0, 0).iterator();
        Competitor compiled = named("compiled", executions -> {
            compilerMillis.addAndGet(ofCompiled.hasNext() ? ofCompiled.next() : 0);
            order.add("compiled");
            return IntoTables.all(server, workload, executions);
        });

        Rounds.Results results = new Rounds(tables, EXECUTIONS, 20, 1, compilerMillis::get, order::add)
                .run(List.of(compiled, telling(order, "plain")));

        assertThat(runs(order))
                .containsExactly(
                        "compiled",
                        "plain",
                        "compiled",
                        "plain",
                        "compiled",
                        "compiled",
                        "compiled",
                        "compiled",
                        "plain");
        assertThat(order.get(1)).startsWith("warm-up: compiled: ");
        assertThat(order.get(order.size() - 1)).startsWith("round 1 of 1: plain: ");
        assertThat(results.median("compiled")).isPositive();
    }

    @Test
    void begins_with_what_is_not_warm_when_warming_up_took_as_many_runs_as_it_may() throws Exception {
        List<String> order = new ArrayList<>();
        AtomicLong compilerMillis = new AtomicLong();

        Rounds.Results unused = new Rounds(tables, EXECUTIONS, 3, 1, () -> compilerMillis.addAndGet(HOURS), order::add)
                .run(List.of(telling(order, "never warm")));

        assertThat(runs(order)).hasSize(4);
    }

    private static List<String> runs(List<String> order) {
        return order.stream().filter(line -> !line.contains("events/s")).toList();
    }

    private Competitor telling(List<String> order, String name) {
        return named(name, executions -> {
            order.add(name);
            return IntoTables.all(server, workload, executions);
        });
    }

    @Test
    void a_run_that_loses_a_row_is_void() {
        Competitor careless = named("careless", executions -> {
            IntoTables.all(server, workload, executions);
            try (Connection connection = server.connect();
                    var statement = connection.createStatement()) {
                statement.executeUpdate(
                        "delete from public.execution_logs where id = (select max(id) from public.execution_logs)");
            }
            return Duration.ofMillis(1);
        });

        assertThatThrownBy(() -> new Rounds(tables, EXECUTIONS, 1, 1, () -> 0, line -> {}).run(List.of(careless)))
                .isInstanceOf(VoidRunException.class)
                .hasMessage("careless left 209 log entries where there must be 210");
    }

    @Test
    void rows_that_were_written_twice_are_counted_as_dead() throws Exception {
        IntoTables.all(server, workload, EXECUTIONS);
        assertThat(tables.deadRows().total()).isZero();

        try (Connection connection = server.connect();
                var statement = connection.createStatement()) {
            statement.executeUpdate("update public.workflow_executions set status = 'failed'");
        }

        assertThat(tables.deadRows()).isEqualTo(new HistoryTables.DeadRows(EXECUTIONS, 0, 0));
    }

    @Test
    void executions_that_wait_together_are_written_once() throws Exception {
        assertThat(new Merging(server, workload, tables).run()).endsWith("1 batch, 0 dead rows.");
    }

    private interface Recording {
        Duration record(int executions) throws Exception;
    }

    private static Competitor named(String name, Recording recording) {
        return new Competitor() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public int connections() {
                return 1;
            }

            @Override
            public Duration record(int executions) throws Exception {
                return recording.record(executions);
            }
        };
    }

    /** Rows on the shortest way. */
    private static final class IntoTables {
        static Duration all(DurableServer server, Workload workload, int executions) throws Exception {
            try (Connection connection = server.connect()) {
                CopyBinary.write(connection, workload.rows(executions));
            }
            return Duration.ofMillis(1);
        }
    }
}
