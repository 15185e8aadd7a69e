package io.github.workflowhistory;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An execution that is about to be recorded, for callers that have more to say of it than {@link WorkflowHistory#record}
 * asks. Not for use by several threads at once; good for one execution.
 */
public final class ExecutionStarter {
    private final WorkflowHistory history;
    private final String workflowId;
    private @Nullable String id;
    private @Nullable UUID userId;

    ExecutionStarter(WorkflowHistory history, String workflowId) {
        this.history = history;
        this.workflowId = Ids.requireValid("workflow id", workflowId);
    }

    /**
     * Gives the execution an id of the host's. Without it the library makes one.
     *
     * @param id an id that no other execution has, by the rule of {@link Ids}. Of the same workflow and user it is taken
     *     for the execution that is there, and what is recorded is added to that; of another it is refused
     * @return this
     * @throws IllegalArgumentException when the id is refused
     */
    public ExecutionStarter id(String id) {
        this.id = Ids.requireValid("execution id", id);
        return this;
    }

    /**
     * Says to whom the execution belongs.
     *
     * @param userId the user, or null when it belongs to no user; no end user can see it then
     * @return this
     */
    public ExecutionStarter userId(@Nullable UUID userId) {
        this.userId = userId;
        return this;
    }

    /**
     * Runs and records the execution; see {@link WorkflowHistory#record}.
     *
     * @param body the work
     * @param <T> what the work returns
     * @param <X> what it may throw
     * @return what the body returned
     * @throws X what the body threw
     */
    public <T extends @Nullable Object, X extends Throwable> T record(Body<ExecutionRun, T, X> body) throws X {
        Objects.requireNonNull(body, "body must not be null");
        return begin().performBody(body);
    }

    /**
     * Runs and records an execution that has no output; see {@link WorkflowHistory#run}.
     *
     * @param action the work
     * @param <X> what it may throw
     * @throws X what the action threw
     */
    public <X extends Throwable> void run(Action<ExecutionRun, X> action) throws X {
        Objects.requireNonNull(action, "action must not be null");
        begin().perform(action);
    }

    /**
     * Begins an execution that other code ends; see {@link WorkflowHistory#begin}.
     *
     * @return the run, which is to be ended or closed
     */
    public ExecutionRun begin() {
        return history.start(executionId(), workflowId, userId);
    }

    /**
     * Records an execution that waits for a worker; see {@link WorkflowHistory#recordQueued}.
     *
     * @return its id
     */
    public String queue() {
        return history.queue(executionId(), workflowId, userId);
    }

    private String executionId() {
        return id != null ? id : history.newId();
    }
}
