package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.Await;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The database is away for longer than the buffer lasts. */
class FullQueueTest extends FaultTest {
    private static final Duration MAX_BLOCK = Duration.ofMillis(300);

    @Test
    void sixty_four_threads_against_a_full_queue_get_on_and_everything_is_accounted_for() {
        Recording recording = recording(settings().capacityBytes(256 << 10).maxBlock(MAX_BLOCK));
        proxy.refuse();
        long[] longest = new long[64];
        try (Background hosts = Background.start(64, thread -> {
            long before = System.nanoTime();
            Workload.execution(recording, "full-" + thread, 30);
            longest[thread] = System.nanoTime() - before;
        })) {
            hosts.await();
        }
        // Each waits once at most, after that nobody does until there is space.
        assertThat(Duration.ofNanos(LongStream.of(longest).max().orElseThrow())).isLessThan(MAX_BLOCK.plusSeconds(3));
        assertThat(recording.stats().dropped()).isPositive();

        proxy.admit();
        Emitted.Found found = recording.assertStoredRejectedOrDropped(server.dataSource());
        assertThat(found.stored()).isPositive();
    }

    @Test
    void ends_survive_a_long_outage_and_each_execution_tells_how_many_of_its_entries_were_dropped() {
        int executions = 20;
        Recording recording = recording(settings().capacityBytes(256 << 10).maxBlock(MAX_BLOCK));
        for (int i = 0; i < executions; i++) {
            recording.record(Workload.start("execution-" + i));
        }
        recording.settle();
        proxy.refuse();
        try (Background hosts = Background.start(executions, thread -> {
            Workload.nodes(recording, "execution-" + thread, 0, 60);
            recording.record(Workload.end("execution-" + thread));
        })) {
            hosts.await();
        }
        proxy.admit();
        Emitted.Found found = recording.assertStoredRejectedOrDropped(server.dataSource());

        assertThat(recording.stats().rejected()).isZero();
        assertThat(found.missing()).noneMatch(name -> name.startsWith("end of "));
        Map<String, Long> lostLogs = found.missing().stream()
                .filter(name -> name.startsWith("log "))
                .collect(Collectors.groupingBy(
                        name -> name.substring("log ".length(), name.indexOf("-log-")), Collectors.counting()));
        assertThat(lostLogs).isNotEmpty();
        Await.until("markers are written", () -> markers(recording).equals(lostLogs));
    }

    private Map<String, Long> markers(Recording recording) {
        return recording.emitted().compare(StoredRows.read(server.dataSource())).dropped();
    }
}
