package io.github.workflowhistory.pipeline;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The records that are accepted and not yet settled: bounded in bytes, in order of arrival, counted exactly. One lock
 * guards all of it, and under it nothing is done but arithmetic and moving references.
 */
final class Buffer {
    /** Details are dropped from here on, so that what matters more finds space: three quarters of the capacity. */
    private static final int DETAIL_QUARTERS = 3;
    /** What ends of executions may use beyond the capacity: an eighth of it. */
    private static final int RESERVE_PART = 8;
    /** For how many executions the dropped log entries are counted at a time; beyond, they share no marker. */
    private static final int MAX_EPISODES = 10_000;

    private static final long MAX_BATCH_BYTES = 4L << 20;
    private static final String SHED =
            "The output was left out, because the history's buffer was full when the execution ended.";

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition space = lock.newCondition();
    private final Condition settled = lock.newCondition();
    private final Lane[] lanes;
    private final PipelineSettings settings;
    private final long capacity;

    private boolean mayBlock = true;
    private boolean closed;
    private boolean aborted;
    private long usedBytes;
    private long accepted;
    private long stored;
    private long rejected;
    private long dropped;
    private long inFlight;
    private long late;

    /** What waits for one writer. */
    private static final class Lane {
        private final Condition work;
        private final ArrayDeque<Entry> queue = new ArrayDeque<>();
        private long nextSequence;
        /** The first record that the writer has taken and not yet settled. */
        private long firstTaken = Long.MAX_VALUE;
        /** How many log entries of which execution were dropped since space ran out. */
        private Map<String, Long> episodes = new LinkedHashMap<>();
        /** What came before is wanted at once, without linger. */
        private long flushBefore;

        private Lane(Condition work) {
            this.work = work;
        }

        private boolean isSettledBefore(long mark) {
            Entry oldest = queue.peek();
            return (oldest == null || oldest.sequence >= mark) && firstTaken >= mark;
        }
    }

    Buffer(PipelineSettings settings) {
        this.settings = settings;
        this.capacity = settings.capacityBytes();
        this.lanes = new Lane[settings.writers()];
        Arrays.setAll(lanes, i -> new Lane(lock.newCondition()));
    }

    // -- host threads

    /** Takes a record, or drops it when there is no space; waits for space at most as long as the settings say. */
    void offer(Entry entry) {
        lock.lock();
        try {
            if (closed) {
                late++;
                return;
            }
            accepted++;
            Entry fitting = makeSpace(entry);
            if (fitting == null) {
                dropped++;
                if (entry.worth.compareTo(Entry.Worth.RECORD) < 0) {
                    Map<String, Long> episodes = laneOf(entry).episodes;
                    if (episodes.size() < MAX_EPISODES || episodes.containsKey(entry.executionId)) {
                        episodes.merge(entry.executionId, 1L, Long::sum);
                    }
                }
                return;
            }
            enqueue(fitting);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Entry makeSpace(Entry entry) {
        switch (entry.worth) {
            case DETAIL -> {
                return fits(entry, capacity / 4 * DETAIL_QUARTERS) ? entry : null;
            }
            case LOG -> {
                return fits(entry, capacity) ? entry : null;
            }
            case RECORD -> {
                return awaitSpace(entry, capacity) ? entry : null;
            }
            case END -> {
                long limit = capacity + capacity / RESERVE_PART;
                if (fits(entry, limit)) {
                    return entry;
                }
                Entry slim = entry.withoutPayload(SHED);
                Entry smallest = slim == null ? entry : slim;
                return awaitSpace(smallest, limit) ? smallest : null;
            }
        }
        throw new AssertionError(entry.worth);
    }

    private boolean fits(Entry entry, long limit) {
        return usedBytes + entry.bytes <= limit;
    }

    private boolean awaitSpace(Entry entry, long limit) {
        long nanos = settings.maxBlock().toNanos();
        try {
            while (!fits(entry, limit)) {
                if (entry.bytes > limit || !mayBlock || closed) {
                    return false;
                }
                if (nanos <= 0) {
                    // The next callers would wait in vain as well.
                    mayBlock = false;
                    return false;
                }
                nanos = space.awaitNanos(nanos);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fits(entry, limit);
        }
    }

    private void enqueue(Entry entry) {
        Lane lane = laneOf(entry);
        entry.sequence = lane.nextSequence++;
        entry.acceptedAt = System.nanoTime();
        lane.queue.add(entry);
        usedBytes += entry.bytes;
        // The writer waits without a deadline for the first record, and for a full batch with one.
        int size = lane.queue.size();
        if (size == 1 || size == settings.batchSize()) {
            lane.work.signal();
        }
    }

    private Lane laneOf(Entry entry) {
        return lanes[Math.floorMod(entry.executionId.hashCode(), lanes.length)];
    }

    /** Waits until everything accepted before this call is settled. */
    boolean flush(Duration timeout) {
        long nanos = timeout.toNanos();
        lock.lock();
        try {
            long[] marks = new long[lanes.length];
            for (int i = 0; i < lanes.length; i++) {
                marks[i] = lanes[i].nextSequence;
                lanes[i].flushBefore = Math.max(lanes[i].flushBefore, marks[i]);
                lanes[i].work.signal();
            }
            for (int i = 0; i < lanes.length; i++) {
                while (!lanes[i].isSettledBefore(marks[i])) {
                    if (nanos <= 0) {
                        return false;
                    }
                    nanos = settled.awaitNanos(nanos);
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    // -- writers

    /**
     * Waits for the next batch of a lane: full, or old enough, or wanted by a flush or by closing. Says at the same time
     * which records of the lane are still not settled from before.
     *
     * @param lane the lane
     * @param firstUnsettled the sequence of the first record that was taken and is not settled yet
     * @param wakeUpAt when to return at the latest, with an empty batch, or null
     * @return the batch, or null when the buffer is closed and nothing is left in the lane
     */
    @Nullable
    List<Entry> take(int lane, long firstUnsettled, @Nullable Long wakeUpAt) {
        lock.lock();
        try {
            Lane own = lanes[lane];
            own.firstTaken = firstUnsettled;
            settled.signalAll();
            while (true) {
                long now = System.nanoTime();
                Entry oldest = own.queue.peek();
                if (oldest == null && closed) {
                    return null;
                }
                long wait = Long.MAX_VALUE;
                if (oldest != null) {
                    wait = settings.linger().toNanos() - (now - oldest.acceptedAt);
                    if (closed
                            || wait <= 0
                            || own.queue.size() >= settings.batchSize()
                            || oldest.sequence < own.flushBefore
                            || usedBytes > capacity / 2) {
                        return poll(own);
                    }
                }
                if (wakeUpAt != null) {
                    wait = Math.min(wait, wakeUpAt - now);
                    if (wait <= 0) {
                        return List.of();
                    }
                }
                if (wait == Long.MAX_VALUE) {
                    own.work.awaitUninterruptibly();
                } else {
                    awaitIgnoringInterrupts(own.work, wait);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Entry> poll(Lane lane) {
        List<Entry> batch = new ArrayList<>(Math.min(settings.batchSize(), lane.queue.size()));
        long bytes = 0;
        Entry next = lane.queue.peek();
        while (next != null && batch.size() < settings.batchSize()) {
            bytes += next.bytes;
            if (bytes > MAX_BATCH_BYTES && !batch.isEmpty()) {
                break;
            }
            batch.add(next);
            lane.queue.poll();
            next = lane.queue.peek();
        }
        lane.firstTaken = Math.min(lane.firstTaken, batch.get(0).sequence);
        inFlight += batch.size();
        return batch;
    }

    void stored(List<Entry> entries) {
        settle(entries, () -> stored += entries.size());
    }

    void rejected(List<Entry> entries) {
        settle(entries, () -> rejected += entries.size());
    }

    void dropped(List<Entry> entries) {
        settle(entries, () -> dropped += entries.size());
    }

    private void settle(List<Entry> entries, Runnable counter) {
        lock.lock();
        try {
            if (aborted) {
                // Counted as dropped, when everything was given up.
                return;
            }
            counter.run();
            inFlight -= entries.size();
            for (Entry entry : entries) {
                usedBytes -= entry.bytes;
            }
            mayBlock = true;
            space.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the counts of dropped log entries, once there is space to write them down. */
    Map<String, Long> takeEpisodes(int lane) {
        lock.lock();
        try {
            Lane own = lanes[lane];
            boolean spaceReturned = usedBytes <= capacity / 2 || closed;
            if (own.episodes.isEmpty() || !spaceReturned) {
                return Map.of();
            }
            Map<String, Long> taken = own.episodes;
            own.episodes = new LinkedHashMap<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Pauses a writer; false when it has to stop. */
    boolean pause(Duration duration) {
        long deadline = System.nanoTime() + duration.toNanos();
        lock.lock();
        try {
            long wait = duration.toNanos();
            while (wait > 0 && !aborted) {
                awaitIgnoringInterrupts(settled, wait);
                wait = deadline - System.nanoTime();
            }
            return !aborted;
        } finally {
            lock.unlock();
        }
    }

    /** An interrupt of a writer means nothing: whoever wants it to end closes the recorder. */
    @SuppressWarnings("WaitNotInLoop") // every caller is a loop that looks at its condition again
    private static void awaitIgnoringInterrupts(Condition condition, long nanos) {
        try {
            long unused = condition.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // The flag is cleared by the exception; the caller looks at its condition again.
        }
    }

    // -- the end

    void close() {
        lock.lock();
        try {
            closed = true;
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives up what is not settled: writers stop at the next opportunity, and everything that is left is dropped. */
    void abort() {
        lock.lock();
        try {
            if (!aborted) {
                aborted = true;
                for (Lane lane : lanes) {
                    dropped += lane.queue.size();
                    lane.queue.clear();
                }
                dropped += inFlight;
                inFlight = 0;
                usedBytes = 0;
            }
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isAborted() {
        lock.lock();
        try {
            return aborted;
        } finally {
            lock.unlock();
        }
    }

    private void wakeAll() {
        for (Lane lane : lanes) {
            lane.work.signalAll();
        }
        space.signalAll();
        settled.signalAll();
    }

    PipelineStats stats() {
        lock.lock();
        try {
            long queued = 0;
            @Nullable Entry oldest = null;
            for (Lane lane : lanes) {
                queued += lane.queue.size();
                Entry first = lane.queue.peek();
                if (first != null && (oldest == null || first.acceptedAt - oldest.acceptedAt < 0)) {
                    oldest = first;
                }
            }
            return new PipelineStats(
                    accepted,
                    stored,
                    rejected,
                    dropped,
                    queued,
                    inFlight,
                    late,
                    usedBytes,
                    capacity,
                    oldest == null ? null : Duration.ofNanos(System.nanoTime() - oldest.acceptedAt));
        } finally {
            lock.unlock();
        }
    }
}
