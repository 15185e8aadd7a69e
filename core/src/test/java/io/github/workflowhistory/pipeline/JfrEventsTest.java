package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JfrEventsTest extends PipelineTest {
    private static final String PREFIX = "io.github.workflowhistory.";

    @TempDir
    Path folder;

    private List<RecordedEvent> events(Runnable work, String name) throws IOException {
        Path file = folder.resolve("history.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(PREFIX + name).withoutThreshold();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(PREFIX + name))
                .toList();
    }

    @Test
    void a_flush_tells_what_was_written_and_how_long_it_took() throws IOException {
        List<RecordedEvent> events = events(
                () -> {
                    start(lingering());
                    recorder.record(running("e1"));
                    recorder.record(success("e1"));
                    recorder.record(result("r1", "e1", "x"));
                    recorder.record(log("l1", "e1"));
                    recorder.record(log("l2", "e1"));
                    recorder.record(log("l3", "e1"));
                    assertThat(recorder.flush(LONG)).isTrue();
                },
                "Flush");

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLong("executions")).isEqualTo(2);
            assertThat(event.getLong("nodeResults")).isEqualTo(1);
            assertThat(event.getLong("logs")).isEqualTo(3);
            assertThat(event.getLong("bytes")).isGreaterThan(6 * Entry.BASE_BYTES);
            assertThat(event.getDuration()).isPositive();
            assertThat(event.getStackTrace()).isNull();
        });
    }

    @Test
    void a_retry_tells_why_and_for_how_long_it_pauses() throws IOException {
        List<RecordedEvent> events = events(
                () -> {
                    store.failsWith(ScriptedStore.failure(Kind.CONNECTION), ScriptedStore.failure(Kind.CONNECTION));
                    start(lingering());
                    recorder.record(running("e1"));
                    assertThat(recorder.flush(LONG)).isTrue();
                },
                "Retry");

        assertThat(events).hasSize(2);
        assertThat(events).extracting(event -> event.getInt("failures")).containsExactly(1, 2);
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getString("kind")).isEqualTo("CONNECTION");
            assertThat(event.getString("error")).isEqualTo("scripted CONNECTION");
            assertThat(event.getDuration("pause")).isBetween(Duration.ofMillis(25), Duration.ofMillis(100));
        });
    }

    @Test
    void a_drop_tells_how_many_records_were_lost_until_there_was_space_again() throws IOException {
        List<RecordedEvent> events = events(
                () -> {
                    store.hold();
                    start(eager().capacityBytes(64 << 10).batchSize(100).maxBlock(Duration.ZERO));
                    recorder.record(running("e1"));
                    store.awaitHeld();
                    while (recorder.stats().dropped() < 5) {
                        recorder.record(log("l", "e1"));
                    }
                    store.open();
                    recorder.close();
                },
                "Drop");

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLong("records")).isEqualTo(5);
            assertThat(event.getDuration()).isPositive();
        });
    }

    @Test
    void what_is_given_up_at_the_end_is_a_drop_too() throws IOException {
        List<RecordedEvent> events = events(
                () -> {
                    store.hold();
                    start(eager().closeTimeout(Duration.ofMillis(10)));
                    recorder.record(running("e1"));
                    store.awaitHeld();
                    recorder.record(running("e2"));
                    recorder.close();
                },
                "Drop");

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.getLong("records")).isEqualTo(2));
    }
}
