package io.github.workflowhistory;

import io.github.workflowhistory.internal.Texts;
import io.github.workflowhistory.internal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a workflow: a row of {@code workflow_executions}.
 *
 * <p>Immutable. The constructor brings every value into the form in which a store holds it: instants have whole
 * microseconds, the duration whole milliseconds, and characters that PostgreSQL cannot hold are U+FFFD. So what was
 * recorded equals what is read.
 *
 * @param id the execution's id; see {@link Ids}
 * @param workflowId the workflow that was executed; see {@link Ids}
 * @param userId the user to whom the execution belongs, or null when it belongs to no user; no end user can see it then
 * @param status the current state
 * @param startedAt when it started, or null while it is queued or when that was never recorded
 * @param completedAt when it ended, or null while it has not
 * @param duration how long it took, in whole milliseconds and never negative, or null while it has not ended or when
 *     that is unknown. From 2^31-1 ms (24.8 days) on, where the INTEGER column ends, it is the time between
 *     {@code startedAt} and {@code completedAt}
 * @param finalOutput the workflow's output, or null when there is none
 * @param error what went wrong, or null when nothing did
 * @param createdAt when the execution was first recorded
 * @param recorderId the recorder whose lease covers the execution while it runs, or null when none does
 * @param abandonedAt when the execution was ended as failed because its recorder was gone, or null when it was not
 */
public record WorkflowExecution(
        String id,
        String workflowId,
        @Nullable UUID userId,
        ExecutionStatus status,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Duration duration,
        @Nullable Json finalOutput,
        @Nullable String error,
        Instant createdAt,
        @Nullable String recorderId,
        @Nullable Instant abandonedAt) {

    /**
     * Checks and normalises the components as the class comment says.
     *
     * @param id see the class
     * @param workflowId see the class
     * @param userId see the class
     * @param status see the class
     * @param startedAt see the class
     * @param completedAt see the class
     * @param duration see the class
     * @param finalOutput see the class
     * @param error see the class
     * @param createdAt see the class
     * @param recorderId see the class
     * @param abandonedAt see the class
     * @throws NullPointerException when a component that must be there is null
     * @throws IllegalArgumentException when an id is refused, a duration negative, or a time outside the years 1 to
     *     9999
     */
    public WorkflowExecution {
        Ids.requireValid("execution id", id);
        Ids.requireValid("workflow id", workflowId);
        Objects.requireNonNull(status, "status must not be null");
        Objects.requireNonNull(createdAt, "createdAt must not be null");
        startedAt = Times.microsOrNull("startedAt", startedAt);
        completedAt = Times.microsOrNull("completedAt", completedAt);
        duration = Times.stored(duration, startedAt, completedAt);
        error = error == null ? null : Texts.clean(error);
        createdAt = Times.micros("createdAt", createdAt);
        if (recorderId != null) {
            Ids.requireValid("recorder id", recorderId);
        }
        abandonedAt = Times.microsOrNull("abandonedAt", abandonedAt);
    }

    /**
     * An execution that waits for a worker.
     *
     * @param id its id
     * @param workflowId the workflow
     * @param userId the user to whom it belongs, or null
     * @param createdAt when it was recorded
     * @return a queued execution
     */
    public static WorkflowExecution queued(String id, String workflowId, @Nullable UUID userId, Instant createdAt) {
        return new WorkflowExecution(
                id, workflowId, userId, ExecutionStatus.QUEUED, null, null, null, null, null, createdAt, null, null);
    }

    /**
     * An execution that has started.
     *
     * @param id its id
     * @param workflowId the workflow
     * @param userId the user to whom it belongs, or null
     * @param startedAt when it started, which is also when it was recorded
     * @return a running execution
     */
    public static WorkflowExecution running(String id, String workflowId, @Nullable UUID userId, Instant startedAt) {
        return new WorkflowExecution(
                id,
                workflowId,
                userId,
                ExecutionStatus.RUNNING,
                startedAt,
                null,
                null,
                null,
                null,
                startedAt,
                null,
                null);
    }

    /**
     * The same execution under the lease of a recorder.
     *
     * @param recorderId the recorder's id, or null for no lease
     * @return a copy
     */
    public WorkflowExecution withRecorderId(@Nullable String recorderId) {
        return new WorkflowExecution(
                id,
                workflowId,
                userId,
                status,
                startedAt,
                completedAt,
                duration,
                finalOutput,
                error,
                createdAt,
                recorderId,
                abandonedAt);
    }

    /**
     * Tells whether the execution was ended because its recorder was gone.
     *
     * @return true when {@link #abandonedAt()} is there
     */
    public boolean isAbandoned() {
        return abandonedAt != null;
    }

    /**
     * The execution as a list shows it, without its payload.
     *
     * @return the summary
     */
    public ExecutionSummary summary() {
        return new ExecutionSummary(
                id, workflowId, userId, status, startedAt, completedAt, duration, error, createdAt, abandonedAt);
    }
}
