package io.github.workflowhistory.store;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import java.time.Duration;

/**
 * The write side of a store. These rules bind every implementation, and the contract suite of the testkit proves each:
 *
 * <ol>
 *   <li><b>Atomic.</b> A batch takes effect whole or not at all; on an exception nothing of it is there.
 *   <li><b>Idempotent.</b> The same batch again changes nothing and raises nothing.
 *   <li><b>Statuses only move forward</b>, as {@link ExecutionTransitions} says.
 *   <li><b>{@code startedAt} is set once</b>, {@code completedAt} and {@code duration} when the execution ends. Null
 *       never overwrites a value.
 *   <li><b>Parents first.</b> Within a batch the order does not matter. A change, node result or log entry whose
 *       execution is neither in the batch nor in the store is an {@link UnknownExecutionException}.
 *   <li><b>Node results and logs are append-only.</b> The same id in the same execution is the same row.
 *   <li><b>An id that exists with another execution</b>, or an execution id with another workflow or user, is an
 *       {@link IdConflictException}.
 *   <li><b>A log entry belongs to an execution and, optionally, to a node run of that same execution</b>, whose result
 *       may come later. One whose node run is that of another execution is an {@link IdConflictException} of kind
 *       {@code NODE_RUN}.
 *   <li><b>Any Java string can be recorded</b>, as the domain records clean it.
 *   <li><b>Order.</b> Node results are read by the time they finished, logs by their timestamps, equal times by id as
 *       bytes; see {@link HistoryOrder}.
 *   <li><b>Deleting an execution deletes its node results and logs</b>, in one step.
 *   <li><b>Safe to call from many threads.</b> Writers that agree end in the same state in any order of arrival.
 * </ol>
 *
 * <p>This interface is the seam between the API and the stores: whatever implements it can be wrapped by another.
 */
@FunctionalInterface
public interface ExecutionRecorder {

    /**
     * Takes a batch. A store returns when the batch is as durable as the store makes it; a recorder that wraps a store
     * may return earlier and says so.
     *
     * @param batch what happened; an empty batch does nothing
     * @throws UnknownExecutionException when an execution that the batch refers to does not exist
     * @throws IdConflictException when an id is taken by something else
     * @throws HistoryStoreException when the store cannot take the batch for another reason; nothing of it is there,
     *     unless {@link HistoryStoreException#isInDoubt()} says that this is not known
     */
    void record(HistoryBatch batch);

    /**
     * Waits until everything accepted before this call is in the store or is accounted for as rejected.
     *
     * @param timeout how long to wait at most
     * @return false when the time ran out first; a recorder that writes at once has nothing to wait for and returns
     *     true, as this default does
     */
    default boolean flush(Duration timeout) {
        return true;
    }

    /**
     * Takes one execution.
     *
     * @param execution the execution
     * @throws HistoryStoreException as {@link #record(HistoryBatch)}
     */
    default void record(WorkflowExecution execution) {
        record(HistoryBatch.builder().add(execution).build());
    }

    /**
     * Takes one change of an execution.
     *
     * @param change the change
     * @throws HistoryStoreException as {@link #record(HistoryBatch)}
     */
    default void record(ExecutionChange change) {
        record(HistoryBatch.builder().add(change).build());
    }

    /**
     * Takes one node result.
     *
     * @param result the result
     * @throws HistoryStoreException as {@link #record(HistoryBatch)}
     */
    default void record(NodeResult result) {
        record(HistoryBatch.builder().add(result).build());
    }

    /**
     * Takes one log entry.
     *
     * @param log the entry
     * @throws HistoryStoreException as {@link #record(HistoryBatch)}
     */
    default void record(ExecutionLog log) {
        record(HistoryBatch.builder().add(log).build());
    }
}
