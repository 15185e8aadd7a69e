package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.Times;
import io.github.workflowhistory.pipeline.Entry.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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
    /** The lock is held for less time than it takes to put a thread to sleep, so it is worth looking again a few times. */
    private static final int SPINS = 100;

    private final ReentrantLock lock = new ReentrantLock();
    /** Space may have been freed. */
    private final Condition space = lock.newCondition();
    /** Records were settled, or everything was given up. */
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
    /** Since when the oldest record waits that each writer has taken, by {@link System#nanoTime()}; null without one. */
    private final @Nullable Long[] takenSince;

    Buffer(PipelineSettings settings) {
        this.settings = settings;
        this.capacity = settings.capacityBytes();
        this.lanes = new Lane[settings.writers()];
        Arrays.setAll(lanes, i -> new Lane(lock.newCondition(), settings.batchSize()));
        this.takenSince = new @Nullable Long[lanes.length];
    }

    // -- host threads

    /**
     * Takes a record, or says in its outcome why not. Waits for space at most as long as the settings say, and only
     * where the record is worth it.
     *
     * @param mayWait false for threads that make the space themselves
     * @return false when there is no space for it as it is, and it could shed its output: nothing has happened then
     */
    boolean offer(Entry entry, boolean mayWait) {
        lockSoon();
        try {
            if (closed) {
                late++;
                entry.outcome = Outcome.LATE;
                return true;
            }
            boolean fits = fits(entry);
            if (!fits && entry.canShed()) {
                return false;
            }
            accepted++;
            if (fits || awaitSpace(entry, mayWait)) {
                enqueue(entry);
            } else if (entry.bytes > limit(entry)) {
                rejected++;
                entry.outcome = Outcome.REJECTED;
            } else {
                dropped++;
                entry.outcome = Outcome.DROPPED;
                if (entry.worth.isLog()) {
                    laneOf(entry.executionId).droppedLogOf(entry.executionId);
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Entry entry) {
        laneOf(entry.executionId).add(entry);
        boolean wasHalfFull = usedBytes > capacity / 2;
        usedBytes += entry.bytes;
        if (!wasHalfFull && usedBytes > capacity / 2) {
            // From here on no batch waits to fill.
            for (Lane lane : lanes) {
                lane.work.signal();
            }
        }
    }

    private void lockSoon() {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    private long limit(Entry entry) {
        return switch (entry.worth) {
            case DETAIL -> capacity / 4 * DETAIL_QUARTERS;
            case LOG, RECORD -> capacity;
            case END -> capacity + capacity / RESERVE_PART;
        };
    }

    private boolean fits(Entry entry) {
        return usedBytes + entry.bytes <= limit(entry);
    }

    private boolean awaitSpace(Entry entry, boolean mayWait) {
        if (!mayWait || entry.worth.isLog() || entry.bytes > limit(entry)) {
            return false;
        }
        long nanos = Times.nanos(settings.maxBlock());
        try {
            while (!fits(entry)) {
                if (!mayBlock || closed) {
                    return false;
                }
                if (nanos <= 0) {
                    // The next callers would wait in vain as well, and so do those who wait now.
                    mayBlock = false;
                    space.signalAll();
                    return false;
                }
                nanos = space.awaitNanos(nanos);
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !closed && fits(entry);
        }
    }

    private Lane laneOf(String executionId) {
        return lanes[Math.floorMod(executionId.hashCode(), lanes.length)];
    }

    /**
     * Waits until records are settled that were taken.
     *
     * @return false when the time ran out or the thread was interrupted first
     */
    boolean awaitSettled(List<Entry> entries, Duration timeout) {
        long nanos = Times.nanos(timeout);
        lock.lock();
        try {
            entries.forEach(entry -> laneOf(entry.executionId).flushMark());
            for (Entry entry : entries) {
                while (entry.outcome == Outcome.PENDING) {
                    if (nanos <= 0 || aborted) {
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

    /** Waits until everything accepted before this call is settled. */
    boolean flush(Duration timeout) {
        long nanos = Times.nanos(timeout);
        lock.lock();
        try {
            long[] marks = new long[lanes.length];
            Arrays.setAll(marks, i -> lanes[i].flushMark());
            for (int i = 0; i < lanes.length; i++) {
                while (!lanes[i].isSettledBefore(marks[i])) {
                    if (nanos <= 0 || aborted) {
                        return false;
                    }
                    nanos = settled.awaitNanos(nanos);
                }
            }
            return !aborted;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Tells, whenever it is asked, whether everything is settled that was accepted for an execution until now. */
    BooleanSupplier settledMark(String executionId) {
        lock.lock();
        try {
            Lane lane = laneOf(executionId);
            long mark = lane.mark();
            return () -> isSettledBefore(lane, mark);
        } finally {
            lock.unlock();
        }
    }

    private boolean isSettledBefore(Lane lane, long mark) {
        lock.lock();
        try {
            return aborted || lane.isSettledBefore(mark);
        } finally {
            lock.unlock();
        }
    }

    // -- writers

    /**
     * Waits for the next batch of a lane: full, or old enough, or wanted by a flush or by closing. Says at the same time
     * which records of the lane are still not settled from before.
     *
     * @param number the lane
     * @param waiting what the writer has taken and not settled, because it waits for its execution; null for nothing
     * @param wakeUpAt when to return at the latest, with an empty batch, or null
     * @return the batch, or null when the buffer is closed and nothing is left in the lane
     */
    @Nullable
    List<Entry> take(int number, Grace.@Nullable Oldest waiting, @Nullable Long wakeUpAt) {
        lock.lock();
        try {
            Lane lane = lanes[number];
            lane.settledBefore(waiting == null ? Long.MAX_VALUE : waiting.sequence());
            takenSince[number] = waiting == null ? null : waiting.since();
            settled.signalAll();
            while (true) {
                if (lane.isEmpty() && closed) {
                    return null;
                }
                long now = System.nanoTime();
                long wait = lane.isEmpty() ? Long.MAX_VALUE : untilBatchIsReady(lane, now);
                if (wait <= 0) {
                    return take(number, lane);
                }
                if (wakeUpAt != null) {
                    wait = Math.min(wait, wakeUpAt - now);
                    if (wait <= 0) {
                        return List.of();
                    }
                }
                if (wait == Long.MAX_VALUE) {
                    lane.work.awaitUninterruptibly();
                } else {
                    awaitIgnoringInterrupts(lane.work, wait);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private long untilBatchIsReady(Lane lane, long now) {
        Long since = lane.oldestSince();
        if (since == null || closed || lane.hasFullBatch() || lane.isFlushWanted() || usedBytes > capacity / 2) {
            return 0;
        }
        return Times.nanos(settings.linger()) - (now - since);
    }

    private List<Entry> take(int number, Lane lane) {
        Lane.Batch batch = lane.poll();
        inFlight += batch.entries.size();
        if (takenSince[number] == null) {
            takenSince[number] = batch.since;
        }
        return batch.entries;
    }

    /** Counts records at the end of their way, and frees their space. */
    void settle(List<Entry> entries, Outcome outcome, @Nullable RuntimeException cause) {
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.bytes;
            entry.cause = cause;
            entry.outcome = outcome;
        }
        lock.lock();
        try {
            if (aborted) {
                // Counted as dropped, when everything was given up.
                return;
            }
            if (outcome == Outcome.STORED) {
                stored += entries.size();
            } else {
                rejected += entries.size();
            }
            inFlight -= entries.size();
            usedBytes -= bytes;
            mayBlock = true;
            space.signalAll();
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is space to write down what was dropped. */
    boolean hasSpaceAgain() {
        lock.lock();
        try {
            return usedBytes <= capacity / 2 || closed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the counts of the log entries that were dropped, by execution. */
    Map<String, Long> takeEpisodes(int number) {
        lock.lock();
        try {
            return lanes[number].takeEpisodes();
        } finally {
            lock.unlock();
        }
    }

    /** Pauses a writer; false when it has to stop. */
    boolean pause(Duration duration) {
        long deadline = System.nanoTime() + Times.nanos(duration);
        lock.lock();
        try {
            long wait = deadline - System.nanoTime();
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

    /**
     * Gives up what is not settled: writers stop at the next opportunity, and everything that is left is dropped. What
     * is in flight may still arrive in the store; it counts as dropped all the same.
     *
     * @return what waited in the queues, or null when this has happened before
     */
    @Nullable
    List<Entry> abort() {
        lock.lock();
        try {
            if (aborted) {
                return null;
            }
            aborted = true;
            List<Entry> left = new ArrayList<>();
            for (Lane lane : lanes) {
                left.addAll(lane.drain());
            }
            left.forEach(entry -> entry.outcome = Outcome.DROPPED);
            dropped += left.size() + inFlight;
            inFlight = 0;
            usedBytes = 0;
            wakeAll();
            return left;
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
            long now = System.nanoTime();
            long queued = 0;
            long oldest = -1;
            for (int i = 0; i < lanes.length; i++) {
                queued += lanes[i].size();
                oldest = Math.max(oldest, age(now, lanes[i].oldestSince()));
                oldest = Math.max(oldest, inFlight == 0 ? -1 : age(now, takenSince[i]));
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
                    oldest < 0 ? null : Duration.ofNanos(oldest));
        } finally {
            lock.unlock();
        }
    }

    private static long age(long now, @Nullable Long since) {
        return since == null ? -1 : Math.max(0, now - since);
    }
}
