package io.github.workflowhistory.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.testkit.ExecutionStoreContract;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The contract on PostgreSQL, through a pool: without one, the whole contract would connect for minutes. A subclass says
 * which database, and how connections reach it. There is one instance for all tests of a class, because classes run
 * beside each other and each has a database and a pool of its own.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class PostgresContract extends ExecutionStoreContract {
    private TestDatabase database;
    private HikariDataSource pool;

    /** Makes the database of the class, with the tables. */
    abstract TestDatabase createDatabase();

    /** Makes the pool of the class, whose connections are special where a subclass says so. */
    HikariDataSource createPool() {
        return TestPools.pool(database.dataSource(), 10, true);
    }

    /** Removes what would outlive the database, such as roles; the pool is closed then. */
    void cleanUp() {}

    @BeforeAll
    final void open() {
        database = createDatabase();
        pool = createPool();
    }

    @AfterAll
    final void close() {
        if (pool != null) {
            pool.close();
            cleanUp();
        }
    }

    final TestDatabase database() {
        return database;
    }

    final HikariDataSource pool() {
        return pool;
    }

    @Override
    protected ExecutionStore createStore() {
        database.clear();
        return database.store(pool);
    }

    @Override
    protected UUID createUser(ExecutionStore store) {
        return database.newUser();
    }
}
