package io.github.workflowhistory.testkit.contract;

import io.github.workflowhistory.store.ExecutionStore;
import java.util.UUID;

/** What the rules need of the integrator. */
public interface StoreUnderTest {

    /**
     * The store of the test that runs.
     *
     * @return the same store during one test
     */
    ExecutionStore store();

    /**
     * A user to whom executions in this store can belong.
     *
     * @return another user for every call
     */
    UUID newUser();
}
