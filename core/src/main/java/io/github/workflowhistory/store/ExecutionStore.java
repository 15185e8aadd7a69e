package io.github.workflowhistory.store;

import java.util.Optional;
import java.util.UUID;

/**
 * A place where history is kept: it records, reads and deletes. What only some stores can do is a capability that a
 * store either hands out or does not have; no method of a store throws because it is "not supported".
 *
 * <p>Whoever implements this proves it with {@code ExecutionStoreContract} of the testkit.
 */
public interface ExecutionStore extends ExecutionRecorder, ExecutionReader {

    /**
     * Deletes an execution with its node results and logs, in one step.
     *
     * @param executionId its id
     * @return false when there is no execution of this id
     * @throws IllegalArgumentException when the id breaks the rule of {@link io.github.workflowhistory.Ids}
     * @throws HistoryStoreException when the store cannot do it; nothing is deleted then
     */
    boolean deleteExecution(String executionId);

    /**
     * The capability to tell executions that run from those whose recorder is gone.
     *
     * @return the capability, or empty when this store does not have it
     */
    default Optional<ExecutionLeases> leases() {
        return Optional.empty();
    }

    /**
     * Tells whether this store makes every call as one end user, whose rights are checked at each. What is recorded
     * through such a store is never buffered: rights that end while it waits would end with it.
     *
     * @return the end user, or empty when this store works for the host, as most do
     */
    default Optional<UUID> actingUser() {
        return Optional.empty();
    }
}
