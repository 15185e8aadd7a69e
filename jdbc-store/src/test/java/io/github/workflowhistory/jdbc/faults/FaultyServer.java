package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.jdbc.PostgresServer;
import io.github.workflowhistory.jdbc.StaleServers;
import io.github.workflowhistory.jdbc.WorkflowSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL that tests may kill, stop and put into recovery: durable (fsync and synchronous_commit are on), with the
 * history's tables. One for the whole JVM, started by the first test that asks for it; its port changes
 * with every start, which a {@link TcpProxy} hides.
 */
final class FaultyServer {
    private static final Path WORK = Path.of("target", "faulty-postgres").toAbsolutePath();
    private static final String DATABASE = "postgres";
    /** In {@code postmaster.pid} the line that says how far the server is. */
    private static final int STATUS_LINE = 7;

    private static final Path LOG = WORK.resolve("server.log");

    private final Path data;
    private final Path programs;
    private final boolean asRoot;
    private volatile Process process;
    private volatile int port;

    private static final class Holder {
        static final FaultyServer SHARED = create();
    }

    private FaultyServer(Path data, Path programs) throws IOException {
        this.data = data;
        this.programs = programs;
        this.asRoot = Integer.valueOf(0).equals(Files.getAttribute(data, "unix:uid"));
    }

    static FaultyServer shared() {
        // Outside of the holder, so that a test which is skipped here does not break the class for the next one.
        PostgresServer.shared().programs();
        return Holder.SHARED;
    }

    private static FaultyServer create() {
        try {
            SmallDisk.removeStale(WORK);
            StaleServers.stop(WORK);
            Files.createDirectories(WORK);
            Files.deleteIfExists(LOG);
            FaultyServer server = new FaultyServer(
                    Files.createTempDirectory(WORK, "data-"),
                    PostgresServer.shared().programs());
            server.initialize();
            Runtime.getRuntime().addShutdownHook(new Thread(server::kill, "kill the server of the faults"));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void initialize() throws IOException {
        run("initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        Files.writeString(data.resolve("postgresql.conf"), """
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                fsync = on
                synchronous_commit = on
                shared_buffers = 64MB
                max_connections = 100
                """, StandardOpenOption.APPEND);
        lock(data.resolve(StaleServers.LOCK));
        start();
        // After a crash the server syncs every file that it has: without these, a quarter is left.
        for (String template : List.of("template0", "template1")) {
            execute("alter database " + template + " is_template false");
            execute("drop database " + template);
        }
        execute(WorkflowSchema.plainPostgresAuthScript("public"));
        execute(WorkflowSchema.recreateScript("public"));
    }

    /** Tells a later JVM that this one is alive. It ends with the JVM, as it is meant to. */
    @SuppressWarnings({"resource", "ResultOfMethodCallIgnored"})
    private static void lock(Path file) throws IOException {
        if (FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                        .tryLock()
                == null) {
            throw new IllegalStateException(file + " is locked");
        }
    }

    // -- life and death

    /** Starts the server, after a crash with recovery, and waits until it takes connections. */
    void start() {
        try {
            Files.deleteIfExists(standbySignal());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        launch("ready");
    }

    /** Makes sure that the server is as it should be, whatever a test that failed has left behind. */
    void repair() {
        if (!isRunning() || Files.exists(standbySignal())) {
            kill();
            start();
        }
        // Something may still hold locks.
        terminateConnections();
    }

    /** Starts a server that recovers until it is promoted, and takes no connections before. */
    void startInRecovery() {
        standBy();
        launch("standby", "-c", "hot_standby=off");
    }

    /** Starts a server that takes connections, but only reads until it is promoted. */
    void startAsStandby() {
        standBy();
        launch("ready", "-c", "hot_standby=on");
    }

    private void standBy() {
        try {
            Files.writeString(standbySignal(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path standbySignal() {
        return data.resolve("standby.signal");
    }

    /** Ends recovery, as soon as the server has come far enough in it. */
    void promote() {
        Await.until("the server is promoted", () -> succeeds("pg_ctl", "promote", "-w", "-D", data.toString()));
    }

    private boolean isRunning() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** SIGKILL to the server and all that it started. */
    void kill() {
        Process current = process;
        if (current == null) {
            return;
        }
        List<ProcessHandle> children = current.descendants().toList();
        current.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(current);
    }

    /** What an operating system in a hurry does: no checkpoint, backends end in mid-statement. */
    void stopImmediately() {
        run("pg_ctl", "stop", "-m", "immediate", "-w", "-D", data.toString());
        awaitEnd(process);
    }

    private static void awaitEnd(Process ending) {
        Await.until("the server ends", () -> !ending.isAlive());
    }

    private void launch(String status, String... settings) {
        Await.until("the server is " + status, () -> {
            // It may end at once: because the port was taken meanwhile, or because a backend of its predecessor, which
            // was killed, has not noticed yet.
            port = freePort();
            List<String> arguments = new ArrayList<>(List.of("-D", data.toString(), "-p", String.valueOf(port)));
            Collections.addAll(arguments, settings);
            process = launch(command("postgres", arguments));
            Process launched = process;
            Await.until(
                    "the server is " + status + " or ends",
                    () -> !launched.isAlive() || status(launched).equals(status));
            return launched.isAlive();
        });
    }

    private Process launch(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(LOG.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a server says about itself; empty while it says nothing. */
    private String status(Process launched) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return lines.size() > STATUS_LINE && lines.get(0).strip().equals(String.valueOf(launched.pid()))
                    ? lines.get(STATUS_LINE).strip()
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PostgreSQL refuses to run as root. In a user namespace of its own it is nobody, and its files are too. */
    private List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>(asRoot ? List.of("unshare", "-U") : List.of());
        command.add(programs.resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    private void run(String program, String... arguments) {
        if (!succeeds(program, arguments)) {
            throw new IllegalStateException(program + " failed, see " + LOG);
        }
    }

    private boolean succeeds(String program, String... arguments) {
        Process running = launch(command(program, List.of(arguments)));
        try {
            return running.waitFor(60, TimeUnit.SECONDS) && running.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            running.destroyForcibly();
        }
    }

    /** Where files of a test can lie that belong to this server. */
    Path folder() {
        return WORK;
    }

    // -- connections past all proxies

    int port() {
        return port;
    }

    /** A data source of the history's database, as a role that may do everything. */
    PGSimpleDataSource dataSource() {
        return dataSource(port);
    }

    private static PGSimpleDataSource dataSource(int port) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName(DATABASE);
        dataSource.setUser("postgres");
        return dataSource;
    }

    /** The same by way of a proxy, which has to understand what passes. */
    PGSimpleDataSource dataSource(TcpProxy proxy) {
        PGSimpleDataSource dataSource = dataSource(proxy.port());
        dataSource.setSslmode("disable");
        dataSource.setGssEncMode("disable");
        return dataSource;
    }

    /** Opens a connection for a test that is a client of its own. */
    Connection connect() {
        try {
            return dataSource().getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** The first column of every row, as text. */
    List<String> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
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
        List<String> rows = query(sql);
        if (rows.size() != 1) {
            throw new IllegalStateException(rows.size() + " rows from: " + sql);
        }
        return rows.get(0);
    }

    /** Waits until somebody waits for a lock. */
    void awaitLockWait() {
        Await.until("somebody waits for a lock", () -> value("""
                select count(*) > 0 from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'""").equals("t"));
    }

    /** Changes a setting of the running server, and waits until new connections have it. */
    void set(String setting, String value) {
        execute("alter system set " + setting + " = '" + value + "'");
        execute("select pg_reload_conf()");
        Await.until(setting + " is " + value, () -> value("show " + setting).equals(value));
    }

    /** Ends all connections to the history's database. */
    void terminateConnections() {
        query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = '"
                + DATABASE + "'");
    }
}
