package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.store.ExecutionStore;

/** Every batch tries COPY, whatever its size, whatever came of the last one. */
class CopyContractTest extends PostgresContract {
    @Override
    TestDatabase createDatabase() {
        return TestDatabase.create("copy").install();
    }

    @Override
    protected ExecutionStore createStore() {
        database().clear();
        return JdbcExecutionStore.builder(pool())
                .copyPolicy(CopyPolicy.always())
                .build();
    }
}
