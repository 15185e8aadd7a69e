package io.github.workflowhistory.testkit;

import io.github.workflowhistory.NodeResult;

/** Assertions about the result of a node by itself. Made by {@link HistoryAssertions}. */
public final class NodeResultAssert extends AbstractNodeResultAssert<NodeResultAssert> {

    NodeResultAssert(NodeResult actual) {
        super(actual, NodeResultAssert.class);
    }

    @Override
    String picture() {
        return actual.toString();
    }
}
