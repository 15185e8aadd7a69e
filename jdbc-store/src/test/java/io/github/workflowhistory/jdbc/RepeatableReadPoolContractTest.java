package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** HikariCP with auto-commit off, on connections whose default isolation is REPEATABLE READ. */
class RepeatableReadPoolContractTest extends PostgresContract {
    private static TestDatabase database;
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        database = TestDatabase.create("repeatable_read").install();
        PGSimpleDataSource connections = database.dataSource();
        connections.setOptions("-c default_transaction_isolation=repeatable\\ read");
        pool = TestPools.pool(connections, 10, false);
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
        assertThat(TestDatabase.value(pool, "show transaction_isolation")).isEqualTo("repeatable read");
    }
}
