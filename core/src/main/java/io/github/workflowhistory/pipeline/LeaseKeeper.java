package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.Ids;
import io.github.workflowhistory.internal.Times;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lease of one recorder on a thread of its own: renews it, takes over and releases executions, and ends those
 * of recorders that are gone. {@link io.github.workflowhistory.WorkflowHistory} has one; only who uses
 * {@link BufferedRecorder} directly needs this class. Safe for use by many threads.
 *
 * <p><b>An outage is nobody's death.</b> While the store is away nobody can renew a lease, and afterwards all leases are
 * old. So this ends executions of others only when it could renew its own lease without a gap for as long as theirs have
 * to be old: by then everybody who is alive has come back.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    /** How often a request finds nothing to do, because the execution is not there yet or has ended, and is kept. */
    private static final int MAX_MISSES = 20;
    /** How long the first batch waits for the first renewal. */
    private static final Duration FIRST_RENEWAL = Duration.ofSeconds(5);
    /** Requests beyond this are refused, so that an outage cannot fill the memory. */
    private static final int MAX_REQUESTS = 100_000;
    /** A renewal that comes later than this many intervals after the last one is a gap. */
    private static final int GAP_INTERVALS = 2;

    private final ExecutionLeases leases;
    private final String recorderId;
    private final long intervalNanos;
    private final Duration abandonAfter;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Request> requests = new LinkedHashMap<>();
    private boolean firstRenewalTried;
    private boolean closed;
    /** Since when every renewal succeeded in time, by {@link System#nanoTime()}, or null when the last one failed. */
    private @Nullable Long reachableSince;

    private long lastRenewal;
    private boolean failing;

    /** What is to be done with an execution's lease. */
    private static final class Request {
        private final BooleanSupplier step;
        private boolean isNew = true;
        private int misses;

        private Request(BooleanSupplier step) {
            this.step = step;
        }
    }

    /**
     * Starts to keep a lease.
     *
     * @param leases the store's leases
     * @param recorderId the recorder, by the rule of {@link Ids}; new for every start of a process
     * @param settings the interval, and after how long executions of others are ended
     * @throws IllegalArgumentException when the id is refused, or when the settings are without leases
     */
    public LeaseKeeper(ExecutionLeases leases, String recorderId, PipelineSettings settings) {
        this.leases = Objects.requireNonNull(leases, "leases must not be null");
        this.recorderId = Ids.requireValid("recorder id", recorderId);
        if (settings.leaseInterval().isZero()) {
            throw new IllegalArgumentException("these settings are without leases: there is nothing to keep");
        }
        this.intervalNanos = Times.nanos(settings.leaseInterval());
        this.abandonAfter = settings.abandonAfter();
        this.thread = new Thread(null, this::run, "workflow-history-leases", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(LeaseKeeper.class.getClassLoader());
        thread.start();
    }

    /**
     * The recorder whose lease this is.
     *
     * @return the id to put into executions
     */
    public String recorderId() {
        return recorderId;
    }

    /**
     * Brings an execution under this lease soon; see {@link ExecutionLeases#takeOver}. An execution that is not there
     * yet is waited for.
     *
     * @param executionId the execution
     */
    public void takeOver(String executionId) {
        request(executionId, () -> leases.takeOver(executionId, recorderId));
    }

    /**
     * Brings an execution out of this lease soon; see {@link ExecutionLeases#release}. An execution that is not there
     * yet is waited for.
     *
     * @param executionId the execution
     */
    public void release(String executionId) {
        request(executionId, () -> leases.release(executionId, recorderId));
    }

    /**
     * Forgets what was asked for an execution, because it has ended.
     *
     * @param executionId the execution
     */
    public void forget(String executionId) {
        lock.lock();
        try {
            requests.remove(executionId);
        } finally {
            lock.unlock();
        }
    }

    private void request(String executionId, BooleanSupplier step) {
        lock.lock();
        try {
            if (!closed && requests.size() < MAX_REQUESTS) {
                requests.put(executionId, new Request(step));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the lease was written for the first time, or could not be: what is recorded before would look as if
     * its recorder had never lived. Called before the first batch is written.
     */
    public void awaitFirstRenewal() {
        boolean unused = await(FIRST_RENEWAL, () -> firstRenewalTried);
    }

    /**
     * Waits until everything that was asked for before was tried at least once.
     *
     * @param timeout how long to wait at most
     * @return false when the time ran out or the thread was interrupted first
     */
    public boolean flush(Duration timeout) {
        return await(timeout, () -> !hasNewRequest());
    }

    private boolean await(Duration timeout, BooleanSupplier condition) {
        long nanos = Times.nanos(timeout);
        lock.lock();
        try {
            while (!condition.getAsBoolean() && !closed) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends executions of recorders that are gone, unless the store was out of reach within the time given; see the class
     * comment.
     *
     * @param olderThan how long the lease must not have been renewed
     * @param scope which executions to look at
     * @return the ids of the executions that were ended; none when it is too early to know
     * @throws IllegalArgumentException when the duration is negative
     * @throws io.github.workflowhistory.store.HistoryStoreException when the store cannot do it
     */
    public List<String> endAbandoned(Duration olderThan, Scope scope) {
        Objects.requireNonNull(olderThan, "olderThan must not be null");
        if (!wasReachableFor(olderThan)) {
            return List.of();
        }
        List<String> ended = leases.endAbandoned(olderThan, scope);
        if (!ended.isEmpty()) {
            LOG.warn("Ended {} executions whose recorder is gone: {}", ended.size(), ended);
        }
        return ended;
    }

    private boolean wasReachableFor(Duration duration) {
        lock.lock();
        try {
            Long since = reachableSince;
            return since != null && System.nanoTime() - since >= Times.nanos(duration);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long next = System.nanoTime();
        while (awaitWork(next)) {
            try {
                if (System.nanoTime() - next >= 0) {
                    next = System.nanoTime() + intervalNanos;
                    renew();
                    settleRequests(true);
                    if (!abandonAfter.isZero()) {
                        endAbandoned(abandonAfter, Scope.LEASED);
                    }
                    recovered();
                } else {
                    settleRequests(false);
                }
            } catch (Throwable e) {
                failed(e);
            }
        }
    }

    private boolean awaitWork(long next) {
        lock.lock();
        try {
            long wait = next - System.nanoTime();
            while (!closed && wait > 0 && !hasNewRequest()) {
                try {
                    wait = changed.awaitNanos(wait);
                } catch (InterruptedException e) {
                    // Whoever wants this thread to end closes the keeper.
                }
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasNewRequest() {
        return requests.values().stream().anyMatch(request -> request.isNew);
    }

    private void renew() {
        boolean renewed = false;
        try {
            leases.renew(recorderId);
            renewed = true;
        } finally {
            lock.lock();
            try {
                long now = System.nanoTime();
                if (!renewed) {
                    reachableSince = null;
                } else if (reachableSince == null || now - lastRenewal > GAP_INTERVALS * intervalNanos) {
                    reachableSince = now;
                }
                lastRenewal = now;
                firstRenewalTried = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Tries what was asked for: what is new, or all of it. */
    private void settleRequests(boolean all) {
        Map<String, Request> due = new LinkedHashMap<>();
        lock.lock();
        try {
            requests.forEach((id, request) -> {
                if (all || request.isNew) {
                    due.put(id, request);
                }
            });
        } finally {
            lock.unlock();
        }
        due.forEach((id, request) -> {
            boolean isDone = false;
            try {
                isDone = request.step.getAsBoolean() || ++request.misses >= MAX_MISSES;
            } finally {
                tried(id, request, isDone);
            }
        });
    }

    private void tried(String executionId, Request request, boolean isDone) {
        lock.lock();
        try {
            request.isNew = false;
            if (isDone) {
                requests.remove(executionId, request);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failed(Throwable failure) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "The lease of recorder {} cannot be renewed for now; it is tried again. {}",
                    recorderId,
                    failure.getMessage(),
                    failure);
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.info("The lease of recorder {} is renewed again.", recorderId);
        }
    }

    /** Ends the thread. The lease runs out by itself. Idempotent; interrupts a renewal that takes longer than a second. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(1_000);
            // A renewal that hangs is not worth a thread that stays.
            thread.interrupt();
            thread.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
