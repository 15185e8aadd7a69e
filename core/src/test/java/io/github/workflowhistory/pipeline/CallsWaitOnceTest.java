package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that hands over several records waits for space once, not once for each of them. */
class CallsWaitOnceTest extends PipelineTest {
    /** Of two there is space for one. */
    private static final String LARGE = "x".repeat(30_000);

    private final CountDownLatch firstBatch = new CountDownLatch(1);
    private final CountDownLatch otherBatches = new CountDownLatch(1);

    /** A recorder with a small record before the store and a large one after it. */
    private void startFull(Durability durability) {
        AtomicInteger batches = new AtomicInteger();
        store.reacts(batch -> await(batches.getAndIncrement() == 0 ? firstBatch : otherBatches));
        start(eager().capacityBytes(64 << 10)
                .batchSize(100)
                .maxBlock(Duration.ofMillis(200))
                .durability(durability));
        host("with a small record", () -> recorder.record(running("e1")));
        store.awaitAttempts(1);
        host("with a large record", () -> recorder.record(result("fills", "e1", LARGE)));
        await(() -> recorder.stats().queued() == 1, "the buffer to be full");
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void a_call_that_has_waited_in_vain_for_one_record_does_not_wait_for_the_next(Durability durability) {
        startFull(durability);
        HistoryBatch batch = HistoryBatch.builder()
                .add(result("waits", "e1", LARGE))
                .add(result("does not wait", "e1", LARGE))
                .build();
        AtomicBoolean hasWaited = new AtomicBoolean();
        told.afterDrop(() -> {
            if (!hasWaited.get()) {
                // Some space appears, so that callers may wait again; it is too little for the next record.
                firstBatch.countDown();
                await(() -> recorder.stats().stored() == 1, "the small record to be stored");
                hasWaited.set(true);
            }
        });
        Thread caller = host("caller", () -> {
            if (durability == Durability.SYNC) {
                assertThatThrownBy(() -> recorder.record(batch)).isInstanceOf(NotDurableException.class);
            } else {
                recorder.record(batch);
            }
        });

        // If it waited for the second record as well, this would be the space for it.
        await(
                () -> hasWaited.get() && (caller.getState() == Thread.State.TIMED_WAITING || !caller.isAlive()),
                "the call to end");
        otherBatches.countDown();
        join(caller);

        assertThat(told.droppedCounts()).isEqualTo(new RecordCounts(0, 2, 0));
    }
}
