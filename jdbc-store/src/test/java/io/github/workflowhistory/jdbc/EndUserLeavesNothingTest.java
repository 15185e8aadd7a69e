package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.AutoSave;

/**
 * Whoever has the connection after an end user is neither that user nor in that role, whatever happened on it: each on a
 * pool of one, looked at on the same backend.
 */
class EndUserLeavesNothingTest {
    private static TwoUsers users;

    @BeforeAll
    static void open() {
        users = new TwoUsers("end_user_leaves");
        users.database.execute("""
                create function raise() returns trigger language plpgsql
                  as $$begin raise exception 'refused by a trigger'; end$$;
                create trigger at_once before insert on execution_logs
                  for each row when (new.message = 'message of at once') execute function raise();
                create constraint trigger at_commit after insert on execution_logs deferrable initially deferred
                  for each row when (new.message = 'message of at commit') execute function raise()""");
    }

    @AfterAll
    static void close() {
        users.close();
    }

    /** What happens while the store acts as Ada. */
    private interface Event {
        void on(HikariDataSource pool, JdbcExecutionStore store) throws Exception;
    }

    private static Map<String, Event> events() {
        Map<String, Event> events = new LinkedHashMap<>();
        events.put(
                "a read",
                (pool, store) -> assertThat(asAda(store).findDetails("ada")).isPresent());
        events.put("a commit", (pool, store) -> asAda(store).record(Records.log("l", "ada")));
        events.put(
                "a refusal",
                (pool, store) -> assertThat(catchThrowable(() -> asAda(store).record(Records.log("l", "bob"))))
                        .isInstanceOf(UnknownExecutionException.class));
        events.put(
                "a row that a policy refuses",
                (pool, store) -> assertThat(kindOf(() -> asAda(store).record(TwoUsers.running("new", users.bob))))
                        .isEqualTo(Kind.DATA));
        events.put(
                "a statement that fails",
                (pool, store) -> assertThat(kindOf(() -> asAda(store).record(Records.log("at once", "ada"))))
                        .isEqualTo(Kind.DATA));
        events.put(
                "a commit that fails",
                (pool, store) -> assertThat(kindOf(() -> asAda(store).record(Records.log("at commit", "ada"))))
                        .isEqualTo(Kind.DATA));
        events.put(
                "a time-out",
                (pool, store) -> whileLocked(() -> {
                    ExecutionStore impatient = JdbcExecutionStore.builder(pool)
                            .statementTimeout(Duration.ofMillis(20))
                            .build()
                            .actingAs(users.ada);
                    assertThat(kindOf(() -> impatient.record(Records.ended("ada"))))
                            .isEqualTo(Kind.TIMEOUT);
                }));
        events.put(
                "a cancelled statement",
                (pool, store) -> whileLocked(() -> {
                    CompletableFuture<Void> cancelled =
                            CompletableFuture.runAsync(EndUserLeavesNothingTest::cancelWaiting);
                    assertThat(kindOf(() -> asAda(store).record(Records.ended("ada"))))
                            .isEqualTo(Kind.TIMEOUT);
                    cancelled.join();
                }));
        events.put("a connection that is closed in its transaction", (pool, store) -> {
            HookedDataSource withoutEnd = new HookedDataSource(pool).on((connection, call, proceed) -> {
                boolean endsIt = List.of("commit", "rollback", "setAutoCommit").contains(call);
                if (!endsIt || isIdle(connection)) {
                    proceed.run();
                }
            });
            JdbcExecutionStore.create(withoutEnd).actingAs(users.ada).record(Records.log("lost", "ada"));
            assertThat(asAda(store).listLogs(LogQuery.ofExecution("ada"))).hasSize(1);
        });
        return events;
    }

    private static boolean isIdle(Connection connection) throws SQLException {
        return connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
    }

    private static ExecutionStore asAda(JdbcExecutionStore store) {
        return store.actingAs(users.ada);
    }

    private static Kind kindOf(Runnable call) {
        return catchThrowableOfType(HistoryStoreException.class, call::run).kind();
    }

    /** Keeps Ada's execution locked meanwhile. */
    private static void whileLocked(Runnable work) throws SQLException {
        try (Connection holder = users.database.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select from workflow_executions where id = 'ada' for update");
            work.run();
            holder.rollback();
        }
    }

    private static void cancelWaiting() {
        Await.until(
                "a statement waits for the lock and is cancelled",
                () -> !users.database.query("""
                        select pg_cancel_backend(pid) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'""").isEmpty());
    }

    private interface DriverSetting {
        void on(PGSimpleDataSource dataSource);
    }

    private static Map<String, DriverSetting> driverSettings() {
        Map<String, DriverSetting> settings = new LinkedHashMap<>();
        settings.put("the driver's own settings", dataSource -> {});
        settings.put("every statement prepared at once", dataSource -> dataSource.setPrepareThreshold(1));
        settings.put("savepoints of the driver's", dataSource -> dataSource.setAutosave(AutoSave.ALWAYS));
        return settings;
    }

    @TestFactory
    Stream<DynamicTest> nothing_reaches_the_next_borrower_after() {
        return events().entrySet().stream()
                .flatMap(event -> driverSettings().entrySet().stream()
                        .flatMap(setting -> Stream.of(true, false)
                                .map(autoCommit -> DynamicTest.dynamicTest(
                                        event.getKey() + ", with " + setting.getKey() + ", auto-commit " + autoCommit,
                                        () -> check(event.getValue(), setting.getValue(), autoCommit)))));
    }

    private static void check(Event event, DriverSetting setting, boolean autoCommit) throws Exception {
        users.refill();
        PGSimpleDataSource dataSource = users.dataSource();
        setting.on(dataSource);
        try (HikariDataSource pool = TestPools.pool(dataSource, 1, autoCommit)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            String before = whoAmI(pool);

            event.on(pool, store);

            assertThat(whoAmI(pool)).isEqualTo(before);
            assertThat(store.listExecutions(ExecutionQuery.all())).hasSize(3);
            assertThat(ids(store.actingAs(users.bob))).containsExactly("bob");
            assertThat(whoAmI(pool)).isEqualTo(before);
        }
    }

    /** Backend, roles, claims and the settings of the connection, as its next borrower finds them. */
    private static String whoAmI(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            String settings = " auto-commit " + connection.getAutoCommit() + ", prepare threshold "
                    + connection.unwrap(PGConnection.class).getPrepareThreshold();
            try (ResultSet row = statement.executeQuery("""
                    select pg_backend_pid() || ' ' || session_user || ' ' || current_user
                      || ' ' || current_setting('role') || ' ' || current_setting('row_security')
                      || ' ' || coalesce(current_setting('request.jwt.claims', true), '')
                      || ' ' || coalesce(current_setting('request.jwt.claim', true), '')
                      || ' ' || coalesce(current_setting('request.jwt.claim.sub', true), '')
                      || ' ' || coalesce(current_setting('request.jwt.claim.role', true), '')""")) {
                row.next();
                assertThat(row.getString(1)).contains(users.login + " " + users.login + " none on ");
                return row.getString(1) + settings;
            }
        }
    }

    private static List<String> ids(ExecutionStore store) {
        return store.listExecutions(ExecutionQuery.all()).stream()
                .map(ExecutionSummary::id)
                .toList();
    }

    @Test
    void what_was_left_in_the_session_does_not_reach_the_end_user() {
        users.refill();
        try (HikariDataSource pool = TestPools.pool(users.dataSource(), 1, true)) {
            TestDatabase.execute(pool, """
                    select set_config('request.jwt.claim.sub', '%1$s', false),
                      set_config('request.jwt.claim.role', 'service_role', false),
                      set_config('request.jwt.claims', '{"sub":"%1$s"}', false);
                    set row_security = off;
                    set search_path = nowhere""".formatted(users.bob));

            assertThat(ids(asAda(JdbcExecutionStore.create(pool)))).containsExactly("ada");

            assertThat(TestDatabase.value(pool, "select current_setting('request.jwt.claim.sub')"))
                    .isEqualTo(users.bob.toString());
            assertThat(TestDatabase.value(pool, "show row_security")).isEqualTo("off");
        }
    }

    @Test
    void a_savepoint_of_the_next_borrower_brings_nobody_back() throws SQLException {
        users.refill();
        try (HikariDataSource pool = TestPools.pool(users.dataSource(), 1, true)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            String before = whoAmI(pool);
            asAda(store).record(Records.log("l", "ada"));

            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                Savepoint savepoint = connection.setSavepoint();
                statement.execute("delete from execution_logs");
                connection.rollback(savepoint);
                try (ResultSet row = statement.executeQuery("select current_user, count(*) from execution_logs")) {
                    row.next();
                    assertThat(row.getString(1)).isEqualTo(users.login);
                    assertThat(row.getInt(2)).isEqualTo(4);
                }
                connection.commit();
            }

            assertThat(whoAmI(pool)).isEqualTo(before);
        }
    }

    @Test
    void a_transaction_with_a_savepoint_of_the_host_is_not_joined() throws SQLException {
        users.refill();
        try (Connection connection = users.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("update workflow_executions set error = 'of the host' where id = 'ada'");
            Savepoint savepoint = connection.setSavepoint();

            ExecutionStore acting =
                    JdbcExecutionStore.create(Jdbi.create(connection)).actingAs(users.ada);
            assertThat(kindOf(() -> acting.findExecution("ada"))).isEqualTo(Kind.CONFIGURATION);

            connection.rollback(savepoint);
            try (ResultSet row = statement.executeQuery("select current_user")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo(users.login);
            }
            connection.rollback();
        }
    }
}
