package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.WorkflowSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text of {@link WorkflowSchema#script()} as a repeatable migration. */
class FlywayTest {
    @TempDir
    Path migrations;

    @Test
    void it_keeps_the_rows_and_makes_the_same_catalog() throws IOException {
        try (SchemaDatabase fresh = SchemaDatabase.installed();
                SchemaDatabase database = SchemaDatabase.withAuth();
                Session expected = fresh.session();
                Session session = database.autoCommit()) {
            session.run(Scripts.resource("shipped/version-1.sql") + Scripts.resource("history-of-two-users.sql"));
            String rows = count(session);
            Path migration = migrations.resolve("R__workflow_history.sql");
            Files.writeString(migration, WorkflowSchema.script());

            assertThat(migrate(database)).isEqualTo(1);
            assertThat(migrate(database)).as("the same text again").isZero();
            Files.writeString(migration, WorkflowSchema.script() + "\n-- another checksum\n");
            assertThat(migrate(database)).isEqualTo(1);

            assertThat(count(session)).isEqualTo(rows).isNotEqualTo("0");
            assertThat(catalog(session)).isEqualTo(catalog(expected));
            assertThat(WorkflowSchema.of(database.dataSource()).verify()).isEmpty();
        }
    }

    private int migrate(SchemaDatabase database) {
        return Flyway.configure()
                .dataSource(database.dataSource())
                .locations("filesystem:" + migrations)
                .baselineOnMigrate(true)
                .load()
                .migrate()
                .migrationsExecuted;
    }

    private static List<String> catalog(Session session) {
        return Catalog.description(session, "public").stream()
                .filter(line -> !line.contains("flyway_schema_history"))
                .toList();
    }

    private static String count(Session session) {
        return session.row("select (select count(*) from workflow_executions) + (select count(*) from execution_logs)");
    }
}
