package io.github.workflowhistory.jdbc.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A disk is full, and has space again. */
class FullDiskTest extends FaultTest {

    @Test
    void nothing_is_lost_while_the_disk_is_full() throws IOException {
        SmallDisk disk = closedAtEnd(SmallDisk.mount(server.folder(), 16));
        Path tablespace = Files.createDirectory(disk.folder().resolve("tablespace"));
        server.execute("create tablespace small location '" + tablespace + "'");
        closedAtEnd(() -> server.execute("drop tablespace small"));
        server.execute("alter table public.execution_logs set tablespace small");
        closedAtEnd(() -> server.execute("alter table public.execution_logs set tablespace pg_default"));
        Path filling = disk.folder().resolve("filling");
        fill(filling);

        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Workload.executions(recording, 2, 30, 8)) {
            attempts.awaitFailures(2, "53100");
            Files.delete(filling);
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
    }

    private static void fill(Path file) throws IOException {
        byte[] page = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            if (Files.size(file) == 0) {
                throw e;
            }
            // The disk is full, as it is meant to be.
        }
    }
}
