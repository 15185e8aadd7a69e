package io.github.workflowhistory.jdbc;

import com.zaxxer.hikari.HikariDataSource;

/** The role of {@code recorder-role.sql} for tables in another schema. */
class RecorderRoleOtherSchemaContractTest extends PostgresContract {
    private RecorderRole role;

    @Override
    TestDatabase createDatabase() {
        return TestDatabase.create("recorder_other")
                .inSchema("We \"ird' 'workflow_recorder'")
                .install();
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
