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
     * Ends running executions whose recorder has not renewed its lease for a while as failed, marked as abandoned. An
     * execution that ends meanwhile is left alone, and so is one that names no recorder. A recorder that never renewed
     * its lease counts from the start of the execution. A recorder that was only slow may still bring the real end: it
     * replaces this one.
     *
     * @param olderThan how long the lease must not have been renewed
     * @return the ids of the executions that were ended
     * @throws IllegalArgumentException when the duration is negative
     * @throws HistoryStoreException when the store cannot do it; no execution is ended then
     */
    List<String> endAbandoned(Duration olderThan);
}
