package io.github.workflowhistory.testkit;

import io.github.workflowhistory.store.ExecutionStore;

/** As long as nothing goes wrong, the wrapper changes nothing. */
class FaultyStoreContractTest extends ExecutionStoreContract {
    @Override
    protected ExecutionStore createStore() {
        return new FaultyStore(new InMemoryExecutionStore());
    }
}
