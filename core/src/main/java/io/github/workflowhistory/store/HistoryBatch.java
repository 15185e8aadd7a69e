package io.github.workflowhistory.store;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Things that happened, to be recorded together or not at all. Immutable.
 *
 * <p>Building a batch merges what belongs together: each execution stands in it at most once, either created or
 * changed, in the state that its records reach one after the other; and each id of a node result or log entry stands in
 * it once. The order of the four lists is the order in which things were added, and means nothing to a store.
 */
public final class HistoryBatch {
    private final List<WorkflowExecution> executions;
    private final List<ExecutionChange> changes;
    private final List<NodeResult> nodeResults;
    private final List<ExecutionLog> logs;

    private HistoryBatch(Builder builder) {
        executions = copy(builder.executions);
        changes = copy(builder.changes);
        nodeResults = copy(builder.nodeResults);
        logs = copy(builder.logs);
    }

    private static <T> List<T> copy(Map<String, T> records) {
        return List.copyOf(records.values());
    }

    /**
     * Starts a batch.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The executions that are created if they do not exist yet. For one that exists this is a state like that of a
     * change.
     *
     * @return unmodifiable, each execution once
     */
    public List<WorkflowExecution> executions() {
        return executions;
    }

    /**
     * The changes of executions that this batch does not create.
     *
     * @return unmodifiable, each execution once
     */
    public List<ExecutionChange> changes() {
        return changes;
    }

    /**
     * The node results.
     *
     * @return unmodifiable, each id once
     */
    public List<NodeResult> nodeResults() {
        return nodeResults;
    }

    /**
     * The log entries.
     *
     * @return unmodifiable, each id once
     */
    public List<ExecutionLog> logs() {
        return logs;
    }

    /**
     * The number of records in the four lists.
     *
     * @return zero or more
     */
    public int size() {
        return executions.size() + changes.size() + nodeResults.size() + logs.size();
    }

    /**
     * Tells whether there is nothing to record.
     *
     * @return true when all four lists are empty
     */
    public boolean isEmpty() {
        return size() == 0;
    }

    /**
     * Names how much of what is in the batch, for logs.
     *
     * @return for example {@code "HistoryBatch[executions=1, changes=0, nodeResults=10, logs=30]"}
     */
    @Override
    public String toString() {
        return "HistoryBatch[executions=" + executions.size() + ", changes=" + changes.size() + ", nodeResults="
                + nodeResults.size() + ", logs=" + logs.size() + "]";
    }

    /** Collects records. Not for use by several threads at once. */
    public static final class Builder {
        private final Map<String, WorkflowExecution> executions = new LinkedHashMap<>();
        private final Map<String, ExecutionChange> changes = new LinkedHashMap<>();
        private final Map<String, NodeResult> nodeResults = new LinkedHashMap<>();
        private final Map<String, ExecutionLog> logs = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Adds an execution to create.
         *
         * @param execution the execution; when it has ended, with its {@code completedAt}
         * @return this
         * @throws IllegalArgumentException when it has ended and {@code completedAt} is missing, or when it has not
         *     and {@code completedAt} or a duration is there
         * @throws IdConflictException when the batch has an execution of the same id with another workflow or user
         */
        public Builder add(WorkflowExecution execution) {
            ExecutionChange state = ExecutionTransitions.stateOf(execution);
            WorkflowExecution earlier = executions.get(execution.id());
            if (earlier != null) {
                if (!earlier.workflowId().equals(execution.workflowId())
                        || !Objects.equals(earlier.userId(), execution.userId())) {
                    throw new IdConflictException(IdConflictException.IdKind.EXECUTION, List.of(execution.id()));
                }
                executions.put(execution.id(), ExecutionTransitions.apply(earlier, state));
                return this;
            }
            WorkflowExecution merged = ExecutionTransitions.complete(execution);
            ExecutionChange change = changes.remove(execution.id());
            executions.put(execution.id(), change == null ? merged : ExecutionTransitions.apply(merged, change));
            return this;
        }

        /**
         * Adds a change of an execution.
         *
         * @param change the change
         * @return this
         */
        public Builder add(ExecutionChange change) {
            String id = change.executionId();
            WorkflowExecution execution = executions.get(id);
            if (execution != null) {
                executions.put(id, ExecutionTransitions.apply(execution, change));
            } else {
                changes.merge(id, change, ExecutionTransitions::merge);
            }
            return this;
        }

        /**
         * Adds a node result.
         *
         * @param result the result; ignored when the batch has one of the same id in the same execution
         * @return this
         * @throws IdConflictException when the batch has a result of the same id in another execution
         */
        public Builder add(NodeResult result) {
            NodeResult earlier = nodeResults.putIfAbsent(result.id(), result);
            requireSameExecution(
                    IdConflictException.IdKind.NODE_RESULT,
                    result.id(),
                    earlier == null ? null : earlier.executionId(),
                    result.executionId());
            return this;
        }

        /**
         * Adds a log entry.
         *
         * @param log the entry; ignored when the batch has one of the same id in the same execution
         * @return this
         * @throws IdConflictException when the batch has an entry of the same id in another execution
         */
        public Builder add(ExecutionLog log) {
            ExecutionLog earlier = logs.putIfAbsent(log.id(), log);
            requireSameExecution(
                    IdConflictException.IdKind.LOG,
                    log.id(),
                    earlier == null ? null : earlier.executionId(),
                    log.executionId());
            return this;
        }

        /**
         * Adds everything that is in another batch.
         *
         * @param batch the other batch
         * @return this
         * @throws IdConflictException as the other methods
         */
        public Builder addAll(HistoryBatch batch) {
            batch.executions().forEach(this::add);
            batch.changes().forEach(this::add);
            batch.nodeResults().forEach(this::add);
            batch.logs().forEach(this::add);
            return this;
        }

        /**
         * Makes the batch. The builder can be used further.
         *
         * @return what was added so far
         */
        public HistoryBatch build() {
            return new HistoryBatch(this);
        }

        private static void requireSameExecution(
                IdConflictException.IdKind kind, String id, @Nullable String earlier, String later) {
            if (earlier != null && !earlier.equals(later)) {
                throw new IdConflictException(kind, List.of(id));
            }
        }
    }
}
