package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import io.github.workflowhistory.store.ExecutionTransitions;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of an {@link InMemoryExecutionStore} and their indexes. Not safe for several threads: the store locks. */
final class InMemoryTables {
    private final Map<String, Rows> executions = new HashMap<>();
    private final NavigableSet<ExecutionSummary> newestFirst = new TreeSet<>(HistoryOrder.NEWEST_FIRST);
    private final Map<String, String> executionOfResult = new HashMap<>();
    private final Map<String, String> executionOfLog = new HashMap<>();
    private final Map<String, Instant> leases = new HashMap<>();
    private final @Nullable Set<UUID> users;

    /** One execution with everything that belongs to it, in the order in which it is read. */
    private static final class Rows {
        private WorkflowExecution execution;
        private final NavigableSet<NodeResult> nodeResults = new TreeSet<>(HistoryOrder.NODE_RESULTS);
        private final NavigableSet<ExecutionLog> logs = new TreeSet<>(HistoryOrder.LOGS);

        private Rows(WorkflowExecution execution) {
            this.execution = execution;
        }
    }

    /**
     * Empty tables.
     *
     * @param users the users that exist, or null when every user does
     */
    InMemoryTables(@Nullable Set<UUID> users) {
        this.users = users;
    }

    boolean addUser(UUID userId) {
        return users != null && users.add(userId);
    }

    int deleteUser(UUID userId) {
        if (users != null) {
            users.remove(userId);
        }
        List<String> theirs = newestFirst.stream()
                .filter(summary -> userId.equals(summary.userId()))
                .map(ExecutionSummary::id)
                .toList();
        theirs.forEach(this::delete);
        return theirs.size();
    }

    boolean hasUser(UUID userId) {
        return users == null || users.contains(userId);
    }

    @Nullable
    String executionOfResult(String resultId) {
        return executionOfResult.get(resultId);
    }

    @Nullable
    String executionOfLog(String logId) {
        return executionOfLog.get(logId);
    }

    void requireAcceptable(HistoryBatch batch) {
        new InMemoryBatchCheck(this, batch).run();
    }

    /** Applies a batch that was found acceptable; nothing in here can fail. */
    void apply(HistoryBatch batch) {
        for (WorkflowExecution execution : batch.executions()) {
            Rows rows = executions.get(execution.id());
            if (rows == null) {
                executions.put(execution.id(), new Rows(execution));
                newestFirst.add(execution.summary());
            } else {
                update(ExecutionTransitions.apply(rows.execution, ExecutionTransitions.stateOf(execution)));
            }
        }
        for (ExecutionChange change : batch.changes()) {
            update(ExecutionTransitions.apply(rows(change.executionId()).execution, change));
        }
        for (NodeResult result : batch.nodeResults()) {
            if (executionOfResult.putIfAbsent(result.id(), result.executionId()) == null) {
                rows(result.executionId()).nodeResults.add(result);
            }
        }
        for (ExecutionLog log : batch.logs()) {
            if (executionOfLog.putIfAbsent(log.id(), log.executionId()) == null) {
                rows(log.executionId()).logs.add(log);
            }
        }
    }

    /** Replaces an execution that exists. */
    void update(WorkflowExecution execution) {
        Rows rows = rows(execution.id());
        newestFirst.remove(rows.execution.summary());
        newestFirst.add(execution.summary());
        rows.execution = execution;
    }

    boolean delete(String executionId) {
        Rows rows = executions.remove(executionId);
        if (rows == null) {
            return false;
        }
        newestFirst.remove(rows.execution.summary());
        rows.nodeResults.forEach(result -> executionOfResult.remove(result.id()));
        rows.logs.forEach(log -> executionOfLog.remove(log.id()));
        return true;
    }

    Optional<WorkflowExecution> execution(String executionId) {
        return Optional.ofNullable(executions.get(executionId)).map(rows -> rows.execution);
    }

    Optional<ExecutionDetails> details(String executionId) {
        return Optional.ofNullable(executions.get(executionId))
                .map(rows ->
                        new ExecutionDetails(rows.execution, List.copyOf(rows.nodeResults), List.copyOf(rows.logs)));
    }

    List<ExecutionSummary> list(ExecutionQuery query) {
        return newestFirst.stream()
                .filter(summary -> query.userId() == null || query.userId().equals(summary.userId()))
                .filter(summary ->
                        query.workflowId() == null || query.workflowId().equals(summary.workflowId()))
                .limit(query.limit())
                .toList();
    }

    List<ExecutionLog> list(LogQuery query) {
        Rows rows = executions.get(query.executionId());
        if (rows == null) {
            return List.of();
        }
        return rows.logs.stream()
                .filter(log -> query.nodeRunId() == null || query.nodeRunId().equals(log.nodeRunId()))
                .filter(log -> log.level().isAtLeast(query.minimumLevel()))
                .limit(query.limit())
                .toList();
    }

    Instant renewLease(String recorderId, Instant now) {
        // The latest, so that a clock that was set back does not shorten a lease.
        return leases.merge(recorderId, now, (old, next) -> next.isAfter(old) ? next : old);
    }

    /** Running executions whose recorder has not renewed its lease for at least so long. */
    List<WorkflowExecution> runningWithoutLease(Instant now, Duration olderThan, Scope scope) {
        return newestFirst.stream()
                .filter(summary -> summary.status() == ExecutionStatus.RUNNING)
                .map(summary -> rows(summary.id()).execution)
                .filter(execution -> execution.recorderId() != null || scope == Scope.ALL)
                .filter(execution -> isOld(lastSignOfLife(execution), now, olderThan))
                .toList();
    }

    /** Forgets the leases of recorders that have not renewed them for so long and have left nothing open. */
    boolean forgetLeases(Instant now, Duration olderThan) {
        Set<String> inUse = new HashSet<>();
        executions.values().forEach(rows -> {
            String recorderId = rows.execution.recorderId();
            if (recorderId != null && !rows.execution.status().isTerminal()) {
                inUse.add(recorderId);
            }
        });
        return leases.entrySet()
                .removeIf(lease -> isOld(lease.getValue(), now, olderThan) && !inUse.contains(lease.getKey()));
    }

    /** The recorders of which a renewal is remembered. */
    Set<String> recorders() {
        return Set.copyOf(leases.keySet());
    }

    private static boolean isOld(Instant time, Instant now, Duration olderThan) {
        return Duration.between(time, now).compareTo(olderThan) >= 0;
    }

    private Instant lastSignOfLife(WorkflowExecution execution) {
        String recorderId = execution.recorderId();
        Instant renewed = recorderId == null ? null : leases.get(recorderId);
        if (renewed != null) {
            return renewed;
        }
        Instant startedAt = execution.startedAt();
        return startedAt != null ? startedAt : execution.createdAt();
    }

    private Rows rows(String executionId) {
        Rows rows = executions.get(executionId);
        if (rows == null) {
            throw new IllegalStateException("the batch was not checked: execution " + executionId + " is missing");
        }
        return rows;
    }
}
