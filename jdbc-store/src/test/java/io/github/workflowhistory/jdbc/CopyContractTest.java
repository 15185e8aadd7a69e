package io.github.workflowhistory.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.store.ExecutionStore;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Every batch tries COPY, whatever its size, whatever came of the last one. */
class CopyContractTest extends PostgresContract {
    private static TestDatabase database;
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        database = TestDatabase.create("copy").install();
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

    @Override
    protected ExecutionStore createStore() {
        database.clear();
        return JdbcExecutionStore.builder(pool).copyPolicy(CopyPolicy.always()).build();
    }
}
