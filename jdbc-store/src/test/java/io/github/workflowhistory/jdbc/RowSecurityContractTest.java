package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.store.ExecutionStore;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A role that works by the policies of service_role, for which PostgreSQL refuses COPY: every batch first tries a plain
 * INSERT, whatever its size.
 */
class RowSecurityContractTest extends PostgresContract {
    private static final String ROLE = "wh_rls_" + UUID.randomUUID().toString().replace("-", "");

    private static TestDatabase database;
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        database = TestDatabase.create("row_security").install();
        database.execute("create role %s login password 'secret' in role service_role".formatted(ROLE));
        pool = TestPools.pool(database.dataSource(ROLE, "secret"), 10, true);
    }

    @AfterAll
    static void close() {
        pool.close();
        database.execute("drop role " + ROLE);
    }

    @Override
    TestDatabase database() {
        return database;
    }

    @Override
    DataSource dataSource() {
        return pool;
    }

    @Override
    protected ExecutionStore createStore() {
        database.clear();
        return JdbcExecutionStore.builder(pool).copyPolicy(CopyPolicy.always()).build();
    }

    @Test
    void row_level_security_is_active() {
        assertThat(TestDatabase.value(pool, "select row_security_active('execution_logs')"))
                .isEqualTo("t");
    }
}
