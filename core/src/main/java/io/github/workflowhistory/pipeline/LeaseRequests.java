package io.github.workflowhistory.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with the leases of executions, one request for each, by when it is to be tried. Guarded by the
 * lock of its {@link LeaseDesk}.
 */
final class LeaseRequests {
    /** How often a request finds nothing to do, because the execution is not there yet or has ended, and is kept. */
    private static final int MAX_MISSES = 20;
    /** Requests beyond this are refused, so that an outage cannot fill the memory. */
    private static final int MAX_REQUESTS = 100_000;

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    /** By differences, as times of {@link System#nanoTime()} have to be compared. */
    private static final Comparator<Request> BY_TIME = ((Comparator<Request>)
                    (one, other) -> Long.signum(one.due - other.due))
            .thenComparingLong(request -> request.number);

    private final long longestPauseNanos;
    private final Map<String, Request> byExecution = new HashMap<>();
    private final TreeSet<Request> byTime = new TreeSet<>(BY_TIME);
    private long nextNumber;

    /** What to do. */
    enum Wish {
        TAKE_OVER,
        RELEASE,
        /** An execution that is taken over and let go of at once has to come out of the lease of whoever had it. */
        TAKE_OVER_AND_RELEASE
    }

    /** One request. */
    static final class Request {
        final String executionId;
        final Wish wish;

        private final BooleanSupplier ready;
        private final long number;
        private long due;
        private int tries;
        private int misses;

        private Request(String executionId, Wish wish, BooleanSupplier ready, long number, long due) {
            this.executionId = executionId;
            this.wish = wish;
            this.ready = ready;
            this.number = number;
            this.due = due;
        }

        /** Whether it may be tried by now. */
        boolean isReady() {
            return ready.getAsBoolean();
        }
    }

    LeaseRequests(long longestPauseNanos) {
        this.longestPauseNanos = longestPauseNanos;
    }

    void takeOver(String executionId, long now) {
        put(executionId, Wish.TAKE_OVER, () -> true, now);
    }

    void release(String executionId, BooleanSupplier ready, long now) {
        Request before = byExecution.get(executionId);
        boolean isToBeTaken = before != null && before.wish != Wish.RELEASE;
        put(executionId, isToBeTaken ? Wish.TAKE_OVER_AND_RELEASE : Wish.RELEASE, ready, now);
    }

    private void put(String executionId, Wish wish, BooleanSupplier ready, long now) {
        if (byExecution.size() >= MAX_REQUESTS && !byExecution.containsKey(executionId)) {
            return;
        }
        forget(executionId);
        Request request = new Request(executionId, wish, ready, nextNumber++, now);
        byExecution.put(executionId, request);
        byTime.add(request);
    }

    void forget(String executionId) {
        Request request = byExecution.remove(executionId);
        if (request != null) {
            byTime.remove(request);
        }
    }

    boolean isEmpty() {
        return byExecution.isEmpty();
    }

    /** All of them, in the order in which they are to be tried. */
    List<Request> all() {
        return new ArrayList<>(byTime);
    }

    /** When the next one is to be tried, or null when there is none. */
    @Nullable
    Long nextDue() {
        return byTime.isEmpty() ? null : byTime.first().due;
    }

    /** Those that are to be tried by now, in this order. */
    List<Request> dueBy(long now) {
        List<Request> due = new ArrayList<>();
        for (Request request : byTime) {
            if (request.due - now > 0) {
                break;
            }
            due.add(request);
        }
        return due;
    }

    /** Whether a request still stands: it may have been replaced or forgotten. */
    boolean stands(Request request) {
        return byExecution.get(request.executionId) == request;
    }

    void done(Request request) {
        if (stands(request)) {
            forget(request.executionId);
        }
    }

    /**
     * There was nothing to do yet, or it could not be done. It is tried again later, and given up when there was nothing
     * to do many times.
     */
    void postpone(Request request, boolean isMiss, long now) {
        if (!stands(request)) {
            return;
        }
        forget(request.executionId);
        if (isMiss && ++request.misses >= MAX_MISSES) {
            return;
        }
        request.due = now + Math.min(longestPauseNanos, FIRST_PAUSE_NANOS << Math.min(request.tries++, 20));
        byExecution.put(request.executionId, request);
        byTime.add(request);
    }
}
