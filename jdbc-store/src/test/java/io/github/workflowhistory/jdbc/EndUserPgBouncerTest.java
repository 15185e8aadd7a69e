package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users who share servers behind PgBouncer in transaction mode, with the driver as it is. */
class EndUserPgBouncerTest {
    private static final int ROUNDS = 40;

    private static TwoUsers users;
    private static PgBouncer bouncer;

    @BeforeAll
    static void start() throws Exception {
        users = new TwoUsers("end_user_bouncer");
        bouncer = PgBouncer.start(users.dataSource(), 1);
    }

    @AfterAll
    static void stop() throws Exception {
        if (bouncer != null) {
            bouncer.close();
        }
        users.close();
    }

    @BeforeEach
    void refill() {
        users.refill();
    }

    @Test
    void two_clients_that_share_a_server_do_not_see_each_others_rows() {
        try (HikariDataSource pool = TestPools.pool(bouncer.through(users.dataSource()), 2, true);
                HikariDataSource other = TestPools.pool(bouncer.through(users.dataSource()), 2, false)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            JdbcExecutionStore otherStore = JdbcExecutionStore.create(other);
            for (int i = 0; i < ROUNDS; i++) {
                use(store.actingAs(users.ada), "ada", "bob", i);
                use(otherStore.actingAs(users.bob), "bob", "ada", i);
                use(otherStore.actingAs(users.ada), "ada", "bob", i + ROUNDS);
            }
        }
    }

    @Test
    void many_clients_at_once() {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try (HikariDataSource pool = TestPools.pool(bouncer.through(users.dataSource()), 6, true)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int client = 0; client < 6; client++) {
                boolean isAda = client % 2 == 0;
                int offset = client * ROUNDS;
                clients.add(CompletableFuture.runAsync(
                        () -> {
                            ExecutionStore acting = store.actingAs(isAda ? users.ada : users.bob);
                            for (int i = 0; i < ROUNDS; i++) {
                                use(acting, isAda ? "ada" : "bob", isAda ? "bob" : "ada", offset + i);
                            }
                        },
                        threads));
            }
            clients.forEach(CompletableFuture::join);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void nothing_stays_on_the_server_for_the_next_client() throws SQLException {
        String before = whoAmI();
        try (HikariDataSource pool = TestPools.pool(bouncer.through(users.dataSource()), 1, true)) {
            use(JdbcExecutionStore.create(pool).actingAs(users.ada), "ada", "bob", 0);
            assertThat(catchThrowable(() -> JdbcExecutionStore.create(pool)
                            .actingAs(users.ada)
                            .record(TwoUsers.running("new", users.bob))))
                    .hasMessageContaining("Row level security");
        }

        assertThat(whoAmI()).isEqualTo(before).contains(users.login + " " + users.login + " none");
    }

    /** What the next client finds on the only server. */
    private static String whoAmI() throws SQLException {
        try (Connection connection = bouncer.through(users.dataSource()).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select pg_backend_pid() || ' ' || session_user || ' ' || current_user
                          || ' ' || current_setting('role')
                          || ' ' || coalesce(current_setting('request.jwt.claims', true), '')""")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void use(ExecutionStore acting, String own, String others, int round) {
        assertThat(ids(acting)).containsExactly(own);
        assertThat(acting.findDetails(own)).isPresent();
        assertThat(acting.findDetails(others)).isEmpty();
        assertThat(acting.listLogs(LogQuery.ofExecution(others))).isEmpty();
        acting.record(Records.log(own + "-log-" + round, own));
        assertThat(catchThrowable(() -> acting.record(Records.log("l" + UUID.randomUUID(), others))))
                .isInstanceOf(UnknownExecutionException.class);
        assertThat(catchThrowable(() -> acting.record(Records.result(others + "-result", own))))
                .isInstanceOf(IdConflictException.class);
    }

    private static List<String> ids(ExecutionStore store) {
        return store.listExecutions(ExecutionQuery.all()).stream()
                .map(ExecutionSummary::id)
                .toList();
    }
}
