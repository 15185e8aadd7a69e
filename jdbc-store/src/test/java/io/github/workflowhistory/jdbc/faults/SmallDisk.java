package io.github.workflowhistory.jdbc.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system of a few megabytes that a test can fill. Needs a Linux that lets this process mount one. */
final class SmallDisk implements AutoCloseable {
    private static final String PREFIX = "disk-of-";

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts a disk; skips the test where that is not allowed. */
    static SmallDisk mount(Path parent, int megabytes) {
        Path folder = parent.resolve(PREFIX + ProcessHandle.current().pid());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean isMounted =
                run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m,mode=700", "tmpfs", folder.toString());
        assumeTrue(isMounted, "a full disk needs a tmpfs of its own, which this process may not mount");
        return new SmallDisk(folder);
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        if (!unmount(folder)) {
            throw new IllegalStateException("cannot unmount " + folder);
        }
    }

    /** Lazily, so that nothing stays mounted even when a server still has files open there. */
    private static boolean unmount(Path folder) {
        try {
            return run("umount", "-l", folder.toString()) && Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmounts what a JVM that was killed has left behind. */
    static void removeStale(Path parent) throws IOException {
        Path mounts = Path.of("/proc/self/mounts");
        if (!Files.exists(mounts)) {
            return;
        }
        String prefix = parent.resolve(PREFIX).toString();
        for (String line : Files.readAllLines(mounts)) {
            String mounted = line.split(" ", 3)[1];
            if (mounted.startsWith(prefix) && isAbandoned(mounted.substring(prefix.length()))) {
                unmount(Path.of(mounted));
            }
        }
    }

    private static boolean isAbandoned(String pid) {
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(ProcessHandle::isAlive)
                .isEmpty();
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            // There is no such program.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
