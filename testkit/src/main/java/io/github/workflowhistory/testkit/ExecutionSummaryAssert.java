package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionSummary;

/** Assertions about an execution as a list shows it. Made by {@link HistoryAssertions}. */
public final class ExecutionSummaryAssert extends AbstractExecutionAssert<ExecutionSummaryAssert, ExecutionSummary> {

    ExecutionSummaryAssert(ExecutionSummary actual) {
        super(actual, ExecutionSummaryAssert.class);
    }

    @Override
    ExecutionSummary summary() {
        return actual;
    }

    @Override
    String picture() {
        return actual.toString();
    }
}
