package io.github.workflowhistory.examples.traces;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.jdbc.WorkflowSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A pool of connections, as every application has one, to a server of the user's or to an embedded one. */
record Database(HikariDataSource pool, @Nullable EmbeddedServer server) implements AutoCloseable {

    /** A server of the user's: creates the tables that are missing and drops nothing. */
    static Database at(String jdbcUrl) {
        Database database = new Database(open(jdbcUrl), null);
        try {
            WorkflowSchema.of(database.pool).install();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** A server that exists until this is closed. */
    static Database embedded() throws IOException, SQLException {
        EmbeddedServer server = EmbeddedServer.start();
        try {
            Database database = new Database(open(server.jdbcUrl()), server);
            // What Supabase, or an application, has anyway: the roles and the users that the schema refers to.
            database.execute(WorkflowSchema.plainPostgresAuthScript("public"));
            WorkflowSchema.of(database.pool).install();
            return database;
        } catch (RuntimeException | SQLException e) {
            server.close();
            throw e;
        }
    }

    private static HikariDataSource open(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        // What the URL itself says has precedence over these.
        config.setUsername(System.getenv("PGUSER"));
        config.setPassword(System.getenv("PGPASSWORD"));
        config.setMaximumPoolSize(2);
        config.setPoolName("workflow-history");
        return new HikariDataSource(config);
    }

    /** For example "PostgreSQL 18.6 at localhost:5432/app". */
    String describe() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            String url = connection.getMetaData().getURL().replaceFirst("\\?.*", "");
            String version = connection.getMetaData().getDatabaseProductVersion();
            String place = server != null ? "embedded, fsync on" : url.replaceFirst("^jdbc:postgresql:(//)?", "");
            return "PostgreSQL " + version + " (" + place + ")";
        }
    }

    private void execute(String script) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    @Override
    public void close() {
        pool.close();
        if (server != null) {
            server.close();
        }
    }
}
