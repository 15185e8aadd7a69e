package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.Times;
import io.github.workflowhistory.pipeline.Entry.Outcome;
import java.time.Duration;
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
    /** The lock is held for less time than it takes to put a thread to sleep, so it is worth looking again a few times. */
    private static final int SPINS = 100;

    /** What a batch may hold at most: it is copied on its way to the store. */
    private static final long MAX_BATCH_BYTES = 6L << 20;
    /** While the batches of all lanes are being written, as much as this part of the buffer is in them at most. */
    private static final int PART_IN_FLIGHT = 4;

    private static final Duration PAUSE_WHEN_CLOSED = Duration.ofMillis(250);

    private final ReentrantLock lock = new ReentrantLock();
    /** Space may have been freed. */
    private final Condition freed = lock.newCondition();
    /** Records were settled, or everything was given up. */
    private final Condition settled = lock.newCondition();

    private final Lane[] lanes;
    private final Routes routes;
    private final PipelineSettings settings;
    private final Space space;
    private final Ledger ledger = new Ledger();

    private boolean mayBlock = true;
    private boolean closed;
    private boolean aborted;
    /** Since when the oldest record waits that each writer has taken, by {@link System#nanoTime()}; null without one. */
    private final @Nullable Long[] takenSince;

    Buffer(PipelineSettings settings) {
        this.settings = settings;
        this.space = new Space(settings.capacityBytes());
        this.lanes = new Lane[settings.writers()];
        long maxBatchBytes = Math.min(MAX_BATCH_BYTES, settings.capacityBytes() / PART_IN_FLIGHT / lanes.length);
        Arrays.setAll(lanes, i -> new Lane(lock.newCondition(), settings.batchSize(), maxBatchBytes));
        this.routes = new Routes(lanes);
        this.takenSince = new @Nullable Long[lanes.length];
    }

    // -- host threads

    /** What became of a record that was offered. Its outcome may be another one by the time the caller looks. */
    enum Answer {
        TAKEN,
        /** There is no space for it as it is, and it could shed its output: nothing has happened. */
        SHED_FIRST,
        /** It can never fit. */
        TOO_LARGE,
        NO_SPACE,
        /** The buffer is closed. */
        LATE
    }

    /**
     * Takes a record, or says why not. Waits for space at most as long as the call has patience, and only where the
     * record is worth it.
     *
     * @param patience of the call; null for threads that make the space themselves
     */
    Answer offer(Entry entry, @Nullable Patience patience) {
        lockSoon();
        try {
            if (closed) {
                ledger.late();
                entry.outcome = Outcome.LATE;
                return Answer.LATE;
            }
            boolean fits = space.fits(entry) || (patience != null && awaitSpace(entry, patience));
            if (!fits && entry.canShed()) {
                return Answer.SHED_FIRST;
            }
            // Counted when it is known what becomes of it, and not while its caller waits.
            if (fits) {
                // First what needs memory: when there is none, nothing has happened.
                enqueue(entry);
                ledger.accepted();
                return Answer.TAKEN;
            }
            if (!space.canFit(entry)) {
                ledger.refusedAtOnce();
                entry.outcome = Outcome.REJECTED;
                return Answer.TOO_LARGE;
            }
            ledger.droppedAtOnce();
            entry.outcome = Outcome.DROPPED;
            if (entry.worth.isLog()) {
                routes.anyFor(entry.executionId).droppedLogOf(entry.executionId);
            }
            return Answer.NO_SPACE;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Entry entry) {
        routes.add(entry);
        boolean batchesWaited = !space.isMoreThanHalfFull();
        space.use(entry.bytes);
        if (batchesWaited && space.isMoreThanHalfFull()) {
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

    private boolean awaitSpace(Entry entry, Patience patience) {
        if (entry.worth.isLog() || !space.canFit(entry)) {
            return false;
        }
        boolean isWhole = patience.isWhole();
        try {
            while (!space.fits(entry)) {
                if (!mayBlock || closed) {
                    return false;
                }
                if (patience.left() <= 0) {
                    if (isWhole) {
                        // The next callers would wait in vain as well, and so do those who wait now.
                        mayBlock = false;
                        freed.signalAll();
                    }
                    return false;
                }
                patience.left(freed.awaitNanos(patience.left()));
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !closed && space.fits(entry);
        }
    }

    /**
     * Waits until records are settled that were taken.
     *
     * @return false when the time ran out or the thread was interrupted first
     */
    boolean awaitSettled(List<Entry> entries, long timeoutNanos) {
        long nanos = timeoutNanos;
        lock.lock();
        try {
            for (Entry entry : entries) {
                if (entry.route != null) {
                    entry.route.lane.flushMark();
                }
            }
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
            Lane lane = routes.find(executionId);
            if (lane == null) {
                return () -> true;
            }
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
     * @return the batch; an empty one when it is time for something else: to try again what waits, or to write down what
     *     was dropped; null when the buffer is closed and nothing is left in the lane
     */
    @Nullable
    List<Entry> take(int number, Grace.@Nullable Oldest waiting, @Nullable Long wakeUpAt) {
        lock.lock();
        try {
            Lane lane = lanes[number];
            lane.settledBefore(firstOf(waiting));
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
                if (lane.hasSettledEpisodes() && hasSpaceAgain()) {
                    return List.of();
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

    private static long firstOf(Grace.@Nullable Oldest waiting) {
        return waiting == null ? Long.MAX_VALUE : waiting.sequence();
    }

    private long untilBatchIsReady(Lane lane, long now) {
        Long since = lane.oldestSince();
        if (since == null || closed || lane.hasFullBatch() || lane.isFlushWanted() || mayNotWaitToFill()) {
            return 0;
        }
        return Times.nanos(settings.linger()) - (now - since);
    }

    /** Where there are full batches, it is those that use the space; to write half ones as well would help nobody. */
    private boolean mayNotWaitToFill() {
        if (!space.isMoreThanHalfFull()) {
            return false;
        }
        for (Lane lane : lanes) {
            if (lane.hasFullBatch()) {
                return false;
            }
        }
        return true;
    }

    private List<Entry> take(int number, Lane lane) {
        // First what needs memory: when there is none, nothing has happened.
        Lane.Batch batch = lane.peek();
        Long since = batch.since;
        ledger.taken(batch.counts());
        lane.remove();
        if (takenSince[number] == null) {
            takenSince[number] = since;
        }
        if (mayNotWaitToFill()) {
            // It was the last full one, for which the others waited.
            for (Lane other : lanes) {
                other.work.signal();
            }
        }
        return batch.entries;
    }

    /**
     * Counts records at the end of their way, and frees their space.
     *
     * @return false when they are counted already, as dropped, because everything was given up
     */
    boolean settle(Parcel parcel, Outcome outcome, @Nullable RuntimeException cause) {
        lock.lock();
        try {
            if (!aborted) {
                // First what needs memory: when there is none, nothing has happened. The loop is to need none.
                ledger.settled(parcel.counts, outcome);
            }
            for (int i = 0; i < parcel.entries.size(); i++) {
                Entry entry = parcel.entries.get(i);
                entry.cause = cause;
                entry.outcome = outcome;
                routes.settled(entry);
            }
            if (aborted) {
                return false;
            }
            space.free(parcel.bytes);
            mayBlock = true;
            freed.signalAll();
            settled.signalAll();
            if (hasSpaceAgain()) {
                // Also those writers which have nothing else to do have to tell what was dropped.
                for (Lane lane : lanes) {
                    if (lane.hasEpisodes()) {
                        lane.work.signal();
                    }
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is space to write down what was dropped. */
    private boolean hasSpaceAgain() {
        return !space.isMoreThanHalfFull() || closed;
    }

    /**
     * Takes the counts of the log entries that were dropped, of those executions whose creation may not be on its way
     * any more.
     *
     * @param waiting what the writer has taken and not settled; null for nothing
     * @return the counts by execution; null while there is no space to write them down
     */
    @Nullable
    Map<String, Long> takeEpisodes(int number, Grace.@Nullable Oldest waiting) {
        lock.lock();
        try {
            lanes[number].settledBefore(firstOf(waiting));
            return hasSpaceAgain() ? lanes[number].takeSettledEpisodes() : null;
        } finally {
            lock.unlock();
        }
    }

    /** A writer has nothing left, and ends. */
    void ended(int number) {
        lock.lock();
        try {
            lanes[number].settledBefore(Long.MAX_VALUE);
            takenSince[number] = null;
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Pauses a writer; shorter once the buffer is closed, as there is little time left then to find that the store is
     * back.
     *
     * @return false when the writer has to stop
     */
    boolean pause(Duration duration) {
        long start = System.nanoTime();
        lock.lock();
        try {
            while (!aborted) {
                Duration bound = closed && duration.compareTo(PAUSE_WHEN_CLOSED) > 0 ? PAUSE_WHEN_CLOSED : duration;
                long wait = Times.nanos(bound) - (System.nanoTime() - start);
                if (wait <= 0) {
                    return true;
                }
                awaitIgnoringInterrupts(settled, wait);
            }
            return false;
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
     * @return what is dropped, or null when this has happened before
     */
    @Nullable
    RecordCounts abort() {
        lock.lock();
        try {
            if (aborted) {
                return null;
            }
            // First what needs memory: when there is none, nothing has happened.
            RecordCounts waiting = RecordCounts.NONE;
            for (Lane lane : lanes) {
                waiting = waiting.plus(lane.counts());
            }
            RecordCounts left = ledger.givenUp(waiting);
            aborted = true;
            for (Lane lane : lanes) {
                lane.drop();
            }
            routes.clear();
            space.freeAll();
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
        freed.signalAll();
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
                oldest = Math.max(oldest, ledger.hasInFlight() ? age(now, takenSince[i]) : -1);
            }
            return ledger.stats(queued, space.used(), space.capacity(), oldest < 0 ? null : Duration.ofNanos(oldest));
        } finally {
            lock.unlock();
        }
    }

    private static long age(long now, @Nullable Long since) {
        return since == null ? -1 : Math.max(0, now - since);
    }
}
