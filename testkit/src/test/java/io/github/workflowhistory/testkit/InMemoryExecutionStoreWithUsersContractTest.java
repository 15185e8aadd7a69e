package io.github.workflowhistory.testkit;

import io.github.workflowhistory.store.ExecutionStore;
import java.util.UUID;

class InMemoryExecutionStoreWithUsersContractTest extends ExecutionStoreContract {
    @Override
    protected ExecutionStore createStore() {
        return InMemoryExecutionStore.withUsers();
    }

    @Override
    protected UUID createUser(ExecutionStore store) {
        UUID user = super.createUser(store);
        ((InMemoryExecutionStore) store).addUser(user);
        return user;
    }
}
