package io.github.workflowhistory.testkit;

import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about the result of a node.
 *
 * @param <SELF> the assertion itself
 */
public abstract class AbstractNodeResultAssert<SELF extends AbstractNodeResultAssert<SELF>>
        extends AbstractHistoryAssert<SELF, NodeResult> {

    AbstractNodeResultAssert(NodeResult actual, Class<?> selfType) {
        super(actual, selfType);
    }

    @Override
    final String subject() {
        return "node '" + actual.nodeId() + "'" + (actual.attempt() == 1 ? "" : " (attempt " + actual.attempt() + ")");
    }

    /**
     * The node ended in this state.
     *
     * @param status the expected state
     * @return this
     */
    public SELF hasStatus(NodeStatus status) {
        return requireEqual(actual.status(), Objects.requireNonNull(status), "the status");
    }

    /**
     * The node did its work.
     *
     * @return this
     */
    public SELF succeeded() {
        return hasStatus(NodeStatus.SUCCESS);
    }

    /**
     * The node ended with an error.
     *
     * @return this
     */
    public SELF failed() {
        return hasStatus(NodeStatus.FAILED);
    }

    /**
     * The node ended with an error that contains a text.
     *
     * @param text a part of the expected error
     * @return this
     */
    public SELF failedWith(String text) {
        failed();
        return requireText(actual.error(), text, "an error");
    }

    /**
     * The node was skipped.
     *
     * @return this
     */
    public SELF wasSkipped() {
        return hasStatus(NodeStatus.SKIPPED);
    }

    /**
     * The node was skipped for a reason.
     *
     * @param reason a part of the expected reason
     * @return this
     */
    public SELF wasSkipped(String reason) {
        wasSkipped();
        return requireText(actual.error(), reason, "a reason");
    }

    /**
     * The node has this name for people.
     *
     * @param name the expected name
     * @return this
     */
    public SELF hasName(String name) {
        return requireEqual(actual.nodeName(), Objects.requireNonNull(name), "the name");
    }

    /**
     * The result is that of this attempt.
     *
     * @param attempt the expected attempt, from 1
     * @return this
     */
    public SELF isAttempt(int attempt) {
        return requireEqual(actual.attempt(), attempt, "the attempt");
    }

    /**
     * The node has an output that is equal as JSON.
     *
     * @param output the expected output: anything that Jackson can serialise, or a {@link io.github.workflowhistory.Json};
     *     null is JSON {@code null}
     * @return this
     */
    public SELF hasOutput(@Nullable Object output) {
        return requireOutput(actual.output(), output);
    }

    /**
     * The node has no output, not even JSON {@code null}.
     *
     * @return this
     */
    public SELF hasNoOutput() {
        return requireEqual(actual.output(), null, "the output");
    }

    /**
     * The node took exactly so long; with a {@link SettableClock} that can be foretold.
     *
     * @param duration the expected duration
     * @return this
     */
    public SELF hasDuration(Duration duration) {
        return requireEqual(actual.duration(), Objects.requireNonNull(duration), "the duration");
    }

    /**
     * The node took so long or longer.
     *
     * @param duration the shortest expected duration
     * @return this
     */
    public SELF hasDurationOfAtLeast(Duration duration) {
        Duration found = actual.duration();
        return require(
                found != null && found.compareTo(duration) >= 0,
                "to have taken at least " + duration + ", but its duration is " + (found == null ? "unknown" : found));
    }
}
