package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What becomes of a batch when its transaction goes wrong. */
class TransactionsTest {
    private static TestDatabase database;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("transactions").install();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    private static HistoryStoreException failure(Runnable work) {
        return catchThrowableOfType(HistoryStoreException.class, work::run);
    }

    @Test
    void a_lost_answer_to_the_commit_leaves_it_in_doubt() {
        HookedDataSource connections = new HookedDataSource(database.dataSource()).on((connection, call, proceed) -> {
            proceed.run();
            if (call.equals("commit")) {
                throw new SQLException("the answer was lost", "08006");
            }
        });

        HistoryStoreException failure =
                failure(() -> database.store(connections).record(Records.running("e")));

        assertThat(failure.isInDoubt()).isTrue();
        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
        assertThat(failure).hasMessageContaining("may have happened").hasMessageContaining("once more is safe");
        assertThat(database.store().findExecution("e")).isPresent();
    }

    @Test
    void a_commit_that_never_arrived_is_in_doubt_as_well() {
        HookedDataSource connections = new HookedDataSource(database.dataSource()).on((connection, call, proceed) -> {
            if (call.equals("commit")) {
                terminate(connection);
            }
            proceed.run();
        });

        HistoryStoreException failure =
                failure(() -> database.store(connections).record(Records.running("e")));

        assertThat(failure.isInDoubt()).isTrue();
        assertThat(database.store().findExecution("e")).isEmpty();
    }

    @Test
    void a_connection_that_is_cut_before_the_commit_leaves_nothing_and_no_doubt() {
        AtomicBoolean cut = new AtomicBoolean();
        HookedDataSource connections = new HookedDataSource(database.dataSource()).on((connection, call, proceed) -> {
            proceed.run();
            if (call.equals("execute") && cut.compareAndSet(false, true)) {
                terminate(connection);
            }
        });

        HistoryStoreException failure =
                failure(() -> database.store(connections).record(Records.execution("e", 1)));

        assertThat(failure.isInDoubt()).isFalse();
        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
        assertThat(failure.getSuppressed())
                .as("what went wrong in the rollback")
                .isNotEmpty();
        assertThat(database.store().findExecution("e")).isEmpty();
    }

    @Test
    void a_commit_that_a_deferred_trigger_refuses_is_certain_to_be_undone() {
        database.execute("""
                create function refuse() returns trigger language plpgsql
                  as $$begin raise exception 'refused at commit'; end$$;
                create constraint trigger refuse after insert on workflow_executions deferrable initially deferred
                  for each row when (new.workflow_id = 'refused') execute function refuse()""");

        HistoryStoreException failure =
                failure(() -> database.store().record(WorkflowExecution.running("e", "refused", null, Records.START)));

        assertThat(failure.isInDoubt()).isFalse();
        assertThat(failure.kind()).isEqualTo(Kind.DATA);
        assertThat(failure).hasMessageContaining("refused at commit");
        assertThat(database.store().findExecution("e")).isEmpty();
    }

    @Test
    void a_transaction_that_has_failed_is_not_committed() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            BorrowedConnection borrowed = BorrowedConnection.begin(connection, false);
            try (Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute("select 1 / 0")).isInstanceOf(SQLException.class);
            }

            assertThatThrownBy(borrowed::commit)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("had failed before its commit");
        }
    }

    @Test
    void an_error_of_the_jvm_rolls_back_too() {
        HookedDataSource connections = new HookedDataSource(database.dataSource()).on((connection, call, proceed) -> {
            proceed.run();
            if (call.equals("execute")) {
                throw new OutOfMemoryError("for the test");
            }
        });

        assertThatThrownBy(() -> database.store(connections).record(Records.running("e")))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(connections.calls())
                .containsExactly("setAutoCommit", "execute", "rollback", "setAutoCommit", "close");
        assertThat(database.store().findExecution("e")).isEmpty();
    }

    @Test
    void trouble_with_giving_a_connection_back_does_not_undo_what_was_committed() {
        HookedDataSource connections = new HookedDataSource(database.dataSource()).on((connection, call, proceed) -> {
            proceed.run();
            if (call.equals("close")) {
                throw new SQLException("for the test");
            }
        });

        database.store(connections).record(Records.running("e"));

        assertThat(database.store().findExecution("e")).isPresent();
    }

    @Test
    void a_transaction_of_the_host_is_neither_joined_nor_ended() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("insert into workflow_executions (id, workflow_id) values ('of the host', 'w')");
            }

            HistoryStoreException failure = failure(
                    () -> JdbcExecutionStore.create(Jdbi.create(connection)).record(Records.running("e")));

            assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
            assertThat(failure).hasMessageContaining("survives the host's rollback");
            connection.commit();
        }
        assertThat(database.store().findExecution("of the host")).isPresent();
        assertThat(database.store().findExecution("e")).isEmpty();
    }

    @Test
    void a_transaction_in_which_the_host_only_read_is_left_alone_too() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select * from workflow_executions");
            }

            assertThat(failure(() -> JdbcExecutionStore.create(Jdbi.create(connection))
                                    .findExecution("e"))
                            .kind())
                    .isEqualTo(Kind.CONFIGURATION);
        }
    }

    @Test
    void a_transaction_that_a_pool_began_to_test_the_connection_is_no_obstacle() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1");
            }

            JdbcExecutionStore.create(Jdbi.create(connection)).record(Records.running("e"));
        }
        assertThat(database.store().findExecution("e")).isPresent();
    }

    @Test
    void an_execution_that_is_deleted_between_two_statements_can_be_recorded_again() {
        database.store().record(Records.running("e"));
        AtomicBoolean deleted = new AtomicBoolean();
        HookedDataSource connections = new HookedDataSource(database.dataSource()).on((connection, call, proceed) -> {
            proceed.run();
            if (call.equals("execute") && deleted.compareAndSet(false, true)) {
                database.store().deleteExecution("e");
            }
        });

        HistoryStoreException failure =
                failure(() -> database.store(connections).record(Records.running("e")));

        assertThat(failure.kind()).isEqualTo(Kind.CONTENTION);
        assertThat(failure).hasMessageContaining("deleted while it was recorded");
    }

    private static void terminate(Connection connection) throws SQLException {
        int backend = connection.unwrap(PGConnection.class).getBackendPID();
        database.execute("select pg_terminate_backend(" + backend + ", 5000)");
    }
}
