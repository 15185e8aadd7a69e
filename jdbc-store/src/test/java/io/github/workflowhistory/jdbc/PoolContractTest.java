package io.github.workflowhistory.jdbc;

/**
 * As most hosts have it: a pool with auto-commit on, whose connections know the statements of before. Tests of single
 * classes run without a pool.
 */
class PoolContractTest extends PostgresContract {
    @Override
    TestDatabase createDatabase() {
        return TestDatabase.create("pool").install();
    }
}
