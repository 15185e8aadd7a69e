package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionTransitions;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An execution as it stands in the database and is locked there, without its output, which may be large: a placeholder
 * tells whether there is one. So the state machine of core decides what becomes of it, and no copy of it in SQL.
 *
 * @param state the execution, its output replaced
 */
record StoredExecution(WorkflowExecution state) {
    private static final Json SOME_OUTPUT = Json.of("there is an output");

    /** What stands for an output that was not read. */
    static @Nullable Json placeholder(boolean hasOutput) {
        return hasOutput ? SOME_OUTPUT : null;
    }

    /**
     * What has to be written when a change arrives.
     *
     * @return empty when the change changes nothing, so that no row version is written for it
     */
    @SuppressWarnings("ReferenceEquality") // A real output may be equal to the placeholder, but is never the same.
    Optional<Update> apply(ExecutionChange change) {
        WorkflowExecution after = ExecutionTransitions.apply(state, change);
        @Nullable Json output = after.finalOutput() == state.finalOutput() ? null : after.finalOutput();
        return output == null && isSame(after) ? Optional.empty() : Optional.of(new Update(after, output));
    }

    private boolean isSame(WorkflowExecution after) {
        return after.status() == state.status()
                && Objects.equals(after.startedAt(), state.startedAt())
                && Objects.equals(after.completedAt(), state.completedAt())
                && Objects.equals(after.duration(), state.duration())
                && Objects.equals(after.error(), state.error())
                && Objects.equals(after.recorderId(), state.recorderId())
                && Objects.equals(after.abandonedAt(), state.abandonedAt());
    }

    /**
     * A new state of an execution.
     *
     * @param execution everything but the output
     * @param output the output to write, or null to keep what there is
     */
    record Update(WorkflowExecution execution, @Nullable Json output) {}
}
