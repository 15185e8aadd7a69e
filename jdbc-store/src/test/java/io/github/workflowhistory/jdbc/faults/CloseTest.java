package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.pipeline.PipelineStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Closing, whatever else happens. */
class CloseTest extends FaultTest {
    private static final int CLOSERS = 8;

    @Test
    void closing_by_eight_threads_during_a_flush_stores_everything() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        List<Background> underWay = new ArrayList<>();
        attempts.pausedWhile(() -> {
            Workload.concurrently(2, thread -> Workload.execution(recording, "execution-" + thread, 300));
            underWay.add(closedAtEnd(Background.start(
                    () -> assertThat(recording.flush(Duration.ofMinutes(1))).isTrue())));
            underWay.get(0).awaitWaiting();
            underWay.add(closedAtEnd(Background.start(CLOSERS, thread -> recording.close())));
            underWay.get(1).awaitWaiting();
            assertThat(recording.stats().stored()).isZero();
        });
        underWay.forEach(Background::await);
        recording.assertEverythingIsStored(server.dataSource());
        assertNoThreadIsLeft(attempts);
    }

    @Test
    void closing_by_eight_threads_while_the_database_is_down_gives_up_in_time_and_says_so() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings().closeTimeout(Duration.ofMillis(300)));
        proxy.refuse();
        Workload.concurrently(2, thread -> Workload.execution(recording, "execution-" + thread, 50));
        AtomicBoolean flushed = new AtomicBoolean(true);
        try (Background flushing = Background.start(() -> flushed.set(recording.flush(Duration.ofMillis(200))));
                Background closing = Background.start(CLOSERS, thread -> recording.close())) {
            closing.await();
            flushing.await();
        }
        assertThat(flushed).isFalse();
        PipelineStats stats = recording.stats();
        assertThat(stats.dropped())
                .isEqualTo(stats.accepted())
                .isEqualTo(recording.emitted().count());
        assertThat(StoredRows.read(server.dataSource()).executions()).isEmpty();
        assertThat(log.lines("ERROR", " records of the history are lost"))
                .singleElement()
                .asString()
                .contains(" " + stats.accepted() + " records", "within PT0.3S", "because of CONNECTION");
        assertNoThreadIsLeft(attempts);
    }

    @Test
    void what_is_recorded_while_the_recorder_is_closed_is_stored_or_counted_as_late() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Background.start(4, thread -> {
            for (int i = 0; recording.stats().late() == 0; i++) {
                Await.until("the queue is short", () -> recording.stats().queued() < 2_000);
                Workload.execution(recording, "execution-" + thread + "-" + i, 5);
            }
        })) {
            Await.until("something is stored", () -> recording.stats().stored() > 0);
            Workload.concurrently(CLOSERS, thread -> recording.close());
            hosts.await();
        }
        PipelineStats stats = recording.stats();
        Emitted.Found found = recording.emitted().compare(StoredRows.read(server.dataSource()));
        assertThat(stats.accepted() + stats.late())
                .isEqualTo(recording.emitted().count());
        assertThat(found.stored()).isEqualTo(stats.stored()).isEqualTo(stats.accepted());
        assertThat((long) found.missing().size()).isEqualTo(stats.late());
        assertNoThreadIsLeft(attempts);
    }

    private static void assertNoThreadIsLeft(Attempts attempts) {
        assertThat(attempts.writers()).isNotEmpty().noneMatch(Thread::isAlive);
    }
}
