package io.github.workflowhistory;

import io.github.workflowhistory.internal.Texts;
import io.github.workflowhistory.internal.Times;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an execution's log: a row of {@code execution_logs}. Immutable, and normalised like
 * {@link WorkflowExecution}.
 *
 * @param id the entry's id; entries of the same microsecond are read in the order of their ids as bytes
 * @param executionId the execution to which it belongs; see {@link Ids}
 * @param nodeRunId the node run to which it belongs, which is the id of the {@link NodeResult} that ends this run and
 *     may still be to come; null when the entry belongs to the execution as a whole
 * @param level how important it is
 * @param message what happened
 * @param data more about it, or null when there is none
 * @param timestamp when it happened
 */
public record ExecutionLog(
        String id,
        String executionId,
        @Nullable String nodeRunId,
        LogLevel level,
        String message,
        @Nullable Json data,
        Instant timestamp) {

    /**
     * Checks and normalises the components as the class comment says.
     *
     * @param id see the class
     * @param executionId see the class
     * @param nodeRunId see the class
     * @param level see the class
     * @param message see the class
     * @param data see the class
     * @param timestamp see the class
     * @throws NullPointerException when a component that must be there is null
     * @throws IllegalArgumentException when an id is refused or the time lies outside the years 1 to 9999
     */
    public ExecutionLog {
        Ids.requireValid("log id", id);
        Ids.requireValid("execution id", executionId);
        if (nodeRunId != null) {
            Ids.requireValid("node run id", nodeRunId);
        }
        Objects.requireNonNull(level, "level must not be null");
        message = Texts.clean(Objects.requireNonNull(message, "message must not be null"));
        Objects.requireNonNull(timestamp, "timestamp must not be null");
        timestamp = Times.micros("timestamp", timestamp);
    }

    /**
     * An entry that belongs to the execution as a whole and has no data.
     *
     * @param id the entry's id
     * @param executionId the execution
     * @param level how important it is
     * @param message what happened
     * @param timestamp when it happened
     * @return the entry
     */
    public static ExecutionLog of(String id, String executionId, LogLevel level, String message, Instant timestamp) {
        return new ExecutionLog(id, executionId, null, level, message, null, timestamp);
    }
}
