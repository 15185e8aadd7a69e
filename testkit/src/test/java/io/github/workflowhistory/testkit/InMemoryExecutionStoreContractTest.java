package io.github.workflowhistory.testkit;

import io.github.workflowhistory.store.ExecutionStore;

class InMemoryExecutionStoreContractTest extends ExecutionStoreContract {
    @Override
    protected ExecutionStore createStore() {
        return new InMemoryExecutionStore();
    }
}
