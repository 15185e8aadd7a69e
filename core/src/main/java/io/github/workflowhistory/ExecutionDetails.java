package io.github.workflowhistory;

import java.util.List;
import java.util.Objects;

/**
 * Everything that is known of one execution, as it was at one moment.
 *
 * @param execution the execution
 * @param nodeResults its node results by the time they finished, equal times by id as bytes; unmodifiable
 * @param logs its log by time, equal times by id as bytes; unmodifiable
 */
public record ExecutionDetails(WorkflowExecution execution, List<NodeResult> nodeResults, List<ExecutionLog> logs) {

    /**
     * Takes copies of the lists.
     *
     * @param execution see the class
     * @param nodeResults see the class
     * @param logs see the class
     */
    public ExecutionDetails {
        Objects.requireNonNull(execution, "execution must not be null");
        nodeResults = List.copyOf(nodeResults);
        logs = List.copyOf(logs);
    }

    /**
     * The part of the log that belongs to one run of a node.
     *
     * @param nodeRunId the id of the node run, which is the id of its result
     * @return the entries in order, empty when there are none
     */
    public List<ExecutionLog> logsOf(String nodeRunId) {
        return logs.stream().filter(log -> nodeRunId.equals(log.nodeRunId())).toList();
    }
}
