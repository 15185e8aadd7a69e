package io.github.workflowhistory.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The role of {@code recorder-role.sql} for tables in another schema. */
class RecorderRoleOtherSchemaContractTest extends PostgresContract {
    private static RecorderRole role;
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        role = new RecorderRole(TestDatabase.create("recorder_other")
                .inSchema("We \"ird' 'workflow_recorder'")
                .install());
        pool = TestPools.pool(role.dataSource(), 10, true);
    }

    @AfterAll
    static void close() {
        pool.close();
        role.close();
    }

    @Override
    TestDatabase database() {
        return role.database;
    }

    @Override
    DataSource dataSource() {
        return pool;
    }
}
