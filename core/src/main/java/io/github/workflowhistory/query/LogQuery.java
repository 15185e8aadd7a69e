package io.github.workflowhistory.query;

import io.github.workflowhistory.Ids;
import io.github.workflowhistory.LogLevel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which log entries of one execution to list, in order. Immutable; every method returns a new query.
 *
 * <pre>{@code
 * store.listLogs(LogQuery.ofExecution(executionId).atLeast(LogLevel.WARN));
 * }</pre>
 *
 * @param executionId the execution
 * @param nodeRunId only entries of this node run, whether its result is there or still to come; null for all
 * @param minimumLevel only entries of this level or a more important one
 * @param limit how many at most, the earliest ones, from 1 to {@value #MAX_LIMIT}
 */
public record LogQuery(String executionId, @Nullable String nodeRunId, LogLevel minimumLevel, int limit) {
    /** The limit of a query that states none. */
    public static final int DEFAULT_LIMIT = 1_000;

    /** The greatest limit. */
    public static final int MAX_LIMIT = 100_000;

    /**
     * Checks the components.
     *
     * @param executionId see the class
     * @param nodeRunId see the class
     * @param minimumLevel see the class
     * @param limit see the class
     * @throws NullPointerException when the execution id or the level is null
     * @throws IllegalArgumentException when an id is refused or the limit out of range
     */
    public LogQuery {
        Ids.requireValid("execution id", executionId);
        if (nodeRunId != null) {
            Ids.requireValid("node run id", nodeRunId);
        }
        Objects.requireNonNull(minimumLevel, "minimumLevel must not be null");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + ", not " + limit);
        }
    }

    /**
     * The log of an execution.
     *
     * @param executionId the execution
     * @return a query for entries of every level, with the default limit of {@value #DEFAULT_LIMIT}
     * @throws IllegalArgumentException when the id is refused; see {@link Ids}
     */
    public static LogQuery ofExecution(String executionId) {
        return new LogQuery(executionId, null, LogLevel.DEBUG, DEFAULT_LIMIT);
    }

    /**
     * Only entries of one node run.
     *
     * @param nodeRunId the id of the run, which is the id of its result
     * @return a new query
     * @throws IllegalArgumentException when the id is refused; see {@link Ids}
     */
    public LogQuery ofNodeRun(String nodeRunId) {
        return new LogQuery(
                executionId, Objects.requireNonNull(nodeRunId, "nodeRunId must not be null"), minimumLevel, limit);
    }

    /**
     * Only entries that are important enough.
     *
     * @param minimum the least important level that is wanted
     * @return a new query
     */
    public LogQuery atLeast(LogLevel minimum) {
        return new LogQuery(executionId, nodeRunId, minimum, limit);
    }

    /**
     * At most so many, the earliest ones.
     *
     * @param limit from 1 to {@value #MAX_LIMIT}
     * @return a new query
     * @throws IllegalArgumentException when the limit is out of range
     */
    public LogQuery limit(int limit) {
        return new LogQuery(executionId, nodeRunId, minimumLevel, limit);
    }
}
