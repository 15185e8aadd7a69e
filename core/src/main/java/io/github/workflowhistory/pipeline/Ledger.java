package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.pipeline.Entry.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How many records came, and where they are: the books of a {@link Buffer}, guarded by its lock. */
final class Ledger {
    private long accepted;
    private long stored;
    private long rejected;
    private long dropped;
    private long late;
    /** What the writers have taken and not settled. */
    private RecordCounts inFlight = RecordCounts.NONE;

    void late() {
        late++;
    }

    void accepted() {
        accepted++;
    }

    /** It can never fit. */
    void refusedAtOnce() {
        accepted++;
        rejected++;
    }

    /** There was no space for it. */
    void droppedAtOnce() {
        accepted++;
        dropped++;
    }

    void taken(RecordCounts counts) {
        inFlight = inFlight.plus(counts);
    }

    /** Records in flight have come to an end. */
    void settled(RecordCounts counts, Outcome outcome) {
        // First what needs memory: when there is none, nothing has happened.
        RecordCounts left = inFlight.minus(counts);
        if (outcome == Outcome.STORED) {
            stored += counts.total();
        } else {
            rejected += counts.total();
        }
        inFlight = left;
    }

    /** What was waiting is given up, and what is in flight with it. */
    RecordCounts givenUp(RecordCounts waiting) {
        RecordCounts all = inFlight.plus(waiting);
        dropped += all.total();
        inFlight = RecordCounts.NONE;
        return all;
    }

    boolean hasInFlight() {
        return inFlight.total() > 0;
    }

    PipelineStats stats(long queued, long usedBytes, long capacityBytes, @Nullable Duration oldestUnsaved) {
        return new PipelineStats(
                accepted,
                stored,
                rejected,
                dropped,
                queued,
                inFlight.total(),
                late,
                usedBytes,
                capacityBytes,
                oldestUnsaved);
    }
}
