package io.github.workflowhistory.examples.customstore;

import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.testkit.ExecutionStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

// README: contract
class JsonLinesStoreContractTest extends ExecutionStoreContract {
    @TempDir
    Path folder;

    @Override
    protected ExecutionStore createStore() {
        return JsonLinesStore.open(folder.resolve("history.jsonl"));
    }
}
// README: end
