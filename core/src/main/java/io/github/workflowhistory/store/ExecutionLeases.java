package io.github.workflowhistory.store;

import java.time.Duration;
import java.util.List;

/**
 * The capability of a store to find executions whose recorder is gone. A process that dies leaves its executions
 * running; so a recorder that is alive renews one lease, for all its executions together, and executions without a
 * recent lease can be ended. All times are taken by the store's clock, so that the clocks of hosts do not matter.
 */
public interface ExecutionLeases {
    /** The error of an execution that was ended as abandoned. */
    String ABANDONED_ERROR =
            "Abandoned: the process that ran this execution stopped renewing its lease, so its outcome is unknown.";

    /**
     * Says that a recorder is alive.
     *
     * @param recorderId the recorder, by the rule of {@link io.github.workflowhistory.Ids}
     * @throws HistoryStoreException when the store cannot do it
     */
    void renew(String recorderId);

    /**
     * Brings an execution that has not ended under the lease of another recorder, whichever had it before.
     *
     * @param executionId the execution
     * @param recorderId its new recorder
     * @return false when there is no such execution or it has ended
     * @throws HistoryStoreException when the store cannot do it
     */
    boolean takeOver(String executionId, String recorderId);

    /**
     * Brings an execution that has not ended out of the lease of a recorder, so that it may wait for whoever continues
     * it, for as long as that takes.
     *
     * @param executionId the execution
     * @param recorderId the recorder that lets go of it
     * @return false when there is no such execution, when it has ended, or when it is not under this recorder's lease
     * @throws HistoryStoreException when the store cannot do it
     */
    boolean release(String executionId, String recorderId);

    /** Which running executions {@link #endAbandoned(Duration, Scope)} looks at. */
    enum Scope {
        /** Those under the lease of a recorder. */
        LEASED,
        /**
         * Those that name no recorder as well, which count from their start. An application that writes the tables by
         * itself, and whoever records without leases, leave such executions.
         */
        ALL
    }

    /**
     * Ends running executions whose recorder has not renewed its lease for a while as failed, marked as abandoned. An
     * execution that ends meanwhile, or whose recorder comes back meanwhile, is left alone. A recorder that never
     * renewed its lease counts from the start of the execution. A recorder that was only slow may still bring the real
     * end: it replaces this one.
     *
     * <p>While the store cannot be reached nobody can renew a lease, so right after an outage all of them are old.
     * Callers have to wait until the store could be reached for as long as {@code olderThan}; a
     * {@code WorkflowHistory} that keeps a lease does. What they know holds for the moment of the call, and a store may
     * stand still from then on: its machine is paused, its disk stalls. So a lease has the age that it had at the call,
     * however long the call takes; a store that can read its clock only later adds to {@code olderThan} what has passed
     * until then. Only a duration of zero gives nobody time.
     *
     * <p>There is a recorder for every start of a process. So that they do not become more for ever, this also forgets
     * recorders that have not renewed their lease for a day, and for {@code olderThan}, and have left nothing open. One
     * that comes back after all renews its lease as if for the first time.
     *
     * @param olderThan how long the lease must not have been renewed
     * @param scope which executions to look at
     * @return the ids of the executions that were ended
     * @throws IllegalArgumentException when the duration is negative
     * @throws HistoryStoreException when the store cannot do it; no execution is ended then
     */
    List<String> endAbandoned(Duration olderThan, Scope scope);

    /**
     * As {@link #endAbandoned(Duration, Scope)} with {@link Scope#LEASED}.
     *
     * @param olderThan how long the lease must not have been renewed
     * @return the ids of the executions that were ended
     * @throws IllegalArgumentException when the duration is negative
     * @throws HistoryStoreException when the store cannot do it; no execution is ended then
     */
    default List<String> endAbandoned(Duration olderThan) {
        return endAbandoned(olderThan, Scope.LEASED);
    }
}
