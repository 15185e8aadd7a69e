package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.StaleServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The processes and files of a PostgreSQL, without a word of SQL: starting, stopping, killing and promoting it. */
final class ServerProcess {
    /** In {@code postmaster.pid} the line that says how far the server is. */
    private static final int STATUS_LINE = 7;

    private final Path data;
    private final Path log;
    private final Path programs;
    private final boolean asRoot;
    /** Kept, because the lock ends when nobody refers to it any longer. */
    @SuppressWarnings("unused")
    private FileLock alive;

    private volatile Process process;
    private volatile int port;

    private ServerProcess(Path data, Path log, Path programs) throws IOException {
        this.data = data;
        this.log = log;
        this.programs = programs;
        this.asRoot = Integer.valueOf(0).equals(Files.getAttribute(data, "unix:uid"));
    }

    /**
     * Makes the files of a server, which {@link StaleServers} removes when this JVM is gone.
     *
     * @param work the folder for them
     * @param programs the folder of PostgreSQL's programs
     */
    static ServerProcess initialize(Path work, Path programs) throws IOException {
        Files.createDirectories(work);
        Path log = work.resolve("server.log");
        Files.deleteIfExists(log);
        Path data = Files.createTempDirectory(work, "data-");
        ServerProcess server = new ServerProcess(data, log, programs);
        server.run("initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N");
        Files.writeString(data.resolve("postgresql.conf"), """
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                fsync = on
                synchronous_commit = on
                shared_buffers = 64MB
                max_connections = 100
                """, StandardOpenOption.APPEND);
        server.alive = lock(data.resolve(StaleServers.LOCK));
        return server;
    }

    /** Tells a later JVM that this one is alive, for as long as that is so. */
    private static FileLock lock(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .lock();
    }

    /** Starts the server, after a crash with recovery, and waits until it takes connections. */
    void start() {
        try {
            Files.deleteIfExists(standbySignal());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        launch("ready");
    }

    /** Whether it runs, and not as a standby. */
    boolean isPrimary() {
        return isRunning() && !Files.exists(standbySignal());
    }

    /** The port since the last start, on the loopback address. */
    int port() {
        return port;
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
                    .redirectOutput(Redirect.appendTo(log.toFile()))
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
            throw new IllegalStateException(program + " failed, see " + log);
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
}
