package io.github.workflowhistory.examples.quickstart;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A PostgreSQL in a temporary folder. It needs neither installation nor Docker, and leaves nothing behind. */
final class EmbeddedServer implements AutoCloseable {
    private final Path folder;
    private final EmbeddedPostgres server;
    private final Thread whenInterrupted = new Thread(this::stop);

    private EmbeddedServer(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
        Runtime.getRuntime().addShutdownHook(whenInterrupted);
    }

    static EmbeddedServer start() throws IOException {
        Path folder = Files.createTempDirectory("workflow-history-");
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
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
            return new EmbeddedServer(folder, server);
        } catch (IOException | RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    String jdbcUrl() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(whenInterrupted);
        stop();
    }

    private void stop() {
        try {
            server.close();
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
