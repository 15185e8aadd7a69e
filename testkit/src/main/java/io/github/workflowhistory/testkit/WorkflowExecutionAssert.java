package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowExecution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Assertions about an execution without its node results and logs. Made by {@link HistoryAssertions}. */
public final class WorkflowExecutionAssert extends AbstractExecutionAssert<WorkflowExecutionAssert, WorkflowExecution> {

    WorkflowExecutionAssert(WorkflowExecution actual) {
        super(actual, WorkflowExecutionAssert.class);
    }

    @Override
    ExecutionSummary summary() {
        return actual.summary();
    }

    @Override
    String picture() {
        return Timeline.of(new ExecutionDetails(actual, List.of(), List.of()))
                .render(Timeline.DEFAULT_WIDTH)
                .lines()
                .findFirst()
                .orElseThrow();
    }

    /**
     * The execution has an output that is equal as JSON.
     *
     * @param output the expected output: anything that Jackson can serialise, or a {@link io.github.workflowhistory.Json};
     *     null is JSON {@code null}
     * @return this
     */
    public WorkflowExecutionAssert hasOutput(@Nullable Object output) {
        return requireOutput(actual.finalOutput(), output);
    }

    /**
     * The execution has no output, not even JSON {@code null}.
     *
     * @return this
     */
    public WorkflowExecutionAssert hasNoOutput() {
        return requireEqual(actual.finalOutput(), null, "the output");
    }
}
