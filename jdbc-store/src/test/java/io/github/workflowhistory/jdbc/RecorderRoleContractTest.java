package io.github.workflowhistory.jdbc;

import com.zaxxer.hikari.HikariDataSource;

/** The role of {@code recorder-role.sql}, which has no more rights than the store needs. */
class RecorderRoleContractTest extends PostgresContract {
    private RecorderRole role;

    @Override
    TestDatabase createDatabase() {
        return TestDatabase.create("recorder_role").install();
    }

    @Override
    HikariDataSource createPool() {
        role = new RecorderRole(database());
        return TestPools.pool(role.dataSource(), 10, true);
    }

    @Override
    void cleanUp() {
        role.close();
    }
}
