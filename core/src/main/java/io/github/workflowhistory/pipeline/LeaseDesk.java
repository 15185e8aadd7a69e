package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.Times;
import io.github.workflowhistory.pipeline.LeaseRequests.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where threads of the host leave requests about the leases of executions, and where the one thread of a
 * {@link LeaseKeeper} waits for them and works them off. The store is never called under the lock.
 */
final class LeaseDesk {
    private final Predicate<Request> work;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LeaseRequests requests;
    /** The flushes that were asked for and those that are done, counted, and the last one that was in vain. */
    private long flushesWanted;

    private long flushesDone;
    private long flushInVain;
    /** After a failure requests wait until a renewal succeeds. */
    private boolean isHeld = true;
    /** Until when requests are tried after closing, by {@link System#nanoTime()}; null while this is open. */
    private @Nullable Long closedUntil;

    private boolean isOver;

    /**
     * An empty desk.
     *
     * @param longestPauseNanos how long a request that could not be done waits at most
     * @param work does what a request asks for; false when there is nothing to do yet
     */
    LeaseDesk(long longestPauseNanos, Predicate<Request> work) {
        this.requests = new LeaseRequests(longestPauseNanos);
        this.work = work;
    }

    // -- threads of the host

    void request(Consumer<LeaseRequests> put) {
        lock.lock();
        try {
            if (closedUntil == null) {
                put.accept(requests);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has everything tried that was asked for before; false when something failed, or not in time. */
    boolean flush(Duration timeout) {
        long nanos = Times.nanos(timeout);
        lock.lock();
        try {
            if (requests.isEmpty()) {
                return true;
            }
            long number = ++flushesWanted;
            changed.signalAll();
            while (flushesDone < number) {
                if (nanos <= 0 || isOver) {
                    return false;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return flushInVain < number;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no more requests, and lets the thread go on with those that are there for so long; when it is closed again,
     * until the sooner of both.
     */
    void close(Duration timeout) {
        lock.lock();
        try {
            long until = System.nanoTime() + Times.nanos(timeout);
            if (closedUntil == null || closedUntil - until > 0) {
                closedUntil = until;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // -- the thread of the keeper

    /**
     * Waits until a request is to be tried, but not longer than this.
     *
     * @param until when to return at the latest, by {@link System#nanoTime()}
     * @return false when the desk was closed
     */
    boolean awaitWork(long until) {
        lock.lock();
        try {
            while (closedUntil == null && flushesDone >= flushesWanted) {
                long now = System.nanoTime();
                long wait = until - now;
                Long due = requests.nextDue();
                if (due != null && !isHeld) {
                    wait = Math.min(wait, due - now);
                }
                if (wait <= 0) {
                    break;
                }
                try {
                    long unused = changed.awaitNanos(wait);
                } catch (InterruptedException e) {
                    // Whoever wants this thread to end closes the keeper.
                }
            }
            return closedUntil == null;
        } finally {
            lock.unlock();
        }
    }

    /** Says whether the lease could be renewed: while it cannot, requests wait. */
    void setReachable(boolean isReachable) {
        lock.lock();
        try {
            isHeld = !isReachable;
        } finally {
            lock.unlock();
        }
    }

    /** Tries the requests that are due, or all of them for a flush. Throws what the work throws; the rest waits. */
    void settle() {
        long flush;
        List<Request> due;
        lock.lock();
        try {
            flush = flushesWanted;
            boolean isFlush = flush > flushesDone;
            due = isFlush ? requests.all() : isHeld ? List.of() : requests.dueBy(System.nanoTime());
        } finally {
            lock.unlock();
        }
        boolean succeeded = false;
        try {
            due.forEach(this::settle);
            succeeded = true;
        } finally {
            lock.lock();
            try {
                flushInVain = succeeded ? flushInVain : flush;
                flushesDone = flush;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Tries a last time what is left. */
    void settleLast() {
        List<Request> left;
        lock.lock();
        try {
            left = requests.all();
        } finally {
            lock.unlock();
        }
        left.forEach(this::settle);
    }

    private void settle(Request request) {
        if (!mayTry(request)) {
            return;
        }
        boolean isReady = request.isReady();
        boolean isDone = false;
        boolean hasFailed = true;
        try {
            isDone = isReady && work.test(request);
            hasFailed = false;
        } finally {
            lock.lock();
            try {
                isHeld |= hasFailed;
                if (isDone) {
                    requests.done(request);
                } else {
                    requests.postpone(request, isReady && !hasFailed, System.nanoTime());
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean mayTry(Request request) {
        lock.lock();
        try {
            return requests.stands(request) && (closedUntil == null || closedUntil - System.nanoTime() > 0);
        } finally {
            lock.unlock();
        }
    }

    /** Nobody works on requests any more. */
    void end() {
        lock.lock();
        try {
            isOver = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
