package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.github.workflowhistory.store.IdConflictException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** COPY that fails in the middle: nothing of the batch stays, and the connection is as good as before. */
@Timeout(60) // The driver waits for ever where a COPY is left open.
class CopyFailuresTest {
    private static TestDatabase database;

    private final HookedDataSource connections = new HookedDataSource(database.dataSource());

    @BeforeAll
    static void install() {
        database = TestDatabase.create("copy_failures").install();
        database.execute("""
                create function refuse() returns trigger language plpgsql
                  as $$begin raise exception 'refused by a trigger'; end$$;
                create trigger refuse before insert on execution_logs
                  for each row when (new.message = 'refuse') execute function refuse();
                create function cut() returns trigger language plpgsql
                  as $$begin perform pg_terminate_backend(pg_backend_pid()); return new; end$$;
                create trigger cut before insert on execution_logs
                  for each row when (new.message = 'cut') execute function cut();
                create function swallow() returns trigger language plpgsql
                  as $$begin return null; end$$;
                create trigger swallow before insert on execution_logs
                  for each row when (new.message = 'swallow') execute function swallow()""");
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    private ExecutionStore store(boolean copy) {
        return JdbcExecutionStore.builder(connections)
                .copyPolicy(copy ? CopyPolicy.always() : CopyPolicy.never())
                .lockTimeout(Duration.ofMillis(200))
                .build();
    }

    /** Many rows, so that COPY is under way when the server comes to the one in the middle. */
    private static HistoryBatch batchWith(String message) {
        HistoryBatch.Builder batch = HistoryBatch.builder().add(Records.running("e"));
        IntStream.range(0, 5_000)
                .forEach(i -> batch.add(ExecutionLog.of(
                        "log " + i, "e", LogLevel.INFO, i == 2_500 ? message : "x".repeat(200), Records.at(i))));
        return batch.build();
    }

    private int rollbacks() {
        return Collections.frequency(connections.calls(), "rollback");
    }

    @Test
    void what_the_server_refuses_is_refused_as_by_the_other_way() {
        HistoryStoreException failure = catchThrowableOfType(
                HistoryStoreException.class, () -> store(true).record(batchWith("refuse")));

        assertThat(failure.kind()).isEqualTo(Kind.DATA);
        assertThat(failure).hasMessageContaining("refused by a trigger");
        assertThat(rollbacks()).isEqualTo(2);
        assertThat(database.store().findExecution("e")).isEmpty();
    }

    @Test
    void a_lost_connection_goes_to_the_caller_who_knows_when_to_try_again() {
        HistoryStoreException failure = catchThrowableOfType(
                HistoryStoreException.class, () -> store(true).record(batchWith("cut")));

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
        assertThat(failure.isInDoubt()).isFalse();
        assertThat(rollbacks()).isEqualTo(1);
        assertThat(database.store().findExecution("e")).isEmpty();
    }

    @Test
    void a_lock_that_another_transaction_holds_goes_to_the_caller_too() throws SQLException {
        store(true).record(Records.running("e"));
        try (Connection other = database.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(
                    "insert into execution_logs (id, execution_id, level, message) values ('l', 'e', 'info', 'm')");

            HistoryStoreException failure = catchThrowableOfType(
                    HistoryStoreException.class, () -> store(true).record(Records.log("l", "e")));

            assertThat(failure.kind()).isEqualTo(Kind.CONTENTION);
            assertThat(rollbacks()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rows_that_a_trigger_swallows_fail_the_batch_either_way(boolean copy) {
        IdConflictException failure = catchThrowableOfType(
                IdConflictException.class, () -> store(copy).record(batchWith("swallow")));

        assertThat(failure.ids()).containsExactly("log 2500");
        assertThat(database.store().findExecution("e")).isEmpty();
    }

    @Test
    void an_exception_while_rows_are_written_leaves_no_copy_open() throws SQLException {
        Columns<Integer> failing = Columns.of(
                        IntStream.range(0, 100_000).boxed().toList())
                .text("id", i -> {
                    if (i == 99_999) {
                        throw new IllegalStateException("for the test");
                    }
                    return "log " + i;
                })
                .text("execution_id", i -> "e")
                .text("level", i -> "info")
                .text("message", i -> "m");
        try (Connection connection = database.dataSource().getConnection()) {
            Transactions transactions = Transactions.over(() -> connection, SchemaName.PUBLIC);
            TransactionSettings writing = TransactionSettings.writing(null, null);

            assertThatThrownBy(() -> transactions.run("fail", writing, statements -> {
                        new ExecutionWrites(statements).insert(ExecutionWrites.columns(List.of(Records.running("e"))));
                        return statements.copy("execution_logs", failing);
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("for the test")
                    .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
            assertThat(connection.isClosed()).isTrue();
        }
        assertThat(database.store().findExecution("e")).isEmpty();
    }

    @Test
    void a_connection_on_which_copy_failed_goes_on_working() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            ExecutionStore store = JdbcExecutionStore.builder(Jdbi.create(connection))
                    .copyPolicy(CopyPolicy.always())
                    .build();

            assertThatThrownBy(() -> store.record(batchWith("refuse"))).isInstanceOf(HistoryStoreException.class);
            assertThat(connection.unwrap(BaseConnection.class).getTransactionState())
                    .isEqualTo(TransactionState.IDLE);
            assertThat(connection.getAutoCommit()).isTrue();

            store.record(batchWith("take it"));
            assertThat(store.listLogs(LogQuery.ofExecution("e").limit(LogQuery.MAX_LIMIT)))
                    .hasSize(5_000);
        }
    }

    @Test
    void an_interrupted_thread_records_and_stays_interrupted() {
        Thread.currentThread().interrupt();
        try {
            store(true).record(Records.execution("e", 3));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(database.store().findDetails("e").orElseThrow().logs()).hasSize(3);
    }

    @Test
    void copy_does_not_open_a_transaction() {
        Transactions transactions = Transactions.over(database.dataSource()::getConnection, SchemaName.PUBLIC);

        assertThatThrownBy(() -> transactions.run(
                        "copy first",
                        TransactionSettings.writing(null, null),
                        statements -> statements.copy("execution_logs", Columns.of(List.of()))))
                .isInstanceOf(IllegalStateException.class);
    }
}
