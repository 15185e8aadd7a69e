package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.IdConflictException;
import java.util.List;

/**
 * Records that go to the store together: the batch that they make, how many they are and how much memory they hold. All
 * of it comes from one pass, because to walk them again when the store has them costs more than all else that is done
 * here: by then they are in no cache.
 */
final class Parcel {
    final List<Entry> entries;
    final HistoryBatch batch;
    final RecordCounts counts;
    final long bytes;

    private Parcel(List<Entry> entries, HistoryBatch batch, Tally tally) {
        this.entries = entries;
        this.batch = batch;
        this.counts = tally.counts();
        this.bytes = tally.bytes();
    }

    /**
     * Puts records together.
     *
     * @throws IdConflictException when they contradict each other, which one alone never does
     */
    static Parcel of(List<Entry> entries) {
        HistoryBatch.Builder batch = HistoryBatch.builder();
        Tally tally = new Tally();
        for (Entry entry : entries) {
            entry.addTo(batch);
            tally.add(entry);
        }
        return new Parcel(entries, batch.build(), tally);
    }

    /** Puts records together as far as that can be: when they contradict each other, each comes alone. */
    static List<Parcel> allOf(List<Entry> entries) {
        try {
            return List.of(of(entries));
        } catch (IdConflictException e) {
            return entries.stream().map(entry -> of(List.of(entry))).toList();
        }
    }
}
