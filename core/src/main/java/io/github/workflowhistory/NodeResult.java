package io.github.workflowhistory;

import io.github.workflowhistory.internal.Texts;
import io.github.workflowhistory.internal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one run of a node ended: a row of {@code node_execution_results}.
 *
 * <p>A node may have several results in one execution, one for each attempt and for each branch of a fan-out; each has
 * an id of its own. Results are never changed. Immutable, and normalised like {@link WorkflowExecution}.
 *
 * @param id the id of this result, which is also the id of the node run that it ends; see {@link Ids}
 * @param executionId the execution to which it belongs; see {@link Ids}
 * @param nodeId the node of the workflow; see {@link Ids}
 * @param nodeName the node's name for people
 * @param status how it ended
 * @param output what the node produced, or null when there is none
 * @param error what went wrong, or why the node was skipped, or null
 * @param startedAt when the node started, or null when that was never recorded
 * @param finishedAt when the node finished (column {@code created_at}); results are read in this order
 * @param duration how long it took, in whole milliseconds and never negative, or null when unknown; from 2^31-1 ms on
 *     it is the time between {@code startedAt} and {@code finishedAt}
 * @param attempt which attempt of the node this was, from 1
 */
public record NodeResult(
        String id,
        String executionId,
        String nodeId,
        String nodeName,
        NodeStatus status,
        @Nullable Json output,
        @Nullable String error,
        @Nullable Instant startedAt,
        Instant finishedAt,
        @Nullable Duration duration,
        int attempt) {

    /**
     * Checks and normalises the components as the class comment says.
     *
     * @param id see the class
     * @param executionId see the class
     * @param nodeId see the class
     * @param nodeName see the class
     * @param status see the class
     * @param output see the class
     * @param error see the class
     * @param startedAt see the class
     * @param finishedAt see the class
     * @param duration see the class
     * @param attempt see the class
     * @throws NullPointerException when a component that must be there is null
     * @throws IllegalArgumentException when an id is refused, the duration negative, the attempt below 1, or a time
     *     outside the years 1 to 9999
     */
    public NodeResult {
        Ids.requireValid("node result id", id);
        Ids.requireValid("execution id", executionId);
        Ids.requireValid("node id", nodeId);
        nodeName = Texts.clean(Objects.requireNonNull(nodeName, "nodeName must not be null"));
        Objects.requireNonNull(status, "status must not be null");
        Objects.requireNonNull(finishedAt, "finishedAt must not be null");
        error = error == null ? null : Texts.clean(error);
        startedAt = Times.microsOrNull("startedAt", startedAt);
        finishedAt = Times.micros("finishedAt", finishedAt);
        duration = Times.stored(duration, startedAt, finishedAt);
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt counts from 1, but is " + attempt);
        }
    }

    /**
     * A first attempt with neither output nor error nor times but its end.
     *
     * @param id the id of the result
     * @param executionId the execution
     * @param nodeId the node, whose id is also its name
     * @param status how it ended
     * @param finishedAt when it finished
     * @return the result
     */
    public static NodeResult of(String id, String executionId, String nodeId, NodeStatus status, Instant finishedAt) {
        return new NodeResult(id, executionId, nodeId, nodeId, status, null, null, null, finishedAt, null, 1);
    }
}
