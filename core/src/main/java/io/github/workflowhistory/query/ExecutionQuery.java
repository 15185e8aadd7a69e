package io.github.workflowhistory.query;

import io.github.workflowhistory.Ids;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which executions to list, newest first. Immutable; every method returns a new query.
 *
 * <pre>{@code
 * store.listExecutions(ExecutionQuery.all().ofUser(userId).limit(10));
 * }</pre>
 *
 * @param userId only executions of this user, or null for those of every user and of none
 * @param workflowId only executions of this workflow, or null for those of every workflow
 * @param limit how many at most, from 1 to {@value #MAX_LIMIT}
 */
public record ExecutionQuery(
        @Nullable UUID userId, @Nullable String workflowId, int limit) {
    /** The limit of a query that states none. */
    public static final int DEFAULT_LIMIT = 50;

    /** The greatest limit. */
    public static final int MAX_LIMIT = 1_000;

    private static final ExecutionQuery ALL = new ExecutionQuery(null, null, DEFAULT_LIMIT);

    /**
     * Checks the components.
     *
     * @param userId see the class
     * @param workflowId see the class
     * @param limit see the class
     * @throws IllegalArgumentException when the workflow id is refused or the limit out of range
     */
    public ExecutionQuery {
        if (workflowId != null) {
            Ids.requireValid("workflow id", workflowId);
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + ", not " + limit);
        }
    }

    /**
     * The newest executions of all.
     *
     * @return a query with the default limit of {@value #DEFAULT_LIMIT}
     */
    public static ExecutionQuery all() {
        return ALL;
    }

    /**
     * Only executions of a user.
     *
     * @param userId the user
     * @return a new query
     */
    public ExecutionQuery ofUser(UUID userId) {
        return new ExecutionQuery(Objects.requireNonNull(userId, "userId must not be null"), workflowId, limit);
    }

    /**
     * Only executions of a workflow.
     *
     * @param workflowId the workflow
     * @return a new query
     * @throws IllegalArgumentException when the id is refused; see {@link Ids}
     */
    public ExecutionQuery ofWorkflow(String workflowId) {
        return new ExecutionQuery(userId, Objects.requireNonNull(workflowId, "workflowId must not be null"), limit);
    }

    /**
     * At most so many.
     *
     * @param limit from 1 to {@value #MAX_LIMIT}
     * @return a new query
     * @throws IllegalArgumentException when the limit is out of range
     */
    public ExecutionQuery limit(int limit) {
        return new ExecutionQuery(userId, workflowId, limit);
    }
}
