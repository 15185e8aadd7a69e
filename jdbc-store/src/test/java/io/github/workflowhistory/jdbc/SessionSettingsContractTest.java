package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;

/**
 * Sessions in a time zone with summer time and an offset of 12:45 hours, that read and write dates and intervals in
 * other ways. {@code datestyle} may only change its order of day and month: pgjdbc closes a connection that leaves ISO.
 */
class SessionSettingsContractTest extends PostgresContract {
    @Override
    TestDatabase createDatabase() {
        TestDatabase database = TestDatabase.create("settings").install();
        // What a database or a role has as its default, pgjdbc overrides when it connects.
        database.execute("alter database " + database.name() + " set datestyle to 'German'");
        return database;
    }

    @Override
    HikariDataSource createPool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database().dataSource());
        config.setConnectionInitSql("set time zone 'Pacific/Chatham'; set datestyle to 'ISO, DMY';"
                + " set intervalstyle to 'sql_standard'; set extra_float_digits to -15; set bytea_output to 'escape'");
        return new HikariDataSource(config);
    }

    @Test
    void the_settings_are_in_effect() {
        assertThat(TestDatabase.value(pool(), "select timestamptz '2024-01-01T00:00:00Z'::text"))
                .isEqualTo("2024-01-01 13:45:00+13:45");
        assertThat(TestDatabase.value(pool(), "select (date '02/01/2024')::text"))
                .isEqualTo("2024-01-02");
    }
}
