package io.github.workflowhistory.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * As most hosts have it: a pool with auto-commit on, whose connections know the statements of before. Without a pool run
 * the tests of single classes; the whole contract would connect for minutes.
 */
class PoolContractTest extends PostgresContract {
    private static TestDatabase database;
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        database = TestDatabase.create("pool").install();
        pool = TestPools.pool(database.dataSource(), 10, true);
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
}
