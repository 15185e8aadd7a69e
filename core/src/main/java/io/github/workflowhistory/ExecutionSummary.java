package io.github.workflowhistory;

import io.github.workflowhistory.internal.Texts;
import io.github.workflowhistory.internal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An execution as a list shows it. It has no payload at all, so that "not loaded" cannot look like "none"; read the
 * execution by its id to see its output.
 *
 * @param id the execution's id
 * @param workflowId the workflow that was executed
 * @param userId the user to whom the execution belongs, or null when it belongs to no user
 * @param status the current state
 * @param startedAt when it started, or null while it is queued or when that was never recorded
 * @param completedAt when it ended, or null while it has not
 * @param duration how long it took, or null; see {@link WorkflowExecution#duration()}
 * @param error what went wrong, or null when nothing did
 * @param createdAt when the execution was first recorded
 * @param abandonedAt when it was ended because its recorder was gone, or null
 */
public record ExecutionSummary(
        String id,
        String workflowId,
        @Nullable UUID userId,
        ExecutionStatus status,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Duration duration,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant abandonedAt) {

    /**
     * Checks and normalises the components as {@link WorkflowExecution} does.
     *
     * @param id see the class
     * @param workflowId see the class
     * @param userId see the class
     * @param status see the class
     * @param startedAt see the class
     * @param completedAt see the class
     * @param duration see the class
     * @param error see the class
     * @param createdAt see the class
     * @param abandonedAt see the class
     */
    public ExecutionSummary {
        Ids.requireValid("execution id", id);
        Ids.requireValid("workflow id", workflowId);
        Objects.requireNonNull(status, "status must not be null");
        Objects.requireNonNull(createdAt, "createdAt must not be null");
        startedAt = Times.microsOrNull("startedAt", startedAt);
        completedAt = Times.microsOrNull("completedAt", completedAt);
        duration = Times.stored(duration, startedAt, completedAt);
        error = error == null ? null : Texts.clean(error);
        createdAt = Times.micros("createdAt", createdAt);
        abandonedAt = Times.microsOrNull("abandonedAt", abandonedAt);
    }
}
