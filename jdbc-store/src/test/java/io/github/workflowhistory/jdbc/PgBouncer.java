package io.github.workflowhistory.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A PgBouncer in transaction mode with few servers, in front of the PostgreSQL of the tests. */
final class PgBouncer implements AutoCloseable {
    private final Path folder;
    private final Process process;
    private final int port;

    private PgBouncer(Path folder, Process process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one. Where it is not installed the test is skipped.
     *
     * @param servers how many connections to PostgreSQL the clients share
     */
    static PgBouncer start(PGSimpleDataSource server, int servers) throws IOException {
        Path program = program();
        assumeTrue(program != null, "PgBouncer is not installed (Debian: apt-get install pgbouncer)");
        // It runs as another user when the test runs as root, which it refuses; so both have to reach its files.
        Path folder = Files.createTempDirectory("workflow-history-pgbouncer-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port = freePort();
        Files.writeString(
                folder.resolve("users.txt"), "\"%s\" \"%s\"\n".formatted(server.getUser(), server.getPassword()));
        Files.writeString(folder.resolve("pgbouncer.ini"), """
                [databases]
                %1$s = host=%2$s port=%3$d dbname=%1$s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %4$d
                unix_socket_dir =
                auth_type = plain
                auth_file = %5$s
                pool_mode = transaction
                default_pool_size = %6$d
                query_wait_timeout = 20
                ignore_startup_parameters = extra_float_digits
                %7$s
                """.formatted(
                        server.getDatabaseName(),
                        server.getServerNames()[0],
                        server.getPortNumbers()[0],
                        port,
                        folder.resolve("users.txt"),
                        servers,
                        tracksStatements(program) ? "max_prepared_statements = 0" : ""));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(folder.resolve("pgbouncer.ini").toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        PgBouncer bouncer = new PgBouncer(folder, process, port);
        Await.until("PgBouncer takes connections", () -> bouncer.answers(server));
        return bouncer;
    }

    private static Path program() {
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Since 1.21 it can keep prepared statements apart by client, which would hide what it does otherwise. */
    private static boolean tracksStatements(Path program) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "--version").start();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher number = Pattern.compile("PgBouncer (\\d+)\\.(\\d+)").matcher(version);
        return number.find() && 1_000 * Integer.parseInt(number.group(1)) + Integer.parseInt(number.group(2)) >= 1_021;
    }

    /** It cannot choose one by itself; should another process be faster, it ends and the test says why. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers(PGSimpleDataSource server) {
        if (!process.isAlive()) {
            throw new AssertionError("PgBouncer ended with " + process.exitValue() + ": " + log());
        }
        try (Connection connection = through(server).getConnection()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The same role and database as another data source, through PgBouncer. */
    PGSimpleDataSource through(PGSimpleDataSource server) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName(server.getDatabaseName());
        dataSource.setUser(server.getUser());
        dataSource.setPassword(server.getPassword());
        return dataSource;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        for (String file : List.of("users.txt", "pgbouncer.ini", "log")) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.delete(folder);
    }
}
