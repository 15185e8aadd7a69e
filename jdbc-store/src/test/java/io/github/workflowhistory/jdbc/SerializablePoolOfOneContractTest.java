package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A pool of a single connection, whose default isolation is SERIALIZABLE. */
class SerializablePoolOfOneContractTest extends PostgresContract {
    @Override
    TestDatabase createDatabase() {
        return TestDatabase.create("serializable").install();
    }

    @Override
    HikariDataSource createPool() {
        PGSimpleDataSource connections = database().dataSource();
        connections.setOptions("-c default_transaction_isolation=serializable");
        return TestPools.pool(connections, 1, true);
    }

    @Test
    void the_default_isolation_is_in_effect() {
        assertThat(TestDatabase.value(pool(), "show transaction_isolation")).isEqualTo("serializable");
    }
}
