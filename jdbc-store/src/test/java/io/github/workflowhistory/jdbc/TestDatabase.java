package io.github.workflowhistory.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of its own for a test class, with the tables in one schema. It stays until the server goes.
 *
 * <pre>{@code
 * private static final TestDatabase DATABASE = TestDatabase.create("reading").install();
 * }</pre>
 */
final class TestDatabase {
    private final PostgresServer server;
    private final String name;
    private final SchemaName schema;

    /** Kept open, because connecting takes longer than most of what tests do in between. */
    private final Connection administration;

    private TestDatabase(PostgresServer server, String name, SchemaName schema, Connection administration) {
        this.server = server;
        this.name = name;
        this.schema = schema;
        this.administration = administration;
    }

    /** An empty database. */
    static TestDatabase create(String name) {
        return create(name, "");
    }

    /** An empty database with options of CREATE DATABASE. */
    static TestDatabase create(String name, String options) {
        PostgresServer server = PostgresServer.shared();
        String database = server.createDatabase(name, options);
        try {
            Connection administration = server.dataSource(database).getConnection();
            return new TestDatabase(server, database, SchemaName.PUBLIC, administration);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same database, the tables in another schema. */
    TestDatabase inSchema(String other) {
        return new TestDatabase(server, name, new SchemaName(other), administration);
    }

    /** Makes users, roles and the tables. */
    TestDatabase install() {
        return installUsers().installTables();
    }

    /** Makes what Supabase has and plain PostgreSQL has not. */
    TestDatabase installUsers() {
        execute(WorkflowSchema.plainPostgresAuthScript(schema.name()));
        return this;
    }

    /** Makes the tables, dropping those that are there. */
    TestDatabase installTables() {
        execute(WorkflowSchema.recreateScript(schema.name()));
        return this;
    }

    String name() {
        return name;
    }

    /** The schema, quoted for SQL. */
    String schema() {
        return schema.quoted();
    }

    /** The schema as it stands in the catalog. */
    String schemaName() {
        return schema.name();
    }

    /** A data source without a pool, as a role that may do everything; a new one for every call. */
    PGSimpleDataSource dataSource() {
        return server.dataSource(name);
    }

    /** A data source for another role. */
    PGSimpleDataSource dataSource(String role, String password) {
        PGSimpleDataSource dataSource = dataSource();
        dataSource.setUser(role);
        dataSource.setPassword(password);
        return dataSource;
    }

    JdbcExecutionStore store() {
        return store(dataSource());
    }

    JdbcExecutionStore store(DataSource dataSource) {
        return JdbcExecutionStore.builder(dataSource).schema(schema.name()).build();
    }

    /** A user that was not there before. */
    UUID newUser() {
        UUID id = UUID.randomUUID();
        execute("insert into %s.users (id) values ('%s')".formatted(schema(), id));
        return id;
    }

    /** Removes every row but the users. Faster than TRUNCATE when there are few. */
    void clear() {
        execute("""
                delete from %1$s.execution_logs;
                delete from %1$s.node_execution_results;
                delete from %1$s.workflow_executions;
                delete from %1$s.workflow_recorders""".formatted(schema()));
    }

    /** Runs statements as a role that may do everything. */
    void execute(String sql) {
        execute(administration, sql);
    }

    static void execute(DataSource dataSource, String sql) {
        try (Connection connection = dataSource.getConnection()) {
            execute(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** The first column of every row, as text. */
    List<String> query(String sql) {
        return query(administration, sql);
    }

    static List<String> query(DataSource dataSource, String sql) {
        try (Connection connection = dataSource.getConnection()) {
            return query(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> query(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** The one value of a query. */
    String value(String sql) {
        return one(query(sql), sql);
    }

    static String value(DataSource dataSource, String sql) {
        return one(query(dataSource, sql), sql);
    }

    private static String one(List<String> rows, String sql) {
        if (rows.size() != 1) {
            throw new IllegalStateException(rows.size() + " rows from: " + sql);
        }
        return rows.get(0);
    }
}
