package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** A connection goes back as it came, whatever happened on it: its settings, and no transaction left open. */
class ConnectionsGoBackTest {
    private static TestDatabase database;

    private Connection connection;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("go_back").install();
        database.execute("""
                create function raise() returns trigger language plpgsql
                  as $$begin raise exception 'refused by a trigger'; end$$;
                create trigger at_once before insert on execution_logs
                  for each row when (new.message = 'message of at once') execute function raise();
                create constraint trigger at_commit after insert on execution_logs deferrable initially deferred
                  for each row when (new.message = 'message of at commit') execute function raise()""");
    }

    @BeforeEach
    void connect() throws SQLException {
        database.clear();
        connection = database.dataSource().getConnection();
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    /** Something that a store is asked for, and what comes of it. */
    private record Call(Class<? extends Exception> failure, Asked asked) {}

    private interface Asked {
        void of(JdbcExecutionStore store);
    }

    private static Map<String, Call> calls() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("recording", new Call(null, store -> store.record(Records.execution("new", 3))));
        calls.put("recording more", new Call(null, store -> store.record(Records.rest("e", 3))));
        calls.put("reading", new Call(null, store -> store.findExecution("e")));
        calls.put("reading details", new Call(null, store -> store.findDetails("e")));
        calls.put("listing", new Call(null, store -> store.listExecutions(ExecutionQuery.all())));
        calls.put("listing logs", new Call(null, store -> store.listLogs(LogQuery.ofExecution("e"))));
        calls.put("deleting", new Call(null, store -> store.deleteExecution("e")));
        calls.put(
                "a lease", new Call(null, store -> store.leases().orElseThrow().renew("r")));
        calls.put(
                "ending what is abandoned",
                new Call(null, store -> store.leases().orElseThrow().endAbandoned(Duration.ofDays(1))));
        calls.put(
                "an unknown execution",
                new Call(UnknownExecutionException.class, store -> store.record(Records.log("l", "unknown"))));
        calls.put(
                "an id that is taken",
                new Call(
                        IdConflictException.class,
                        store -> store.record(HistoryBatch.builder()
                                .add(Records.running("other"))
                                .add(Records.result("e-result-0", "other"))
                                .build())));
        calls.put(
                "a statement that fails",
                new Call(HistoryStoreException.class, store -> store.record(Records.log("at once", "e"))));
        calls.put(
                "a commit that fails",
                new Call(HistoryStoreException.class, store -> store.record(Records.log("at commit", "e"))));
        return calls;
    }

    @TestFactory
    Stream<DynamicTest> as_they_came() {
        return Stream.of(true, false)
                .flatMap(autoCommit -> Stream.of(
                                Connection.TRANSACTION_READ_COMMITTED,
                                Connection.TRANSACTION_REPEATABLE_READ,
                                Connection.TRANSACTION_SERIALIZABLE)
                        .flatMap(isolation -> calls().entrySet().stream()
                                .flatMap(call -> Stream.of(true, false)
                                        .map(copy -> DynamicTest.dynamicTest(
                                                call.getKey() + ", auto-commit " + autoCommit + ", isolation "
                                                        + isolation + ", copy " + copy,
                                                () -> {
                                                    disconnect();
                                                    connect();
                                                    check(autoCommit, isolation, copy, call.getValue());
                                                })))));
    }

    private void check(boolean autoCommit, int isolation, boolean copy, Call call) throws SQLException {
        database.clear();
        database.store().record(Records.execution("e", 1));
        connection.setTransactionIsolation(isolation);
        set("search_path", "somewhere");
        set("statement_timeout", "54321");
        set("lock_timeout", "12345");
        connection.setAutoCommit(autoCommit);
        Jdbi host = Jdbi.create(connection);
        JdbcExecutionStore store = JdbcExecutionStore.builder(host)
                .statementTimeout(Duration.ofSeconds(10))
                .lockTimeout(Duration.ofSeconds(5))
                .copyPolicy(copy ? CopyPolicy.always() : CopyPolicy.never())
                .build();

        if (call.failure() == null) {
            call.asked().of(store);
        } else {
            assertThatThrownBy(() -> call.asked().of(store)).isInstanceOf(call.failure());
        }

        assertThat(connection.unwrap(BaseConnection.class).getTransactionState())
                .isEqualTo(TransactionState.IDLE);
        assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
        assertThat(connection.isReadOnly()).isFalse();
        assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
        assertThat(get("search_path")).isEqualTo("somewhere");
        assertThat(get("statement_timeout")).isEqualTo("54321ms");
        assertThat(get("lock_timeout")).isEqualTo("12345ms");
        assertThat(get("transaction_read_only")).isEqualTo("off");
        if (call.failure() != null) {
            assertThat(database.store().findExecution("other")).isEmpty();
            assertThat(database.store().listLogs(LogQuery.ofExecution("e"))).hasSize(1);
        }
    }

    private void set(String setting, String value) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set " + setting + " = '" + value + "'");
        }
    }

    private String get(String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show " + setting)) {
            row.next();
            return row.getString(1);
        }
    }
}
