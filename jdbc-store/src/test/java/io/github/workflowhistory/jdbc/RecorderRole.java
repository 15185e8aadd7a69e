package io.github.workflowhistory.jdbc;

import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/** A database with a role by {@code recorder-role.sql}. Roles belong to the server, so each has a name of its own. */
final class RecorderRole implements AutoCloseable {
    final TestDatabase database;
    final String name = "wh recorder \"" + UUID.randomUUID();

    RecorderRole(TestDatabase installed) {
        database = installed;
        run();
        database.execute("alter role %s password 'secret'".formatted(quoted()));
    }

    /** Runs the script, as often as one likes. */
    void run() {
        database.execute(script());
    }

    String script() {
        return WorkflowSchema.recorderRoleScript(database.schemaName(), name);
    }

    String quoted() {
        return Identifiers.quoted(name);
    }

    /** A data source for the role. */
    PGSimpleDataSource dataSource() {
        return database.dataSource(name, "secret");
    }

    /** As the script says. */
    @Override
    public void close() {
        database.execute("drop owned by %1$s; drop role %1$s".formatted(quoted()));
    }
}
