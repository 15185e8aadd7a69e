package io.github.workflowhistory.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What the groups of rules share: short words for recording and reading. */
public abstract class ContractGroup {
    private final StoreUnderTest underTest;

    /**
     * A group about a store.
     *
     * @param underTest the store of each test
     */
    protected ContractGroup(StoreUnderTest underTest) {
        this.underTest = underTest;
    }

    final ExecutionStore store() {
        return underTest.store();
    }

    final UUID newUser() {
        return underTest.newUser();
    }

    /** Records everything in one batch. */
    final void record(Object... records) {
        store().record(Samples.batch(records));
    }

    final WorkflowExecution execution(String id) {
        return store().findExecution(id)
                .orElseThrow(() -> new AssertionError("execution '" + id + "' is not in the store"));
    }

    final ExecutionDetails details(String id) {
        return store().findDetails(id)
                .orElseThrow(() -> new AssertionError("execution '" + id + "' is not in the store"));
    }

    final List<NodeResult> results(String executionId) {
        return details(executionId).nodeResults();
    }

    final List<ExecutionLog> logs(String executionId) {
        return store().listLogs(LogQuery.ofExecution(executionId).limit(LogQuery.MAX_LIMIT));
    }

    final List<ExecutionLog> logs(String executionId, String nodeRunId) {
        return store().listLogs(
                        LogQuery.ofExecution(executionId).ofNodeRun(nodeRunId).limit(LogQuery.MAX_LIMIT));
    }

    final List<String> resultIds(String executionId) {
        return results(executionId).stream().map(NodeResult::id).toList();
    }

    final List<String> logIds(String executionId) {
        return logs(executionId).stream().map(ExecutionLog::id).toList();
    }

    final List<String> listedIds() {
        return store().listExecutions(ExecutionQuery.all().limit(ExecutionQuery.MAX_LIMIT)).stream()
                .map(ExecutionSummary::id)
                .toList();
    }

    /** Nothing of an execution can be read, in whatever way. */
    final void assertGone(String executionId) {
        assertThat(store().findExecution(executionId)).isEmpty();
        assertThat(store().findDetails(executionId)).isEmpty();
        assertThat(logs(executionId)).isEmpty();
        assertThat(listedIds()).doesNotContain(executionId);
    }

    /** A batch is refused because exactly these executions do not exist. */
    final void assertUnknown(HistoryBatch batch, String... executionIds) {
        String rule = "rule 5: an execution that is neither in the batch nor in the store is named, here "
                + List.of(executionIds);
        UnknownExecutionException refusal = refusal(UnknownExecutionException.class, rule, batch);
        assertThat(refusal.executionIds()).as(rule).containsExactlyInAnyOrder(executionIds);
        assertThat(refusal.isInDoubt()).as("in doubt whether it was written").isFalse();
    }

    /** A batch is refused because of ids that are taken; at least one of them is named, and no other. */
    final void assertConflict(HistoryBatch batch, IdConflictException.IdKind kind, String... ids) {
        String rule = ruleOf(kind) + "; its idKind() is " + kind + " and its ids() are of " + List.of(ids);
        IdConflictException refusal = refusal(IdConflictException.class, rule, batch);
        assertThat(refusal.idKind()).as(rule).isEqualTo(kind);
        assertThat(refusal.ids()).as(rule).isNotEmpty();
        assertThat(Set.of(ids)).as(rule).containsAll(refusal.ids());
        assertThat(refusal.isInDoubt()).as("in doubt whether it was written").isFalse();
    }

    private static String ruleOf(IdConflictException.IdKind kind) {
        return switch (kind) {
            case EXECUTION -> "rule 7: this execution exists with another workflow or user";
            case NODE_RESULT -> "rule 7: this node result exists in another execution";
            case LOG -> "rule 7: this log entry exists in another execution";
            case NODE_RUN ->
                "rule 8: a log entry belongs to a node run of its own execution, and here it names one whose result is in"
                        + " another";
        };
    }

    /** The exception by which the store refuses a batch. A failure says which it has to be, and by which rule. */
    final <E extends RuntimeException> E refusal(Class<E> type, String rule, HistoryBatch batch) {
        String expectation = "expected record(batch) to throw " + type.getSimpleName() + " (" + rule + "), but it ";
        try {
            store().record(batch);
        } catch (RuntimeException e) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
            throw new AssertionError(expectation + "threw " + e, e);
        }
        throw new AssertionError(expectation + "returned as if all were well");
    }
}
