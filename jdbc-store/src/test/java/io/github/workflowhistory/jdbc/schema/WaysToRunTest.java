package io.github.workflowhistory.jdbc.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.workflowhistory.jdbc.WorkflowSchema;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** The scripts through a driver in its modes and through psql, and what they leave of the session. */
class WaysToRunTest {
    private static final String INSTALLED_VERSION = """
            select substring(obj_description(to_regclass('workflow_recorders'), 'pg_class')
                             from '^Workflow History schema ([0-9]+)')::int
            """;

    @ParameterizedTest
    @CsvSource({
        "SIMPLE,   true,  read committed",
        "SIMPLE,   false, repeatable read",
        "EXTENDED, true,  serializable",
        "EXTENDED, true,  repeatable read",
        "EXTENDED, false, read committed"
    })
    void a_driver_runs_them_in_every_mode(PreferQueryMode mode, boolean autoCommit, String isolation)
            throws SQLException {
        try (SchemaDatabase database = SchemaDatabase.empty()) {
            PGSimpleDataSource dataSource = database.dataSource();
            dataSource.setPreferQueryMode(mode);
            Connection connection = dataSource.getConnection();
            try (Session session = new Session(connection, autoCommit)) {
                session.run("set session characteristics as transaction isolation level " + isolation);
                session.run("set search_path = \"$user\", public, pg_temp; set row_security = on");
                session.run(Scripts.AUTH);
                session.run(Scripts.WHOLE);
                assertThat(session.run(Scripts.PART_2)).isEmpty();
                if (!autoCommit) {
                    connection.commit();
                }
                assertThat(session.row(INSTALLED_VERSION)).isEqualTo(String.valueOf(WorkflowSchema.VERSION));
                assertThat(session.row("select current_setting('search_path'), current_setting('row_security')"))
                        .isEqualTo("\"$user\", public, pg_temp | on");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void part_2_leaves_the_callers_transaction_as_it_was(String rowSecurity) {
        try (SchemaDatabase database = SchemaDatabase.withAuth();
                Session session = database.session()) {
            session.run("set local search_path = pg_catalog, public; set local row_security = " + rowSecurity);
            session.run(Scripts.PART_2);
            assertThat(session.row("select current_setting('search_path'), current_setting('row_security')"))
                    .isEqualTo("pg_catalog, public | " + rowSecurity);
        }
    }

    @Test
    void part_2_can_be_taken_back_by_the_callers_transaction() {
        try (SchemaDatabase database = SchemaDatabase.withAuth()) {
            try (Session session = database.session()) {
                session.run(Scripts.PART_2);
                assertThat(session.row(INSTALLED_VERSION)).isEqualTo(String.valueOf(WorkflowSchema.VERSION));
            }
            try (Session session = database.session()) {
                assertThat(session.row(INSTALLED_VERSION)).isEqualTo("null");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void psql_runs_them_as_their_headers_say(boolean singleTransaction, @TempDir Path folder) throws Exception {
        assumeTrue(psqlIsThere(), "psql is not on the PATH");
        Path auth = Files.writeString(folder.resolve("plain-postgres-auth.sql"), Scripts.AUTH);
        Path whole = Files.writeString(folder.resolve("workflow-execution-schema.sql"), Scripts.WHOLE);
        Path part2 = Files.writeString(folder.resolve("part-2.sql"), Scripts.PART_2);
        try (SchemaDatabase database = SchemaDatabase.empty();
                Session session = database.autoCommit()) {
            for (Path script : List.of(auth, whole, part2, whole)) {
                psql(database.dataSource(), script, singleTransaction);
            }
            try (SchemaDatabase byDriver = SchemaDatabase.installed();
                    Session expected = byDriver.session()) {
                assertThat(Catalog.description(session, "public")).isEqualTo(Catalog.description(expected, "public"));
            }
            assertThat(session.row(INSTALLED_VERSION)).isEqualTo(String.valueOf(WorkflowSchema.VERSION));
        }
    }

    @Test
    void part_2_starts_at_the_one_line_that_says_so() {
        assertThat(Scripts.WHOLE.lines().filter(line -> line.startsWith("-- Part 2")))
                .hasSize(1);
        assertThat(Scripts.PART_2).startsWith("-- Part 2").doesNotContain("drop table");
        assertThat(Scripts.WHOLE).endsWith(Scripts.PART_2).contains("drop table if exists");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain-postgres-auth.sql", "workflow-execution-schema.sql"})
    void a_script_can_be_pasted_everywhere(String script) {
        assertThat(Scripts.resource("/database/" + script))
                .as("no byte order mark, tabs, psql commands or characters that an encoding could break")
                .matches("[\\n\\x20-\\x7e]+")
                .doesNotContainPattern("(?m)^\\\\");
    }

    private static void psql(PGSimpleDataSource server, Path script, boolean singleTransaction)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("psql", "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-f", script.toString()));
        if (singleTransaction) {
            command.add("--single-transaction");
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGHOST", Objects.requireNonNull(server.getServerNames())[0]);
        builder.environment().put("PGPORT", Integer.toString(server.getPortNumbers()[0]));
        builder.environment().put("PGDATABASE", Objects.requireNonNull(server.getDatabaseName()));
        builder.environment().put("PGUSER", Objects.requireNonNullElse(server.getUser(), "postgres"));
        if (server.getPassword() != null) {
            builder.environment().put("PGPASSWORD", server.getPassword());
        }
        Process psql = builder.start();
        String output = new String(psql.getInputStream().readAllBytes(), UTF_8);
        assertThat(psql.waitFor()).as(output).isZero();
    }

    private static boolean psqlIsThere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "psql")));
    }
}
