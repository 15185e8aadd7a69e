package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.testkit.ExecutionStoreContract;
import java.util.UUID;
import javax.sql.DataSource;

/** The contract on PostgreSQL. A subclass says which database, and how connections reach it. */
abstract class PostgresContract extends ExecutionStoreContract {
    /** The database of the class, with the tables. */
    abstract TestDatabase database();

    /** Where the store takes its connections. */
    abstract DataSource dataSource();

    @Override
    protected ExecutionStore createStore() {
        database().clear();
        return database().store(dataSource());
    }

    @Override
    protected UUID createUser(ExecutionStore store) {
        return database().newUser();
    }
}
