package io.github.workflowhistory.examples.customstore;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionTransitions;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryOrder;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the file says, in memory, where it can be searched. Not thread-safe: the store guards it. */
final class HistoryIndex {
    private final Map<String, Entry> executions = new HashMap<>();

    /** Which execution has a node result, and which has a log entry: ids are unique across executions. */
    private final Map<String, String> executionOfResult = new HashMap<>();

    private final Map<String, String> executionOfLog = new HashMap<>();

    private static final class Entry {
        private WorkflowExecution execution;
        private final TreeSet<NodeResult> results = new TreeSet<>(HistoryOrder.NODE_RESULTS);
        private final TreeSet<ExecutionLog> logs = new TreeSet<>(HistoryOrder.LOGS);

        private Entry(WorkflowExecution execution) {
            this.execution = execution;
        }
    }

    // -- writing: first check everything, then apply everything

    /** Refuses a batch as the rules of {@link io.github.workflowhistory.store.ExecutionRecorder} demand. */
    void check(HistoryBatch batch) {
        Set<String> created = new HashSet<>();
        for (WorkflowExecution execution : batch.executions()) {
            created.add(execution.id());
            Entry entry = executions.get(execution.id());
            if (entry != null
                    && !(entry.execution.workflowId().equals(execution.workflowId())
                            && Objects.equals(entry.execution.userId(), execution.userId()))) {
                throw new IdConflictException(IdConflictException.IdKind.EXECUTION, List.of(execution.id()));
            }
        }
        List<String> unknown = Stream.of(
                        batch.changes().stream().map(ExecutionChange::executionId),
                        batch.nodeResults().stream().map(NodeResult::executionId),
                        batch.logs().stream().map(ExecutionLog::executionId))
                .flatMap(Function.identity())
                .distinct()
                .filter(id -> !created.contains(id) && !executions.containsKey(id))
                .toList();
        if (!unknown.isEmpty()) {
            throw new UnknownExecutionException(unknown);
        }
        Map<String, String> resultsOfBatch = new HashMap<>();
        for (NodeResult result : batch.nodeResults()) {
            resultsOfBatch.put(result.id(), result.executionId());
            requireSame(
                    IdConflictException.IdKind.NODE_RESULT,
                    result.id(),
                    result.executionId(),
                    executionOfResult.get(result.id()));
        }
        for (ExecutionLog log : batch.logs()) {
            requireSame(IdConflictException.IdKind.LOG, log.id(), log.executionId(), executionOfLog.get(log.id()));
            String run = log.nodeRunId();
            // An entry that is there already was judged when it came.
            if (run != null && !executionOfLog.containsKey(log.id())) {
                String owner = resultsOfBatch.getOrDefault(run, executionOfResult.get(run));
                requireSame(IdConflictException.IdKind.NODE_RUN, run, log.executionId(), owner);
            }
        }
    }

    private static void requireSame(
            IdConflictException.IdKind kind, String id, String executionId, @Nullable String owner) {
        if (owner != null && !owner.equals(executionId)) {
            throw new IdConflictException(kind, List.of(id));
        }
    }

    /** Takes over a batch that was checked. */
    void apply(HistoryBatch batch) {
        for (WorkflowExecution execution : batch.executions()) {
            Entry entry = executions.get(execution.id());
            if (entry == null) {
                executions.put(execution.id(), new Entry(execution));
            } else {
                entry.execution = ExecutionTransitions.apply(entry.execution, ExecutionTransitions.stateOf(execution));
            }
        }
        for (ExecutionChange change : batch.changes()) {
            Entry entry = entry(change.executionId());
            entry.execution = ExecutionTransitions.apply(entry.execution, change);
        }
        for (NodeResult result : batch.nodeResults()) {
            if (executionOfResult.putIfAbsent(result.id(), result.executionId()) == null) {
                entry(result.executionId()).results.add(result);
            }
        }
        for (ExecutionLog log : batch.logs()) {
            if (executionOfLog.putIfAbsent(log.id(), log.executionId()) == null) {
                entry(log.executionId()).logs.add(log);
            }
        }
    }

    /** Forgets an execution and everything that belongs to it; false when there is none. */
    boolean delete(String executionId) {
        Entry entry = executions.remove(executionId);
        if (entry == null) {
            return false;
        }
        entry.results.forEach(result -> executionOfResult.remove(result.id()));
        entry.logs.forEach(log -> executionOfLog.remove(log.id()));
        return true;
    }

    private Entry entry(String executionId) {
        return Objects.requireNonNull(executions.get(executionId), executionId);
    }

    // -- reading

    boolean contains(String executionId) {
        return executions.containsKey(executionId);
    }

    Optional<WorkflowExecution> find(String executionId) {
        return Optional.ofNullable(executions.get(executionId)).map(entry -> entry.execution);
    }

    Optional<ExecutionDetails> details(String executionId) {
        return Optional.ofNullable(executions.get(executionId))
                .map(entry -> new ExecutionDetails(
                        entry.execution, new ArrayList<>(entry.results), new ArrayList<>(entry.logs)));
    }

    List<ExecutionSummary> list(ExecutionQuery query) {
        return executions.values().stream()
                .map(entry -> entry.execution)
                .filter(execution -> query.userId() == null || query.userId().equals(execution.userId()))
                .filter(execution ->
                        query.workflowId() == null || query.workflowId().equals(execution.workflowId()))
                .map(WorkflowExecution::summary)
                .sorted(HistoryOrder.NEWEST_FIRST)
                .limit(query.limit())
                .toList();
    }

    List<ExecutionLog> list(LogQuery query) {
        Entry entry = executions.get(query.executionId());
        if (entry == null) {
            return List.of();
        }
        return entry.logs.stream()
                .filter(log -> query.nodeRunId() == null || query.nodeRunId().equals(log.nodeRunId()))
                .filter(log -> log.level().isAtLeast(query.minimumLevel()))
                .limit(query.limit())
                .toList();
    }
}
