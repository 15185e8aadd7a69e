package io.github.workflowhistory.store;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Ids;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.internal.Texts;
import io.github.workflowhistory.internal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A new state of an execution that exists: only what changed. It never creates an execution. Immutable, and normalised
 * like {@link io.github.workflowhistory.WorkflowExecution}.
 *
 * @param executionId the execution that changes
 * @param status the state that was reached
 * @param startedAt when the execution started, or null when this says nothing about it
 * @param completedAt when it ended; always there for a terminal status, never for another
 * @param duration how long it took, or null to let the store compute it from the start and the end
 * @param finalOutput its output, or null when this brings none
 * @param error what went wrong, or null when this brings none
 * @param recorderId the recorder that brings this change, or null
 * @param abandonedAt for an end because the recorder was gone: when that was found; otherwise null
 */
public record ExecutionChange(
        String executionId,
        ExecutionStatus status,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Duration duration,
        @Nullable Json finalOutput,
        @Nullable String error,
        @Nullable String recorderId,
        @Nullable Instant abandonedAt) {

    /**
     * Checks and normalises the components.
     *
     * @param executionId see the class
     * @param status see the class
     * @param startedAt see the class
     * @param completedAt see the class
     * @param duration see the class
     * @param finalOutput see the class
     * @param error see the class
     * @param recorderId see the class
     * @param abandonedAt see the class
     * @throws NullPointerException when the execution id or the status is null
     * @throws IllegalArgumentException when an id is refused, the duration negative, a time outside the years 1 to
     *     9999, or when the end is missing for a terminal status or there for another
     */
    public ExecutionChange {
        Ids.requireValid("execution id", executionId);
        Objects.requireNonNull(status, "status must not be null");
        if (status.isTerminal() && completedAt == null) {
            throw new IllegalArgumentException(
                    "a change to " + status.code() + " needs completedAt: execution " + Texts.quote(executionId));
        }
        if (!status.isTerminal() && (completedAt != null || duration != null)) {
            throw new IllegalArgumentException("a change to " + status.code()
                    + " cannot have completedAt or duration: execution " + Texts.quote(executionId));
        }
        if (abandonedAt != null && status != ExecutionStatus.FAILED) {
            throw new IllegalArgumentException("an abandoned execution ends as failed, not as " + status.code()
                    + ": execution " + Texts.quote(executionId));
        }
        startedAt = Times.microsOrNull("startedAt", startedAt);
        completedAt = Times.microsOrNull("completedAt", completedAt);
        duration = Times.stored(duration, startedAt, completedAt);
        error = error == null ? null : Texts.clean(error);
        if (recorderId != null) {
            Ids.requireValid("recorder id", recorderId);
        }
        abandonedAt = Times.microsOrNull("abandonedAt", abandonedAt);
    }

    /**
     * The execution has started.
     *
     * @param executionId the execution
     * @param startedAt when it started
     * @return the change
     */
    public static ExecutionChange running(String executionId, Instant startedAt) {
        return new ExecutionChange(executionId, ExecutionStatus.RUNNING, startedAt, null, null, null, null, null, null);
    }

    /**
     * The execution has ended.
     *
     * @param executionId the execution
     * @param status how it ended; terminal
     * @param completedAt when it ended
     * @return the change
     */
    public static ExecutionChange ended(String executionId, ExecutionStatus status, Instant completedAt) {
        return new ExecutionChange(executionId, status, null, completedAt, null, null, null, null, null);
    }

    /**
     * The execution is ended because its recorder is gone.
     *
     * @param executionId the execution
     * @param at when that was found
     * @return a change to failed that the real end may replace
     */
    public static ExecutionChange abandoned(String executionId, Instant at) {
        return new ExecutionChange(
                executionId, ExecutionStatus.FAILED, null, at, null, null, ExecutionLeases.ABANDONED_ERROR, null, at);
    }

    /**
     * The same change with the time of the start.
     *
     * @param startedAt when the execution started, or null
     * @return a copy
     */
    public ExecutionChange withStartedAt(@Nullable Instant startedAt) {
        return new ExecutionChange(
                executionId, status, startedAt, completedAt, duration, finalOutput, error, recorderId, abandonedAt);
    }

    /**
     * The same change with a measured duration.
     *
     * @param duration how long the execution took, or null
     * @return a copy
     */
    public ExecutionChange withDuration(@Nullable Duration duration) {
        return new ExecutionChange(
                executionId, status, startedAt, completedAt, duration, finalOutput, error, recorderId, abandonedAt);
    }

    /**
     * The same change with an output.
     *
     * @param finalOutput the output, or null
     * @return a copy
     */
    public ExecutionChange withFinalOutput(@Nullable Json finalOutput) {
        return new ExecutionChange(
                executionId, status, startedAt, completedAt, duration, finalOutput, error, recorderId, abandonedAt);
    }

    /**
     * The same change with an error.
     *
     * @param error what went wrong, or null
     * @return a copy
     */
    public ExecutionChange withError(@Nullable String error) {
        return new ExecutionChange(
                executionId, status, startedAt, completedAt, duration, finalOutput, error, recorderId, abandonedAt);
    }

    /**
     * The same change, brought by a recorder.
     *
     * @param recorderId the recorder's id, or null
     * @return a copy
     */
    public ExecutionChange withRecorderId(@Nullable String recorderId) {
        return new ExecutionChange(
                executionId, status, startedAt, completedAt, duration, finalOutput, error, recorderId, abandonedAt);
    }
}
