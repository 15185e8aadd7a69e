package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.ExecutionSummary;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

/**
 * Assertions about the state of an execution, however much of it was read.
 *
 * @param <SELF> the assertion itself
 * @param <ACTUAL> what was read of the execution
 */
public abstract class AbstractExecutionAssert<SELF extends AbstractExecutionAssert<SELF, ACTUAL>, ACTUAL>
        extends AbstractHistoryAssert<SELF, ACTUAL> {

    AbstractExecutionAssert(ACTUAL actual, Class<?> selfType) {
        super(actual, selfType);
    }

    abstract ExecutionSummary summary();

    @Override
    final String subject() {
        return "execution '" + summary().id() + "'";
    }

    /**
     * The execution is in this state.
     *
     * @param status the expected state
     * @return this
     */
    public SELF hasStatus(ExecutionStatus status) {
        return requireEqual(summary().status(), Objects.requireNonNull(status), "the status");
    }

    /**
     * The execution waits for a worker.
     *
     * @return this
     */
    public SELF isQueued() {
        return hasStatus(ExecutionStatus.QUEUED);
    }

    /**
     * The execution has started and not ended.
     *
     * @return this
     */
    public SELF isRunning() {
        return hasStatus(ExecutionStatus.RUNNING);
    }

    /**
     * The execution has ended as success.
     *
     * @return this
     */
    public SELF succeeded() {
        return hasStatus(ExecutionStatus.SUCCESS);
    }

    /**
     * The execution has ended as partial: some nodes succeeded and some failed.
     *
     * @return this
     */
    public SELF partiallySucceeded() {
        return hasStatus(ExecutionStatus.PARTIAL);
    }

    /**
     * The execution has ended as failed.
     *
     * @return this
     */
    public SELF failed() {
        return hasStatus(ExecutionStatus.FAILED);
    }

    /**
     * The execution has ended as failed, with an error that contains a text.
     *
     * @param text a part of the expected error
     * @return this
     */
    public SELF failedWith(String text) {
        failed();
        return requireText(summary().error(), text, "an error");
    }

    /**
     * The execution has no error.
     *
     * @return this
     */
    public SELF hasNoError() {
        return requireEqual(summary().error(), null, "the error");
    }

    /**
     * The execution was ended because its recorder was gone.
     *
     * @return this
     */
    public SELF wasAbandoned() {
        return require(summary().abandonedAt() != null, "to be abandoned, but it is not");
    }

    /**
     * The execution belongs to a user.
     *
     * @param userId the expected user
     * @return this
     */
    public SELF belongsTo(UUID userId) {
        return requireEqual(summary().userId(), Objects.requireNonNull(userId), "the user");
    }

    /**
     * The execution belongs to no user.
     *
     * @return this
     */
    public SELF belongsToNobody() {
        return requireEqual(summary().userId(), null, "the user");
    }

    /**
     * The execution is one of a workflow.
     *
     * @param workflowId the expected workflow
     * @return this
     */
    public SELF isOfWorkflow(String workflowId) {
        return requireEqual(summary().workflowId(), Objects.requireNonNull(workflowId), "the workflow");
    }

    /**
     * The execution took exactly so long; with a {@link SettableClock} that can be foretold.
     *
     * @param duration the expected duration
     * @return this
     */
    public SELF hasDuration(Duration duration) {
        return requireEqual(summary().duration(), Objects.requireNonNull(duration), "the duration");
    }
}
