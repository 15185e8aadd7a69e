package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** HikariCP with auto-commit off, on connections whose default isolation is REPEATABLE READ. */
class RepeatableReadPoolContractTest extends PostgresContract {
    @Override
    TestDatabase createDatabase() {
        return TestDatabase.create("repeatable_read").install();
    }

    @Override
    HikariDataSource createPool() {
        PGSimpleDataSource connections = database().dataSource();
        connections.setOptions("-c default_transaction_isolation=repeatable\\ read");
        return TestPools.pool(connections, 10, false);
    }

    @Test
    void the_default_isolation_is_in_effect() {
        assertThat(TestDatabase.value(pool(), "show transaction_isolation")).isEqualTo("repeatable read");
    }
}
