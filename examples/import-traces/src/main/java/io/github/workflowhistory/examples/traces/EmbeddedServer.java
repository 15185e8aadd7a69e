package io.github.workflowhistory.examples.traces;

import static java.util.Objects.requireNonNull;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL in a temporary folder. It needs neither installation nor Docker, and leaves nothing behind. */
final class EmbeddedServer implements AutoCloseable {
    private final Path folder;
    private final Thread whenInterrupted = new Thread(this::stop);
    private @Nullable EmbeddedPostgres server;

    private EmbeddedServer(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(whenInterrupted);
    }

    static EmbeddedServer start() throws IOException {
        EmbeddedServer embedded = new EmbeddedServer(Files.createTempDirectory("workflow-history-"));
        try {
            embedded.launch();
            return embedded;
        } catch (IOException | RuntimeException e) {
            embedded.close();
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
                // Embedded servers switch these off. Here a commit is as durable, and as slow, as in earnest.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    synchronized String jdbcUrl() {
        return requireNonNull(server, "it has been launched").getJdbcUrl("postgres", "postgres");
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
