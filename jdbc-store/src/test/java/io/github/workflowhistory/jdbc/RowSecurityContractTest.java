package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.store.ExecutionStore;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * A role that works by the policies of service_role, for which PostgreSQL refuses COPY: every batch first tries a plain
 * INSERT, whatever its size.
 */
class RowSecurityContractTest extends PostgresContract {
    private final String role = "wh_rls_" + UUID.randomUUID().toString().replace("-", "");

    @Override
    TestDatabase createDatabase() {
        return TestDatabase.create("row_security").install();
    }

    @Override
    HikariDataSource createPool() {
        database().execute("create role %s login password 'secret' in role service_role".formatted(role));
        return TestPools.pool(database().dataSource(role, "secret"), 10, true);
    }

    @Override
    void cleanUp() {
        database().execute("drop role " + role);
    }

    @Override
    protected ExecutionStore createStore() {
        database().clear();
        return JdbcExecutionStore.builder(pool())
                .copyPolicy(CopyPolicy.always())
                .build();
    }

    @Test
    void row_level_security_is_active() {
        assertThat(TestDatabase.value(pool(), "select row_security_active('execution_logs')"))
                .isEqualTo("t");
    }
}
