package io.github.workflowhistory.store;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import java.util.List;
import java.util.Optional;

/**
 * The read side of a store. Every method may block for as long as the store needs, is safe for use by many threads, and
 * throws a {@link HistoryStoreException} when the store cannot answer, and an {@link IllegalArgumentException} for an
 * id that breaks the rule of {@link io.github.workflowhistory.Ids}.
 */
public interface ExecutionReader {

    /**
     * Reads one execution.
     *
     * @param executionId its id
     * @return the execution with its output, or empty when there is none of this id
     */
    Optional<WorkflowExecution> findExecution(String executionId);

    /**
     * Reads one execution with all its node results and its whole log, as they were at one moment. Everything is held
     * in memory: for an execution with a very long log use {@link #findExecution} and {@link #listLogs}.
     *
     * @param executionId its id
     * @return the execution, or empty when there is none of this id
     */
    Optional<ExecutionDetails> findDetails(String executionId);

    /**
     * Lists executions, newest first: by {@code createdAt} descending, equal times by id as bytes, descending. Payloads
     * are not read.
     *
     * @param query which executions, and how many at most
     * @return an unmodifiable list
     */
    List<ExecutionSummary> listExecutions(ExecutionQuery query);

    /**
     * Lists log entries of one execution in the order of {@link HistoryOrder#LOGS}.
     *
     * @param query which entries, and how many at most
     * @return an unmodifiable list, empty when there is no such execution
     */
    List<ExecutionLog> listLogs(LogQuery query);
}
