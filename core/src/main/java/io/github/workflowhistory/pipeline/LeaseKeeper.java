package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.Ids;
import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.internal.Times;
import io.github.workflowhistory.pipeline.LeaseRequests.Request;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps the lease of one recorder on a thread of its own: renews it, takes over and releases executions, and ends those
 * of recorders that are gone. {@link io.github.workflowhistory.WorkflowHistory} has one; only who uses
 * {@link BufferedRecorder} directly needs this class. Safe for use by many threads.
 *
 * <p><b>An outage is nobody's death.</b> While the store is away nobody can renew a lease, and afterwards all leases are
 * old. So this ends executions of others only when it could renew its own lease without a gap for as long as theirs have
 * to be old: by then everybody who is alive has come back. A store that stands still from that moment on, while it is
 * asked, makes nobody older: leases have the age that they had at the call; see
 * {@link ExecutionLeases#endAbandoned(Duration, Scope)}.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final SafeLog LOG = SafeLog.of(LeaseKeeper.class);

    /** How long the first batch waits for the first renewal. */
    private static final Duration FIRST_RENEWAL = Duration.ofSeconds(5);
    /** How long closing waits for what was asked for, and for a thread that was interrupted. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    /** How long the thread rests after an error outside of the store. */
    private static final Duration AFTER_OWN_FAILURE = Duration.ofMillis(50);

    private final ExecutionLeases leases;
    private final String recorderId;
    private final PipelineSettings settings;
    private final long intervalNanos;
    private final long started = System.nanoTime();
    private final LeaseTrouble trouble;
    private final LeaseDesk desk;
    private final CountDownLatch firstRenewal = new CountDownLatch(1);
    private final Thread thread;
    private final AbandonedSweep abandoned;
    private long nextRenewal = System.nanoTime();

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
        this.settings = Objects.requireNonNull(settings, "settings must not be null");
        if (settings.leaseInterval().isZero()) {
            throw new IllegalArgumentException("these settings are without leases: there is nothing to keep");
        }
        this.intervalNanos = Times.nanos(settings.leaseInterval());
        this.abandoned = new AbandonedSweep(leases, settings.leaseInterval());
        this.desk = new LeaseDesk(intervalNanos, this::perform);
        this.trouble = new LeaseTrouble(LOG, recorderId);
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
        desk.request(requests -> requests.takeOver(executionId, System.nanoTime()));
    }

    /**
     * Brings an execution out of this lease soon; see {@link ExecutionLeases#release}. An execution that is not there
     * yet is waited for.
     *
     * @param executionId the execution
     */
    public void release(String executionId) {
        desk.request(requests -> requests.release(executionId, () -> true, System.nanoTime()));
    }

    /**
     * As {@link #release(String)}, but not before everything has arrived that a recorder was handed for the execution
     * until now: that may bring it under this lease again.
     *
     * @param executionId the execution
     * @param after the recorder
     */
    public void release(String executionId, BufferedRecorder after) {
        BooleanSupplier settled = after.settledMark(executionId);
        desk.request(requests -> requests.release(executionId, settled, System.nanoTime()));
    }

    /**
     * Forgets what was asked for an execution, because it has ended.
     *
     * @param executionId the execution
     */
    public void forget(String executionId) {
        desk.request(requests -> requests.forget(executionId));
    }

    /**
     * Waits until the lease was written for the first time, or could not be: what is recorded before would look as if
     * its recorder had never lived. Called before the first batch is written. Waits for no longer than five seconds
     * after the start.
     */
    public void awaitFirstRenewal() {
        try {
            long nanos = FIRST_RENEWAL.toNanos() - (System.nanoTime() - started);
            boolean unused = firstRenewal.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Tries everything that was asked for before, and waits for it.
     *
     * @param timeout how long to wait at most
     * @return false when the store failed, when the time ran out, or when the thread was interrupted first
     */
    public boolean flush(Duration timeout) {
        return desk.flush(timeout);
    }

    /**
     * Ends executions of recorders that are gone, unless the store was out of reach within the time given; see the class
     * comment.
     *
     * @param olderThan how long the lease must not have been renewed
     * @param scope which executions to look at
     * @return the ids of the executions that were ended; none when it is too early to know
     * @throws IllegalArgumentException when the duration is less than three times the
     *     {@link PipelineSettings#leaseInterval()}: those who are alive would look dead
     * @throws io.github.workflowhistory.store.HistoryStoreException when the store cannot do it
     */
    public List<String> endAbandoned(Duration olderThan, Scope scope) {
        return abandoned.end(olderThan, scope);
    }

    // -- the thread

    private void run() {
        try {
            boolean goesOn = true;
            while (goesOn) {
                try {
                    goesOn = goOn();
                } catch (Throwable e) {
                    // There was not even memory to tell of it. Without this thread all that runs here would count as
                    // abandoned, so it has to go on, and parking needs no memory.
                    LockSupport.parkNanos(AFTER_OWN_FAILURE.toNanos());
                }
            }
            settleLast();
        } finally {
            firstRenewal.countDown();
            desk.end();
        }
    }

    private boolean goOn() {
        if (!desk.awaitWork(nextRenewal)) {
            return false;
        }
        boolean isRenewal = System.nanoTime() - nextRenewal >= 0;
        boolean succeeded = !isRenewal || attempt(this::renew);
        succeeded &= attempt(desk::settle);
        if (isRenewal && succeeded && attempt(this::sweep)) {
            trouble.ended();
        }
        return true;
    }

    private void settleLast() {
        try {
            desk.settleLast();
        } catch (Throwable e) {
            LOG.tell(log -> log.warn(
                    "History was closed before all executions that were let go of could be released: they may be taken"
                            + " for abandoned. {}",
                    e.getMessage(),
                    e));
        }
    }

    private boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (Throwable e) {
            trouble.failed(e, System.nanoTime());
            return false;
        }
    }

    private void renew() {
        nextRenewal = System.nanoTime() + intervalNanos;
        boolean renewed = false;
        try {
            leases.renew(recorderId);
            renewed = true;
        } finally {
            abandoned.renewed(renewed);
            desk.setReachable(renewed);
            firstRenewal.countDown();
        }
    }

    private void sweep() {
        if (!settings.abandonAfter().isZero()) {
            endAbandoned(settings.abandonAfter(), Scope.LEASED);
        }
    }

    private boolean perform(Request request) {
        String id = request.executionId;
        return switch (request.wish) {
            case TAKE_OVER -> leases.takeOver(id, recorderId);
            case RELEASE -> leases.release(id, recorderId);
            case TAKE_OVER_AND_RELEASE -> leases.takeOver(id, recorderId) && leases.release(id, recorderId);
        };
    }

    // -- the end

    /** For tests: they look whether it has ended. */
    Thread thread() {
        return thread;
    }

    /**
     * Tries a last time what was asked for, and ends the thread. The lease runs out by itself. Idempotent; takes a
     * second or two at most.
     */
    @Override
    public void close() {
        close(LAST_WORDS);
    }

    /**
     * As {@link #close()}, with a bound of the caller's. A thread that is interrupted while it waits gives up what is
     * left at once; an interrupt from before has no effect, and is kept.
     *
     * @param timeout for how long what was asked for is tried at most; after that, the thread is interrupted and has a
     *     second to end
     */
    public void close(Duration timeout) {
        desk.close(timeout);
        if (Thread.currentThread() == thread) {
            return;
        }
        // Whoever stops a container by interrupts does not mean that executions stay under a lease that ends.
        boolean interrupted = Thread.interrupted();
        interrupted |= awaitEnd(timeout);
        if (thread.isAlive()) {
            desk.close(Duration.ZERO);
            thread.interrupt();
            interrupted |= awaitEnd(LAST_WORDS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the thread has ended; true when whoever waits was interrupted, and wants to get on. */
    private boolean awaitEnd(Duration timeout) {
        try {
            // At least a millisecond, as zero waits for ever.
            thread.join(Math.max(1, Times.nanos(timeout) / 1_000_000));
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
