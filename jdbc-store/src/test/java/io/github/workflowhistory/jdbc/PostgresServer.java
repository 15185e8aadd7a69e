package io.github.workflowhistory.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The PostgreSQL of the tests: one for the whole JVM, started by the first test that asks for it, stopped when the JVM
 * ends.
 *
 * <ul>
 *   <li>As a rule the binaries of {@code -Dpostgres.version}, with its data under {@code target}. fsync is off.
 *   <li>{@code -Dpostgres=testcontainers}: a container; without Docker the tests are skipped.
 *   <li>{@code -Dpostgres.jdbc-url=…}, with {@code -Dpostgres.user=…} and {@code -Dpostgres.password=…}: any server on
 *       which the user may create databases and roles.
 * </ul>
 */
public final class PostgresServer {
    private static final Path WORK = Path.of("target", "postgres");

    private final Supplier<PGSimpleDataSource> maintenance;
    private final boolean isEmbedded;
    private final ConcurrentLinkedQueue<String> databases = new ConcurrentLinkedQueue<>();

    private PostgresServer(Supplier<PGSimpleDataSource> maintenance, boolean isEmbedded) {
        this.maintenance = maintenance;
        this.isEmbedded = isEmbedded;
    }

    private static final class Holder {
        static final PostgresServer SHARED = start();
    }

    public static PostgresServer shared() {
        if ("testcontainers".equals(System.getProperty("postgres"))) {
            assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "-Dpostgres=testcontainers needs Docker");
        }
        return Holder.SHARED;
    }

    private static PostgresServer start() {
        String url = System.getProperty("postgres.jdbc-url");
        if (url != null) {
            return external(url, System.getProperty("postgres.user"), System.getProperty("postgres.password"));
        }
        String kind = System.getProperty("postgres", "embedded");
        return switch (kind) {
            case "embedded" -> embedded();
            case "testcontainers" -> container();
            default -> throw new IllegalArgumentException("-Dpostgres must be embedded or testcontainers, not " + kind);
        };
    }

    private static PostgresServer embedded() {
        StaleServers.stop(WORK);
        try {
            // It stops itself by a shutdown hook of its own.
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(WORK.toFile())
                    .setServerConfig("max_connections", "200")
                    .start();
            return new PostgresServer(
                    () -> {
                        PGSimpleDataSource dataSource = new PGSimpleDataSource();
                        dataSource.setUrl(server.getJdbcUrl("postgres", "postgres"));
                        return dataSource;
                    },
                    true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("resource") // Testcontainers removes it when the JVM ends.
    private static PostgresServer container() {
        PostgreSQLContainer server = new PostgreSQLContainer("postgres:" + System.getProperty("postgres.version"));
        server.start();
        return new PostgresServer(
                () -> dataSource(server.getJdbcUrl(), server.getUsername(), server.getPassword()), false);
    }

    private static PostgresServer external(String url, String user, String password) {
        PostgresServer server = new PostgresServer(() -> dataSource(url, user, password), false);
        Runtime.getRuntime().addShutdownHook(new Thread(server::dropDatabases, "drop test databases"));
        return server;
    }

    private static PGSimpleDataSource dataSource(String url, String user, String password) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    /**
     * Creates an empty database.
     *
     * @param name part of its name, so that one can tell it from others
     * @param options what follows the name in CREATE DATABASE
     * @return its name
     */
    public String createDatabase(String name, String options) {
        String database = "wh_" + name.toLowerCase(Locale.ROOT) + "_"
                + UUID.randomUUID().toString().substring(0, 8);
        execute("create database " + database + " " + options);
        databases.add(database);
        return database;
    }

    /**
     * Where the programs of this server are, for tests that run a server of their own. Without the embedded server such
     * tests are skipped.
     */
    public Path programs() {
        assumeTrue(isEmbedded, "only the embedded server has programs that a test can run");
        return Path.of(TestDatabase.value(maintenance.get(), "select setting from pg_config where name = 'BINDIR'"));
    }

    /** The major version that runs, whatever was asked for. */
    int majorVersion() {
        return Integer.parseInt(TestDatabase.value(maintenance.get(), "show server_version_num")) / 10_000;
    }

    /** Whether PostgreSQL knows a collation of this name. */
    boolean hasCollation(String name) {
        return !TestDatabase.query(maintenance.get(), "select 1 from pg_collation where collname = '" + name + "'")
                .isEmpty();
    }

    private void dropDatabases() {
        databases.forEach(database -> execute("drop database if exists " + database + " with (force)"));
    }

    private void execute(String sql) {
        TestDatabase.execute(maintenance.get(), sql);
    }

    /** A data source of one of the databases, as a role that may do everything; a new one for every call. */
    @SuppressWarnings("exports") // public for the tests of the schema, not for users of the module
    public PGSimpleDataSource dataSource(String database) {
        PGSimpleDataSource dataSource = maintenance.get();
        dataSource.setDatabaseName(database);
        return dataSource;
    }
}
