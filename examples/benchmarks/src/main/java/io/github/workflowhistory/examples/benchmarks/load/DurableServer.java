package io.github.workflowhistory.examples.benchmarks.load;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.jdbc.WorkflowSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of the benchmark's own, in a temporary folder that goes when it is closed: with the schema of the library
 * and one user, and as durable as a server in earnest.
 */
final class DurableServer implements AutoCloseable {
    /** Owns the tables, so it may COPY. */
    static final String OWNER = "postgres";
    /** May write all rows through the policies of service_role, and no COPY, as row level security applies to it. */
    static final String WITHOUT_COPY = "history_writer";

    static final UUID USER = UUID.fromString("11111111-1111-4111-8111-111111111111");

    private final Path folder;
    private final Thread whenInterrupted = new Thread(this::stop);
    private @Nullable EmbeddedPostgres server;

    private DurableServer(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(whenInterrupted);
    }

    static DurableServer start() throws IOException, SQLException {
        DurableServer started = new DurableServer(Files.createTempDirectory("workflow-history-benchmark-"));
        try {
            started.launch();
            started.createSchema();
            return started;
        } catch (IOException | SQLException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** Whoever interrupts this waits until the server is up, because only then it can be stopped. */
    private synchronized void launch() throws IOException {
        server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.toFile())
                .setDataDirectory(folder.resolve("data"))
                .setRegisterShutdownHook(false)
                .setErrorRedirector(Redirect.DISCARD)
                .setOutputRedirector(Redirect.DISCARD)
                // Embedded servers switch these off, and then every figure below would be fiction.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    private void createSchema() throws SQLException {
        try (HikariDataSource pool = pool(OWNER, 1)) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(WorkflowSchema.plainPostgresAuthScript("public"));
            }
            WorkflowSchema.of(pool).install();
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("insert into public.users (id) values ('" + USER + "')");
                // BYPASSRLS is not inherited with the membership, the policies are.
                statement.execute("create role " + WITHOUT_COPY + " login in role service_role");
            }
        }
    }

    /** A pool as an application has it, with its connections opened. */
    HikariDataSource pool(String role, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url(role));
        config.setMaximumPoolSize(connections);
        config.setPoolName("benchmark");
        return new HikariDataSource(config);
    }

    /** A connection of the owner, outside of any pool. */
    Connection connect(String... urlParameters) throws SQLException {
        return DriverManager.getConnection(url(OWNER) + "&" + String.join("&", urlParameters));
    }

    private synchronized String url(String role) {
        return requireNonNull(server, "it has been launched").getJdbcUrl(role, "postgres");
    }

    /** Which server this is and how durable, in the server's own words. */
    String describe() throws SQLException, IOException {
        return "PostgreSQL " + show("server_version") + ", fsync " + show("fsync") + ", synchronous_commit "
                + show("synchronous_commit") + ", full_page_writes " + show("full_page_writes")
                + ", shared_buffers " + show("shared_buffers") + ", data on "
                + Files.getFileStore(folder).type();
    }

    /** A setting, as the server has it. */
    String show(String setting) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("show " + setting)) {
            answer.next();
            return answer.getString(1);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(whenInterrupted);
        } catch (IllegalStateException e) {
            return; // The JVM is going down, and the hook is at work.
        }
        stop();
    }

    private synchronized void stop() {
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException e) {
            // It is in the folder for temporary files: the system removes what is left.
        }
    }
}
