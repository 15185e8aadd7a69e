package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.ExecutionStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A statement that was prepared for one user shows nothing of that user's to the next. */
class EndUserPreparedStatementsTest {
    private static TwoUsers users;

    @BeforeAll
    static void open() {
        users = new TwoUsers("end_user_prepared");
    }

    @AfterAll
    static void close() {
        users.close();
    }

    @BeforeEach
    void refill() {
        users.refill();
    }

    private static List<String> ids(ExecutionStore store) {
        return store.listExecutions(ExecutionQuery.all()).stream()
                .map(ExecutionSummary::id)
                .toList();
    }

    @Test
    void users_who_take_turns_on_prepared_statements_see_their_own() {
        PGSimpleDataSource dataSource = users.dataSource();
        dataSource.setPrepareThreshold(1);
        try (HikariDataSource pool = TestPools.pool(dataSource, 1, true)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            for (int i = 0; i < 12; i++) {
                assertThat(ids(store.actingAs(users.ada))).containsExactly("ada");
                assertThat(ids(store)).hasSize(3);
                assertThat(ids(store.actingAs(users.bob))).containsExactly("bob");
                assertThat(store.actingAs(users.bob).findDetails("ada")).isEmpty();
                assertThat(store.findDetails("ada")).isPresent();
                assertThat(store.actingAs(users.ada).findDetails("ada")).isPresent();
            }
        }
    }

    /** The store gives its statements no names; if it did, PostgreSQL would still plan them anew for the role. */
    @Test
    void a_plan_that_postgresql_keeps_serves_each_user_and_the_login_role() throws SQLException {
        PGSimpleDataSource dataSource = users.dataSource();
        dataSource.setPrepareThreshold(1);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 12; i++) {
                assertThat(allIds(connection, users.ada)).containsExactly("ada");
                assertThat(allIds(connection, null)).hasSize(3);
                assertThat(allIds(connection, users.bob)).containsExactly("bob");
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select count(*) from pg_prepared_statements where statement like 'select id %'")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(1);
            }
        }
    }

    private static List<String> allIds(Connection connection, UUID user) throws SQLException {
        Handle handle = Jdbi.open(connection);
        if (user != null) {
            EndUser endUser = new EndUser(user, SchemaName.PUBLIC);
            try (Query query = handle.createQuery(endUser.opening().replaceFirst(";\\s*$", ""))) {
                endUser.bind(query);
                query.execute((executed, context) -> executed.get().execute());
            }
        }
        try (PreparedStatement statement =
                        connection.prepareStatement("select id /* every execution */ from workflow_executions");
                ResultSet rows = statement.executeQuery()) {
            List<String> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
            return ids;
        } finally {
            connection.rollback();
        }
    }
}
