package io.github.workflowhistory.jdbc;

import javax.sql.DataSource;

/** A new connection for every call, as the driver makes it. */
class PlainDataSourceContractTest extends PostgresContract {
    private static final TestDatabase DATABASE = TestDatabase.create("plain").install();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    DataSource dataSource() {
        return DATABASE.dataSource();
    }
}
