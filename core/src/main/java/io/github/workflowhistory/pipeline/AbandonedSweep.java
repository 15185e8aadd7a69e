package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.internal.Times;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * Ends executions of recorders that are gone, where the store could be reached for long enough to know: it is told of
 * every renewal of the lease that its keeper has itself. Safe for use by many threads.
 */
final class AbandonedSweep {
    private static final SafeLog LOG = SafeLog.of(LeaseKeeper.class);
    /** Of how many executions that were ended the log tells. */
    private static final int IDS_IN_LOG = 20;

    private final ExecutionLeases leases;
    private final Duration leaseInterval;
    private final InstantSource clock = InstantSource.system();
    private final StoreContact contact;

    /**
     * For one who keeps a lease.
     *
     * @param leaseInterval at which it is renewed
     */
    AbandonedSweep(ExecutionLeases leases, Duration leaseInterval) {
        this.leases = leases;
        this.leaseInterval = leaseInterval;
        this.contact = new StoreContact(Times.nanos(leaseInterval));
    }

    /** The keeper's own lease was renewed, or could not be. */
    void renewed(boolean succeeded) {
        synchronized (contact) {
            if (succeeded) {
                contact.renewed(System.nanoTime(), clock.instant());
            } else {
                contact.failed();
            }
        }
    }

    /** See {@link LeaseKeeper#endAbandoned(Duration, Scope)}. */
    List<String> end(Duration olderThan, Scope scope) {
        Objects.requireNonNull(scope, "scope must not be null");
        if (olderThan.dividedBy(PipelineSettings.RENEWALS_BEFORE_ABANDONED).compareTo(leaseInterval) < 0) {
            throw new IllegalArgumentException("olderThan " + olderThan + " contradicts leaseInterval " + leaseInterval
                    + ": a lease must have had " + PipelineSettings.RENEWALS_BEFORE_ABANDONED
                    + " chances to be renewed, or those who are alive look dead. Raise olderThan");
        }
        if (!wasReachableFor(olderThan)) {
            return List.of();
        }
        List<String> ended = leases.endAbandoned(olderThan, scope);
        if (!ended.isEmpty()) {
            LOG.tell(log -> log.warn(
                    "{} executions were left running by a process that is gone, and are ended as failed: {}{}",
                    ended.size(),
                    ended.subList(0, Math.min(IDS_IN_LOG, ended.size())),
                    ended.size() > IDS_IN_LOG ? " and more" : ""));
        }
        return ended;
    }

    private boolean wasReachableFor(Duration duration) {
        synchronized (contact) {
            return contact.lastsFor(duration, System.nanoTime(), clock.instant());
        }
    }
}
