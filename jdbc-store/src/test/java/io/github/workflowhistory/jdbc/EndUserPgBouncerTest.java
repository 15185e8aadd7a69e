package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionRun;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.RecorderListener;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

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

    /** As no user, the driver names statements on a server that is another client's next time. */
    @Test
    void stores_that_act_as_no_user_need_a_driver_that_names_no_statement() {
        PGSimpleDataSource unnamed = bouncer.through(users.dataSource());
        unnamed.setPrepareThreshold(0);
        try (HikariDataSource pool = TestPools.pool(unnamed, 1, true);
                HikariDataSource other = TestPools.pool(unnamed, 1, false)) {
            for (int i = 0; i < ROUNDS; i++) {
                for (HikariDataSource client : List.of(pool, other)) {
                    JdbcExecutionStore store = JdbcExecutionStore.create(client);
                    String id = (client.isAutoCommit() ? "e" : "f") + i;
                    store.record(Records.execution(id, 2));
                    assertThat(store.findDetails(id).orElseThrow().logs()).hasSize(2);
                    store.leases().orElseThrow().renew("recorder of " + id);
                }
            }
        }
    }

    /** Another client's statements are on the only server, under the names that the driver gives to those of ours. */
    @Test
    void with_the_driver_as_it_is_records_wait_and_the_error_names_the_mend() throws IOException {
        try (PgBouncer own = PgBouncer.start(users.dataSource(), 1)) {
            PGSimpleDataSource unnamed = own.through(users.dataSource());
            unnamed.setPrepareThreshold(0);
            recordsWait(own.through(users.dataSource()), unnamed);
        }
    }

    /** The driver may get through by itself, once it has closed the statement that it did not make; or it is mended. */
    private static void recordsWait(PGSimpleDataSource named, PGSimpleDataSource unnamed) {
        AtomicReference<DataSource> current = new AtomicReference<>(named);
        RecorderListener mending = new RecorderListener() {
            @Override
            public void retried(Kind kind, RuntimeException cause, int failures, Duration pause) {
                if (kind == Kind.CONFIGURATION) {
                    current.set(unnamed);
                }
            }
        };
        try (HikariDataSource other = TestPools.pool(named, 1, true)) {
            JdbcExecutionStore.create(other).record(Records.running("of another client"));

            HistoryStoreException failure = catchThrowableOfType(
                    HistoryStoreException.class,
                    () -> JdbcExecutionStore.create(named).record(Records.running("e")));
            assertThat(failure).hasMessageContaining("prepareThreshold=0");
            assertThat(failure.kind()).isEqualTo(Kind.STALE_STATEMENT);

            Jdbi mended = Jdbi.create(() -> current.get().getConnection());
            try (WorkflowHistory history = WorkflowHistory.builder(JdbcExecutionStore.create(mended))
                    .pipeline(PipelineSettings.builder().withoutLeases().build())
                    .listener(mending)
                    .build()) {
                String id = history.record("import-orders", null, ExecutionRun::id);
                assertThat(history.flush(Duration.ofSeconds(60))).isTrue();
                assertThat(users.stored(id)).contains("success");
            }
        }
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
