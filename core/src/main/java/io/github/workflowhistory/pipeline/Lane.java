package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.pipeline.Entry.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one writer, in order of arrival, cut into batches as it arrives, so that handing one over is a matter
 * of one reference. Guarded by the buffer's lock.
 */
final class Lane {
    /** For how many executions the dropped log entries are counted at a time; those beyond get no marker. */
    private static final int MAX_EPISODES = 10_000;

    /** Wakes the writer. */
    final Condition work;

    /** How many of its records are on their way: waiting, or taken by the writer and not settled. */
    long unsettled;

    private final int batchSize;
    private final long maxBatchBytes;
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private int size;
    private long nextSequence;
    /** The first record that the writer has taken and not yet settled. */
    private long firstTaken = Long.MAX_VALUE;
    /** What came before is wanted at once, without linger. */
    private long flushBefore;
    /** Of which executions log entries were dropped, in the order in which that began. */
    private final Map<String, Episode> episodes = new LinkedHashMap<>();

    /** How many log entries of one execution were dropped. */
    private static final class Episode {
        /** What was accepted before the first of them, which the creation of the execution may be part of. */
        final long mark;

        long dropped;

        Episode(long mark) {
            this.mark = mark;
        }
    }

    /** Records that go to the store together. */
    static final class Batch {
        final List<Entry> entries = new ArrayList<>();
        /** When the first record was accepted, by {@link System#nanoTime()}. */
        final long since;

        private final Tally tally = new Tally();

        private Batch(long since) {
            this.since = since;
        }

        RecordCounts counts() {
            return tally.counts();
        }
    }

    /**
     * An empty lane.
     *
     * @param work is signalled when there is something to do
     * @param batchSize with so many records a batch is full
     * @param maxBatchBytes beyond this a batch is full, however few records it has
     */
    Lane(Condition work, int batchSize, long maxBatchBytes) {
        this.work = work;
        this.maxBatchBytes = maxBatchBytes;
        this.batchSize = batchSize;
    }

    /** Adds a record, and wakes the writer when it waits for the first one or for a full batch. */
    void add(Entry entry) {
        Batch last = batches.peekLast();
        boolean isNew =
                last == null || last.entries.size() >= batchSize || last.tally.bytes() + entry.bytes > maxBatchBytes;
        if (last == null || isNew) {
            last = new Batch(System.nanoTime());
        }
        // First what needs memory: when there is none, nothing has happened.
        last.entries.add(entry);
        if (isNew) {
            batches.add(last);
            work.signal();
        }
        entry.sequence = nextSequence++;
        last.tally.add(entry);
        size++;
        if (last.entries.size() == batchSize) {
            work.signal();
        }
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean hasFullBatch() {
        Batch first = batches.peek();
        return batches.size() > 1 || (first != null && first.entries.size() >= batchSize);
    }

    /** When the oldest record was accepted, or null when there is none. */
    @Nullable
    Long oldestSince() {
        Batch first = batches.peek();
        return first == null ? null : first.since;
    }

    /** What is here now comes before this. */
    long mark() {
        return nextSequence;
    }

    /** Marks everything that is here now as wanted at once. */
    long flushMark() {
        flushBefore = nextSequence;
        work.signal();
        return nextSequence;
    }

    boolean isFlushWanted() {
        Batch first = batches.peek();
        return first != null && first.entries.get(0).sequence < flushBefore;
    }

    boolean isSettledBefore(long mark) {
        Batch first = batches.peek();
        return (first == null || first.entries.get(0).sequence >= mark) && firstTaken >= mark;
    }

    /** The writer says which of the records that it took is the first that is not settled. */
    void settledBefore(long firstUnsettled) {
        firstTaken = firstUnsettled;
    }

    /** The batch to take next. */
    Batch peek() {
        return batches.element();
    }

    /** Takes the next batch; needs no memory. */
    void remove() {
        Batch batch = batches.remove();
        size -= batch.entries.size();
        firstTaken = Math.min(firstTaken, batch.entries.get(0).sequence);
    }

    /** What waits. */
    RecordCounts counts() {
        RecordCounts all = RecordCounts.NONE;
        for (Batch batch : batches) {
            all = all.plus(batch.counts());
        }
        return all;
    }

    /** Drops everything that waits; needs no memory, so no iterator. */
    void drop() {
        for (Batch batch = batches.poll(); batch != null; batch = batches.poll()) {
            for (int i = 0; i < batch.entries.size(); i++) {
                batch.entries.get(i).outcome = Outcome.DROPPED;
            }
        }
        size = 0;
    }

    /** Counts a dropped log entry for the marker that its execution gets later. */
    void droppedLogOf(String executionId) {
        Episode episode = episodes.get(executionId);
        if (episode == null) {
            if (episodes.size() >= MAX_EPISODES) {
                return;
            }
            episode = new Episode(nextSequence);
            episodes.put(executionId, episode);
        }
        episode.dropped++;
    }

    boolean hasEpisodes() {
        return !episodes.isEmpty();
    }

    /** Whether there is one that can be told: the execution is in the store by now, if it ever will be. */
    boolean hasSettledEpisodes() {
        return hasEpisodes() && isSettledBefore(episodes.values().iterator().next().mark);
    }

    /** The dropped log entries by execution, as far as they can be told; their count starts anew. */
    Map<String, Long> takeSettledEpisodes() {
        if (!hasSettledEpisodes()) {
            return Map.of();
        }
        Map<String, Long> taken = new LinkedHashMap<>();
        for (Map.Entry<String, Episode> episode : episodes.entrySet()) {
            if (!isSettledBefore(episode.getValue().mark)) {
                // Those that follow began later.
                break;
            }
            taken.put(episode.getKey(), episode.getValue().dropped);
        }
        episodes.keySet().removeAll(taken.keySet());
        return taken;
    }
}
