package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.ExecutionReader;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.annotation.CheckReturnValue;

/**
 * Where assertions about history start.
 *
 * <pre>{@code
 * import static io.github.workflowhistory.testkit.HistoryAssertions.assertThatExecution;
 *
 * assertThatExecution(store, id)
 *         .succeeded()
 *         .ranNodes("fetch", "index")
 *         .skippedNode("mail", "nothing new")
 *         .node("fetch").succeeded().hasOutput(List.of(1, 2)).logged(LogLevel.INFO, "asking the shop");
 * }</pre>
 *
 * <p>A failure shows the {@link Timeline} of the execution.
 */
@CheckReturnValue
public final class HistoryAssertions {
    private static final String NOT_YET = "a history that was not built with synchronous() writes in the background:"
            + " call its flush(Duration.ofSeconds(5)) before you look";

    private HistoryAssertions() {}

    /**
     * Starts with an execution that is read from a store; there has to be one of this id.
     *
     * @param store where to read
     * @param executionId the execution
     * @return assertions about the execution, its node results and its log
     */
    public static ExecutionDetailsAssert assertThatExecution(ExecutionReader store, String executionId) {
        return assertThat(store.findDetails(executionId)
                .orElseThrow(() -> new AssertionError("expected an execution '" + executionId
                        + "' in the store, but there is none; " + known(store) + "; " + NOT_YET)));
    }

    /**
     * Starts with the newest execution of a store; there has to be one.
     *
     * @param store where to read
     * @return assertions about the execution, its node results and its log
     */
    public static ExecutionDetailsAssert assertThatLatestExecution(ExecutionReader store) {
        ExecutionSummary latest = store.listExecutions(ExecutionQuery.all().limit(1)).stream()
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("expected an execution in the store, but there is none; " + NOT_YET));
        return assertThatExecution(store, latest.id());
    }

    private static String known(ExecutionReader store) {
        List<ExecutionSummary> newest =
                store.listExecutions(ExecutionQuery.all().limit(10));
        return newest.isEmpty()
                ? "the store is empty"
                : newest.stream()
                        .map(execution -> "'" + execution.id() + "' (" + execution.workflowId() + ")")
                        .collect(Collectors.joining(", ", "the newest are ", ""));
    }

    /**
     * Starts with an execution and all that belongs to it.
     *
     * @param actual the execution
     * @return assertions about it
     */
    public static ExecutionDetailsAssert assertThat(ExecutionDetails actual) {
        return new ExecutionDetailsAssert(actual);
    }

    /**
     * Starts with an execution.
     *
     * @param actual the execution
     * @return assertions about it
     */
    public static WorkflowExecutionAssert assertThat(WorkflowExecution actual) {
        return new WorkflowExecutionAssert(actual);
    }

    /**
     * Starts with an execution of a list.
     *
     * @param actual the execution
     * @return assertions about it
     */
    public static ExecutionSummaryAssert assertThat(ExecutionSummary actual) {
        return new ExecutionSummaryAssert(actual);
    }

    /**
     * Starts with the result of a node.
     *
     * @param actual the result
     * @return assertions about it
     */
    public static NodeResultAssert assertThat(NodeResult actual) {
        return new NodeResultAssert(actual);
    }

    /**
     * Starts with a log entry.
     *
     * @param actual the entry
     * @return assertions about it
     */
    public static ExecutionLogAssert assertThat(ExecutionLog actual) {
        return new ExecutionLogAssert(actual);
    }
}
