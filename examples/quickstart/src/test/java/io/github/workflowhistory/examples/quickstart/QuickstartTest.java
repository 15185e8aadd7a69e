package io.github.workflowhistory.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.WorkflowSchema;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void makeSourceTree() throws Exception {
        Files.writeString(folder.resolve("A.java"), "class A {}\n");
        Files.writeString(folder.resolve("a.sql"), "select 1;\n");
        // Wherever the temporary folder is, git finds no repository.
        Files.writeString(folder.resolve(".git"), "gitdir: nowhere\n");
    }

    @Test
    void records_into_an_embedded_server_and_shows_what_it_reads_back() {
        assertThat(run(folder.toString())).isZero();

        assertThat(output())
                .contains("source-report  partial", "Scan the tree", "Count Java", "Count SQL", "✗ ")
                .contains("6 node results (4 success, 1 failed, 1 skipped)");
        assertThat(errors()).isEmpty();
    }

    @Test
    void records_into_a_server_of_the_users_once_it_is_set_up() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            String url = server.jdbcUrl();
            assertThat(run("--jdbc-url", url, folder.toString())).isEqualTo(1);
            assertThat(errors())
                    .startsWith("quickstart: ")
                    .contains("plain-postgres-auth.sql")
                    .hasLineCount(1);

            execute(url, WorkflowSchema.plainPostgresAuthScript("public"));
            assertThat(run("--jdbc-url", url, folder.toString())).isZero();
            assertThat(run("--jdbc-url", url, folder.toString())).isZero();
            assertThat(output()).contains("localhost:").contains("source-report  partial");
            assertThat(ask(url, "select count(*) from workflow_executions")).isEqualTo("2");
            assertThat(ask(url, "show fsync")).isEqualTo("on");

            assertThat(run("--jdbc-url", url, "--user", UUID.randomUUID().toString(), folder.toString()))
                    .isEqualTo(1);
            assertThat(errors())
                    .startsWith("quickstart: the history was not recorded: ")
                    .hasLineCount(1);
        }
    }

    @Test
    void a_server_that_is_not_there_is_one_clear_line() {
        assertThat(run("--jdbc-url", "jdbc:postgresql://localhost:1/app", folder.toString()))
                .isEqualTo(1);

        assertThat(errors()).startsWith("quickstart: ").contains("localhost:1").hasLineCount(1);
        assertThat(output()).isEmpty();
    }

    @Test
    void explains_itself() {
        assertThat(run("--help")).isZero();
        assertThat(output()).contains("--jdbc-url");

        assertThat(run("--colour")).isEqualTo(2);
        assertThat(errors()).isEqualTo("quickstart: unknown option --colour (--help shows the options)\n");
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getString(1);
        }
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new Quickstart(printTo(out), printTo(err), new Terminal(100, false)).run(arguments);
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream printTo(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
