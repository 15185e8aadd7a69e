package io.github.workflowhistory.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;

/** Pools as hosts have them. */
final class TestPools {
    private TestPools() {}

    /** A pool over a data source; the caller closes it. */
    static HikariDataSource pool(DataSource dataSource, int size, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(size);
        config.setAutoCommit(autoCommit);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }
}
