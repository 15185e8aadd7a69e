package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import java.time.Duration;

/** What the tests of a buffer without space share: a recorder whose buffer is small, and soon full. */
abstract class SmallBufferFixture extends PipelineTest {
    static final int CAPACITY = 64 << 10;
    /** What a log entry with an id of one character and no text counts as. */
    private static final int SMALLEST = Entry.BASE_BYTES + 48 + 2 + 48;

    static PipelineSettings.Builder small() {
        return eager().capacityBytes(CAPACITY).batchSize(200);
    }

    /** A recorder whose writer stands before the store with one record, and whose buffer has no space for another. */
    void startFull(Duration maxBlock) {
        store.hold();
        start(small().maxBlock(maxBlock));
        recorder.record(running("e1"));
        store.awaitHeld();
        fill();
        assertThat(recorder.stats().dropped()).isZero();
    }

    void fill() {
        long before = recorder.stats().usedBytes();
        recorder.record(result("r0", "e1", "x"));
        long bytes = recorder.stats().usedBytes() - before;
        for (int i = 1; recorder.stats().usedBytes() + bytes + 100 <= CAPACITY; i++) {
            recorder.record(result("r" + i, "e1", "x"));
        }
        while (recorder.stats().usedBytes() + SMALLEST <= CAPACITY) {
            recorder.record(ExecutionLog.of("f", "e1", LogLevel.ERROR, "", T0));
        }
    }
}
