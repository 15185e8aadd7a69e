package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about an execution with its node results and logs. Made by {@link HistoryAssertions}; a failure shows the
 * execution's {@link Timeline}.
 */
public final class ExecutionDetailsAssert extends AbstractExecutionAssert<ExecutionDetailsAssert, ExecutionDetails> {

    ExecutionDetailsAssert(ExecutionDetails actual) {
        super(actual, ExecutionDetailsAssert.class);
    }

    @Override
    ExecutionSummary summary() {
        return actual.execution().summary();
    }

    @Override
    String picture() {
        return Timeline.of(actual).toString();
    }

    ExecutionDetails details() {
        return actual;
    }

    /**
     * The execution has an output that is equal as JSON.
     *
     * @param output the expected output: anything that Jackson can serialise, or a {@link io.github.workflowhistory.Json};
     *     null is JSON {@code null}
     * @return this
     */
    public ExecutionDetailsAssert hasOutput(@Nullable Object output) {
        return requireOutput(actual.execution().finalOutput(), output);
    }

    /**
     * The execution has no output, not even JSON {@code null}.
     *
     * @return this
     */
    public ExecutionDetailsAssert hasNoOutput() {
        return requireEqual(actual.execution().finalOutput(), null, "the output");
    }

    /**
     * Exactly these nodes ran, in whatever order and however often. Nodes that were skipped did not run.
     *
     * @param nodeIds the expected nodes
     * @return this
     */
    public ExecutionDetailsAssert ranNodes(String... nodeIds) {
        Set<String> expected = new LinkedHashSet<>(List.of(nodeIds));
        Set<String> found = new LinkedHashSet<>(nodesThatRan());
        return requireEqual(found, expected, "the nodes that ran", difference(found, expected));
    }

    /**
     * Exactly these nodes ran, and finished in this order; a node that finished several times counts where it finished
     * first. Nodes that were skipped did not run.
     *
     * @param nodeIds the expected nodes
     * @return this
     */
    public ExecutionDetailsAssert ranNodesInOrder(String... nodeIds) {
        List<String> expected = List.of(nodeIds);
        List<String> found = nodesThatRan();
        return requireEqual(found, expected, "the nodes that ran, in order", difference(found, expected));
    }

    /** What became of the nodes that are in one collection only. */
    private String difference(Collection<String> found, Collection<String> expected) {
        Stream<String> missing = expected.stream()
                .filter(node -> !found.contains(node))
                .map(node -> "'" + node + "' " + (resultsOf(node).isEmpty() ? "has no result" : "was skipped"));
        Stream<String> unexpected =
                found.stream().filter(node -> !expected.contains(node)).map(node -> "'" + node + "' ran as well");
        return Stream.concat(missing, unexpected).distinct().collect(Collectors.joining(", "));
    }

    private List<String> nodesThatRan() {
        return actual.nodeResults().stream()
                .filter(node -> node.status() != NodeStatus.SKIPPED)
                .map(NodeResult::nodeId)
                .distinct()
                .toList();
    }

    /**
     * The execution has so many node results, attempts and skipped nodes included.
     *
     * @param count the expected number
     * @return this
     */
    public ExecutionDetailsAssert hasNodeResults(int count) {
        return requireEqual(actual.nodeResults().size(), count, "the number of node results");
    }

    /**
     * A node was skipped.
     *
     * @param nodeId the node
     * @return this
     */
    public ExecutionDetailsAssert skippedNode(String nodeId) {
        node(nodeId).wasSkipped();
        return this;
    }

    /**
     * A node was skipped for a reason.
     *
     * @param nodeId the node
     * @param reason a part of the expected reason
     * @return this
     */
    public ExecutionDetailsAssert skippedNode(String nodeId, String reason) {
        node(nodeId).wasSkipped(reason);
        return this;
    }

    /**
     * Looks at a node that has a result; at the last one when it has several.
     *
     * @param nodeId the node
     * @return assertions about this result
     */
    public NodeAssert node(String nodeId) {
        List<NodeResult> results = resultsOf(nodeId);
        require(!results.isEmpty(), "to have a result of node '" + nodeId + "', but it has none");
        return new NodeAssert(results.get(results.size() - 1), this);
    }

    /**
     * Looks at one attempt of a node.
     *
     * @param nodeId the node
     * @param attempt which attempt, from 1
     * @return assertions about the result of this attempt
     */
    public NodeAssert node(String nodeId, int attempt) {
        List<NodeResult> results = resultsOf(nodeId).stream()
                .filter(node -> node.attempt() == attempt)
                .toList();
        require(
                !results.isEmpty(),
                "to have a result of attempt " + attempt + " of node '" + nodeId + "', but it has none");
        return new NodeAssert(results.get(results.size() - 1), this);
    }

    private List<NodeResult> resultsOf(String nodeId) {
        return actual.nodeResults().stream()
                .filter(node -> node.nodeId().equals(nodeId))
                .toList();
    }

    /**
     * The log of the execution or of one of its nodes has an entry with a text.
     *
     * @param text a part of the expected message
     * @return this
     */
    public ExecutionDetailsAssert logged(String text) {
        return require(hasEntry(actual.logs(), null, text), "to have logged \"" + text + "\", but it has not");
    }

    /**
     * The log of the execution or of one of its nodes has an entry of a level with a text.
     *
     * @param level the expected level
     * @param text a part of the expected message
     * @return this
     */
    public ExecutionDetailsAssert logged(LogLevel level, String text) {
        return require(
                hasEntry(actual.logs(), level, text),
                "to have logged \"" + text + "\" at level " + level.code() + ", but it has not");
    }

    /**
     * The log has no entry with a text.
     *
     * @param text what no message contains
     * @return this
     */
    public ExecutionDetailsAssert didNotLog(String text) {
        return require(!hasEntry(actual.logs(), null, text), "not to have logged \"" + text + "\", but it has");
    }

    /**
     * The log of the execution and its nodes has so many entries.
     *
     * @param count the expected number
     * @return this
     */
    public ExecutionDetailsAssert hasLogs(int count) {
        return requireEqual(actual.logs().size(), count, "the number of log entries");
    }

    static boolean hasEntry(List<ExecutionLog> logs, @Nullable LogLevel level, String text) {
        return logs.stream()
                .anyMatch(log ->
                        (level == null || log.level() == level) && log.message().contains(text));
    }
}
