package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import java.util.List;

/**
 * Assertions about a node of an execution, its log included. Made by {@link ExecutionDetailsAssert#node(String)}; a
 * failure shows the execution's {@link Timeline}.
 */
public final class NodeAssert extends AbstractNodeResultAssert<NodeAssert> {
    private final ExecutionDetailsAssert execution;

    NodeAssert(NodeResult actual, ExecutionDetailsAssert execution) {
        super(actual, NodeAssert.class);
        this.execution = execution;
    }

    @Override
    String picture() {
        return execution.picture();
    }

    private List<ExecutionLog> logs() {
        return execution.details().logsOf(actual.id());
    }

    /**
     * The log of this node run has an entry with a text.
     *
     * @param text a part of the expected message
     * @return this
     */
    public NodeAssert logged(String text) {
        return require(
                ExecutionDetailsAssert.hasEntry(logs(), null, text), "to have logged \"" + text + "\", but it has not");
    }

    /**
     * The log of this node run has an entry of a level with a text.
     *
     * @param level the expected level
     * @param text a part of the expected message
     * @return this
     */
    public NodeAssert logged(LogLevel level, String text) {
        return require(
                ExecutionDetailsAssert.hasEntry(logs(), level, text),
                "to have logged \"" + text + "\" at level " + level.code() + ", but it has not");
    }

    /**
     * The log of this node run has so many entries.
     *
     * @param count the expected number
     * @return this
     */
    public NodeAssert hasLogs(int count) {
        return requireEqual(logs().size(), count, "the number of log entries");
    }

    /**
     * Goes on to another node of the same execution, or to this one's last result.
     *
     * @param nodeId the node
     * @return assertions about its last result
     */
    public NodeAssert node(String nodeId) {
        return execution.node(nodeId);
    }

    /**
     * Goes back to the execution.
     *
     * @return assertions about the execution
     */
    public ExecutionDetailsAssert inExecution() {
        return execution;
    }
}
