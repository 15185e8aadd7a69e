package io.github.workflowhistory.jdbc.schema;

import io.github.workflowhistory.jdbc.PostgresServer;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** A database of its own on the server that all tests share; dropped at the end. */
final class SchemaDatabase implements AutoCloseable {
    private final String name;

    private SchemaDatabase(String name) {
        this.name = name;
    }

    /** As CREATE DATABASE makes it. */
    static SchemaDatabase empty() {
        return create("");
    }

    static SchemaDatabase ownedBy(String role) {
        return create("owner " + role);
    }

    /** Plain PostgreSQL made ready: users, auth.uid() and the roles. */
    static SchemaDatabase withAuth() {
        return create("template " + Templates.WITH_AUTH.name);
    }

    /** With the tables, and two users who both have a history. */
    static SchemaDatabase installed() {
        return create("template " + Templates.INSTALLED.name);
    }

    /** A superuser in a transaction that is rolled back at the end. */
    Session session() {
        return open(name, false);
    }

    /** A superuser whose every statement takes effect at once. */
    Session autoCommit() {
        return open(name, true);
    }

    PGSimpleDataSource dataSource() {
        return PostgresServer.shared().dataSource(name);
    }

    @Override
    public void close() {
        try (Session session = open("postgres", true)) {
            session.run("drop database " + name + " with (force)");
        }
    }

    private static SchemaDatabase create(String options) {
        return new SchemaDatabase(PostgresServer.shared().createDatabase("schema", options));
    }

    private static Session open(String database, boolean autoCommit) {
        try {
            return new Session(PostgresServer.shared().dataSource(database).getConnection(), autoCommit);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Templates {
        static final SchemaDatabase WITH_AUTH = template(empty(), Scripts.AUTH);
        static final SchemaDatabase INSTALLED =
                template(withAuth(), Scripts.WHOLE + Scripts.resource("history-of-two-users.sql"));

        private static SchemaDatabase template(SchemaDatabase database, String script) {
            try (Session session = database.autoCommit()) {
                session.run(script);
            }
            return database;
        }
    }
}
