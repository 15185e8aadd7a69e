package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A pool of a single connection, whose default isolation is SERIALIZABLE. */
class SerializablePoolOfOneContractTest extends PostgresContract {
    private static TestDatabase database;
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        database = TestDatabase.create("serializable").install();
        PGSimpleDataSource connections = database.dataSource();
        connections.setOptions("-c default_transaction_isolation=serializable");
        pool = TestPools.pool(connections, 1, true);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Override
    TestDatabase database() {
        return database;
    }

    @Override
    DataSource dataSource() {
        return pool;
    }

    @Test
    void the_default_isolation_is_in_effect() {
        assertThat(TestDatabase.value(pool, "show transaction_isolation")).isEqualTo("serializable");
    }
}
