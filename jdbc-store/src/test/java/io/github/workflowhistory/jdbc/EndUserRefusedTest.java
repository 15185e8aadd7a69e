package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where PostgreSQL would not hold an end user to the policies, the store reads and writes nothing, and says why. */
@Isolated("it changes the role authenticated, which belongs to the whole server")
class EndUserRefusedTest {
    private static TwoUsers users;

    private HikariDataSource pool;
    private JdbcExecutionStore store;

    @BeforeAll
    static void install() {
        users = new TwoUsers("end_user_refused");
    }

    @AfterAll
    static void drop() {
        users.close();
    }

    @BeforeEach
    void open() {
        users.refill();
        pool = TestPools.pool(users.dataSource(), 1, true);
        store = JdbcExecutionStore.create(pool);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private interface Call {
        void of(ExecutionStore store);
    }

    private static Map<String, Call> calls() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("find", store -> store.findExecution("ada"));
        calls.put("details", store -> store.findDetails("ada"));
        calls.put("list", store -> store.listExecutions(ExecutionQuery.all()));
        calls.put("logs", store -> store.listLogs(LogQuery.ofExecution("ada")));
        calls.put("delete", store -> store.deleteExecution("ada"));
        calls.put("record", store -> store.record(TwoUsers.execution("new", users.ada)));
        return calls;
    }

    private void assertEveryCallIsRefused(String... saying) {
        String before = users.stored("ada");
        for (Map.Entry<String, Call> call : calls().entrySet()) {
            HistoryStoreException refusal = catchThrowableOfType(
                    HistoryStoreException.class, () -> call.getValue().of(store.actingAs(users.ada)));
            assertThat(refusal).as(call.getKey()).isNotNull().hasMessageContaining("as user " + users.ada);
            assertThat(refusal.getMessage()).as(call.getKey()).contains(saying);
            assertThat(refusal.kind()).as(call.getKey()).isEqualTo(Kind.CONFIGURATION);
        }
        assertThat(users.stored("ada")).isEqualTo(before);
        assertThat(users.stored("new")).isEmpty();
        assertThat(store.listExecutions(ExecutionQuery.all()))
                .as("as the login role")
                .hasSize(3);
    }

    private void assertNoCallIsRefused() {
        calls().values().forEach(call -> call.of(store.actingAs(users.ada)));
        assertThat(users.stored("ada")).isEmpty();
        assertThat(users.stored("new")).isNotEmpty();
    }

    /** Breaks something, sees every call refused, mends it by what the message says, and sees every call work. */
    private void assertRefused(String damage, String reason, String mend) {
        users.database.execute(damage);
        try {
            assertEveryCallIsRefused(reason, mend);
        } finally {
            users.database.execute(mend);
        }
        assertNoCallIsRefused();
    }

    @Test
    void nobody_is_no_user() {
        assertThatThrownBy(() -> store.actingAs(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("userId must not be null");
    }

    @Test
    void a_login_role_that_is_no_member() {
        assertRefused(
                "revoke authenticated from " + users.login,
                "permission denied to set role \"authenticated\"",
                "grant authenticated to " + users.login
                        + (PostgresServer.shared().majorVersion() >= 16 ? " with set true;" : ";"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"workflow_executions", "node_execution_results", "execution_logs"})
    void a_table_without_row_level_security(String table) {
        assertRefused(
                "alter table %s disable row level security".formatted(table),
                "row level security is not active for authenticated",
                "alter table public.%s enable row level security;".formatted(table));
    }

    @Test
    void a_role_that_bypasses_row_level_security() {
        assertRefused(
                "alter role authenticated bypassrls",
                "row level security is not active for authenticated",
                "alter role authenticated nobypassrls;");
    }

    @Test
    void a_superuser() {
        assertRefused(
                "alter role authenticated superuser",
                "row level security is not active for authenticated",
                "alter role authenticated nosuperuser;");
    }

    @Test
    void a_role_that_owns_a_table() {
        String owner = users.database.value("select tableowner from pg_tables where tablename = 'execution_logs'");
        users.database.execute("alter table execution_logs owner to authenticated");
        try {
            assertEveryCallIsRefused(
                    "row level security is not active for authenticated",
                    "alter table public.execution_logs force row level security; (or give it an owner other than"
                            + " authenticated)");
        } finally {
            users.database.execute("alter table execution_logs owner to " + owner
                    + "; grant select, insert, update, delete on execution_logs to authenticated");
        }
        assertNoCallIsRefused();
    }

    @Test
    void a_role_that_is_missing() {
        users.database.execute("alter role authenticated rename to wh_was_authenticated");
        try {
            assertEveryCallIsRefused("authenticated", "create role authenticated nologin noinherit;");
        } finally {
            users.database.execute("alter role wh_was_authenticated rename to authenticated");
        }
        assertNoCallIsRefused();
    }

    @Test
    void a_schema_that_the_role_may_not_use() {
        users.database.execute(
                "grant usage on schema public to " + users.login + "; revoke usage on schema public from public");
        try {
            assertRefused(
                    "revoke usage on schema public from authenticated",
                    "permission denied for schema public",
                    "grant usage on schema public to authenticated;");
        } finally {
            users.database.execute(
                    "grant usage on schema public to public; revoke usage on schema public from " + users.login);
        }
    }

    @Test
    void a_function_that_the_role_may_not_call() {
        users.database.execute("revoke execute on function auth.uid() from public");
        try {
            assertRefused(
                    "revoke execute on function auth.uid() from authenticated",
                    "permission denied for function uid",
                    "grant execute on function auth.uid() to authenticated;");
        } finally {
            users.database.execute("grant execute on function auth.uid() to public");
        }
    }

    @Test
    void a_schema_of_the_function_that_the_role_may_not_use() {
        assertRefused(
                "revoke usage on schema auth from authenticated",
                "permission denied for schema auth",
                "grant usage on schema auth to authenticated;");
    }

    /** As an application had it before, whose sessions say who the user is; here they say nothing, or another. */
    @ParameterizedTest
    @ValueSource(strings = {"", "bob"})
    void a_function_that_takes_the_user_for_somebody_else(String user) {
        String id = user.isEmpty() ? "" : users.bob.toString();
        String ours = users.database.value("select pg_get_functiondef('auth.uid()'::regprocedure)");
        users.database.execute("""
                create or replace function auth.uid() returns uuid language sql stable
                as $$select nullif(current_setting('app.user_id', true), '')::uuid$$;
                alter role %s set app.user_id = '%s'""".formatted(users.login, id));
        pool.getHikariPoolMXBean().softEvictConnections();
        try {
            String before = users.stored("bob");
            assertEveryCallIsRefused(
                    "auth.uid() gives " + (id.isEmpty() ? "nobody" : id),
                    "plain-postgres-auth.sql",
                    "request.jwt.claims");
            // What the call would have meant for the user whom the function names.
            assertThatThrownBy(() -> store.actingAs(users.ada).deleteExecution("bob"))
                    .isInstanceOf(HistoryStoreException.class);
            assertThat(users.stored("bob")).isEqualTo(before);
        } finally {
            users.database.execute(ours + "; alter role " + users.login + " reset app.user_id");
        }
        assertNoCallIsRefused();
    }

    @Test
    void a_role_that_inherits_the_service_role() {
        try {
            assertRefused(
                    "grant service_role to authenticated; alter role authenticated inherit;"
                            + inheriting("service_role"),
                    "authenticated has the rights of a role that works for all users",
                    "revoke service_role from authenticated;");
        } finally {
            users.database.execute("alter role authenticated noinherit");
        }
    }

    /** The policies of a recorder would let it pass, and so would a membership in between. */
    @Test
    void a_role_that_inherits_a_recorder() {
        String between = users.login + "_between";
        try (RecorderRole recorder = new RecorderRole(users.database)) {
            users.database.execute("create role %s in role %s".formatted(between, recorder.quoted()));
            assertRefused(
                    "grant %1$s to authenticated; alter role authenticated inherit;".formatted(between)
                            + inheriting(between),
                    "authenticated has the rights of a role that works for all users",
                    "revoke %s from authenticated;".formatted(between));
        } finally {
            users.database.execute("drop role %s; alter role authenticated noinherit".formatted(between));
        }
    }

    /** Since PostgreSQL 16 a membership inherits or not by itself, as the role did when it was granted. */
    private static String inheriting(String granted) {
        return PostgresServer.shared().majorVersion() < 16
                ? ""
                : "grant %s to authenticated with inherit true".formatted(granted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"workflow_executions", "node_execution_results", "execution_logs"})
    void missing_grants(String table) {
        users.database.execute("revoke all on %s from authenticated".formatted(table));
        String mend = "grant select, insert, update, delete on public.%s to authenticated;".formatted(table);
        try {
            HistoryStoreException refusal = catchThrowableOfType(
                    HistoryStoreException.class,
                    () -> store.actingAs(users.ada).record(TwoUsers.execution("new", users.ada)));
            assertThat(refusal).hasMessageContaining(mend);
            assertThat(refusal.kind()).isEqualTo(Kind.CONFIGURATION);
            assertThat(users.stored("new")).isEmpty();
            assertThatThrownBy(() -> store.actingAs(users.ada).findDetails("ada"))
                    .isInstanceOf(HistoryStoreException.class)
                    .hasMessageContaining(mend);
        } finally {
            users.database.execute(mend);
        }
        assertNoCallIsRefused();
    }

    @Test
    void tables_that_are_missing() {
        try (TwoUsers others = new TwoUsers("end_user_tables")) {
            others.database.execute("drop table execution_logs");

            assertThatThrownBy(() -> JdbcExecutionStore.create(others.dataSource())
                            .actingAs(others.ada)
                            .findExecution("ada"))
                    .isInstanceOf(HistoryStoreException.class)
                    .hasMessageContaining("there is no execution_logs")
                    .hasMessageContaining("WorkflowSchema.install()");
        }
    }
}
