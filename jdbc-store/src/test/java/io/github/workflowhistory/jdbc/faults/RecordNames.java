package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** What to call records, so that sets of them can be compared. */
final class RecordNames {
    private RecordNames() {}

    static String creation(String executionId) {
        return "execution " + executionId;
    }

    static String end(String executionId) {
        return "end of " + executionId;
    }

    static String result(String id) {
        return "result " + id;
    }

    static String log(String id) {
        return "log " + id;
    }

    static Set<String> of(HistoryBatch batch) {
        return of(batch.executions(), batch.changes(), batch.nodeResults(), batch.logs());
    }

    /** An execution that has ended stands for its creation and its end. */
    static Set<String> of(
            Collection<WorkflowExecution> executions,
            Collection<ExecutionChange> ends,
            Collection<NodeResult> results,
            Collection<ExecutionLog> logs) {
        Set<String> names = new TreeSet<>();
        for (WorkflowExecution execution : executions) {
            names.add(creation(execution.id()));
            if (execution.status().isTerminal()) {
                names.add(end(execution.id()));
            }
        }
        ends.forEach(change -> names.add(end(change.executionId())));
        results.forEach(result -> names.add(result(result.id())));
        logs.forEach(log -> names.add(log(log.id())));
        return names;
    }
}
