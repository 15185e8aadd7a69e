package io.github.workflowhistory;

import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.ExecutionTransitions;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryOrder;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The least store that core's own tests need: it applies batches and keeps them. Core cannot see the testkit's. */
final class CollectingStore implements ExecutionStore {
    private final Map<String, WorkflowExecution> executions = new LinkedHashMap<>();
    private final Map<String, NodeResult> nodeResults = new LinkedHashMap<>();
    private final Map<String, ExecutionLog> logs = new LinkedHashMap<>();
    private final List<HistoryBatch> batches = new ArrayList<>();

    @Override
    public synchronized void record(HistoryBatch batch) {
        requireParents(batch);
        batches.add(batch);
        for (WorkflowExecution execution : batch.executions()) {
            executions.merge(
                    execution.id(),
                    ExecutionTransitions.complete(execution),
                    (now, next) -> ExecutionTransitions.apply(now, ExecutionTransitions.stateOf(next)));
        }
        for (ExecutionChange change : batch.changes()) {
            executions.computeIfPresent(
                    change.executionId(), (id, execution) -> ExecutionTransitions.apply(execution, change));
        }
        batch.nodeResults().forEach(result -> nodeResults.putIfAbsent(result.id(), result));
        batch.logs().forEach(log -> logs.putIfAbsent(log.id(), log));
    }

    private void requireParents(HistoryBatch batch) {
        Set<String> created =
                batch.executions().stream().map(WorkflowExecution::id).collect(Collectors.toSet());
        List<String> unknown = Stream.of(
                        batch.changes().stream().map(ExecutionChange::executionId),
                        batch.nodeResults().stream().map(NodeResult::executionId),
                        batch.logs().stream().map(ExecutionLog::executionId))
                .flatMap(ids -> ids)
                .filter(id -> !executions.containsKey(id) && !created.contains(id))
                .toList();
        if (!unknown.isEmpty()) {
            throw new UnknownExecutionException(unknown);
        }
    }

    /** Every batch that was taken, in order. */
    public synchronized List<HistoryBatch> batches() {
        return List.copyOf(batches);
    }

    /** The only execution there is. */
    public synchronized WorkflowExecution execution() {
        if (executions.size() != 1) {
            throw new AssertionError("expected one execution, but there are " + executions.keySet());
        }
        return executions.values().iterator().next();
    }

    /** All node results in the order in which a store gives them back. */
    public synchronized List<NodeResult> nodeResults() {
        return nodeResults.values().stream().sorted(HistoryOrder.NODE_RESULTS).toList();
    }

    /** The only result there is of a node. */
    public NodeResult nodeResult(String nodeId) {
        List<NodeResult> results = nodeResults().stream()
                .filter(result -> result.nodeId().equals(nodeId))
                .toList();
        if (results.size() != 1) {
            throw new AssertionError("expected one result of node " + nodeId + ", but there are " + results);
        }
        return results.get(0);
    }

    /** All log entries in the order in which a store gives them back. */
    public synchronized List<ExecutionLog> logs() {
        return logs.values().stream().sorted(HistoryOrder.LOGS).toList();
    }

    /** The only log entry there is. */
    public ExecutionLog log() {
        List<ExecutionLog> all = logs();
        if (all.size() != 1) {
            throw new AssertionError("expected one log entry, but there are " + all);
        }
        return all.get(0);
    }

    @Override
    public synchronized Optional<WorkflowExecution> findExecution(String executionId) {
        return Optional.ofNullable(executions.get(executionId));
    }

    @Override
    public synchronized Optional<ExecutionDetails> findDetails(String executionId) {
        return findExecution(executionId)
                .map(execution -> new ExecutionDetails(
                        execution,
                        nodeResults().stream()
                                .filter(result -> result.executionId().equals(executionId))
                                .toList(),
                        logs().stream()
                                .filter(log -> log.executionId().equals(executionId))
                                .toList()));
    }

    @Override
    public synchronized List<ExecutionSummary> listExecutions(ExecutionQuery query) {
        return executions.values().stream()
                .map(WorkflowExecution::summary)
                .sorted(HistoryOrder.NEWEST_FIRST)
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized List<ExecutionLog> listLogs(LogQuery query) {
        return logs().stream()
                .filter(log -> log.executionId().equals(query.executionId()))
                .filter(log -> log.level().isAtLeast(query.minimumLevel()))
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized boolean deleteExecution(String executionId) {
        nodeResults.values().removeIf(result -> result.executionId().equals(executionId));
        logs.values().removeIf(log -> log.executionId().equals(executionId));
        return executions.remove(executionId) != null;
    }
}
