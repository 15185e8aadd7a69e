package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything for which a batch can be refused, looked at before anything of it is written. */
final class InMemoryBatchCheck {
    private final InMemoryTables tables;
    private final HistoryBatch batch;

    InMemoryBatchCheck(InMemoryTables tables, HistoryBatch batch) {
        this.tables = tables;
        this.batch = batch;
    }

    void run() {
        requireNoConflict(
                IdConflictException.IdKind.EXECUTION, batch.executions(), WorkflowExecution::id, this::isTaken);
        requireUsers();
        requireExecutions();
        requireNoConflict(
                IdConflictException.IdKind.NODE_RESULT,
                batch.nodeResults(),
                NodeResult::id,
                result -> isElsewhere(tables.executionOfResult(result.id()), result.executionId()));
        requireNoConflict(
                IdConflictException.IdKind.LOG,
                batch.logs(),
                ExecutionLog::id,
                log -> isElsewhere(tables.executionOfLog(log.id()), log.executionId()));
        requireNodeRunsOfTheSameExecution();
    }

    private boolean isTaken(WorkflowExecution execution) {
        return tables.execution(execution.id())
                .filter(existing -> !existing.workflowId().equals(execution.workflowId())
                        || !Objects.equals(existing.userId(), execution.userId()))
                .isPresent();
    }

    private void requireUsers() {
        List<WorkflowExecution> orphans = batch.executions().stream()
                .filter(execution -> execution.userId() != null && !tables.hasUser(execution.userId()))
                .toList();
        if (!orphans.isEmpty()) {
            throw new HistoryStoreException(
                    HistoryStoreException.Kind.DATA,
                    "user " + orphans.get(0).userId() + " of execution '"
                            + orphans.get(0).id()
                            + "' does not exist: make the user known by addUser first, or record without a user",
                    null);
        }
    }

    private void requireExecutions() {
        Set<String> created =
                batch.executions().stream().map(WorkflowExecution::id).collect(Collectors.toSet());
        Set<String> missing = Stream.of(
                        batch.changes().stream().map(change -> change.executionId()),
                        batch.nodeResults().stream().map(NodeResult::executionId),
                        batch.logs().stream().map(ExecutionLog::executionId))
                .flatMap(ids -> ids)
                .filter(id -> !created.contains(id) && tables.execution(id).isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (!missing.isEmpty()) {
            throw new UnknownExecutionException(missing);
        }
    }

    /** A log entry that is there already was judged when it came; its run's id may have been taken since. */
    private void requireNodeRunsOfTheSameExecution() {
        Map<String, String> inThisBatch = new HashMap<>();
        batch.nodeResults().forEach(result -> inThisBatch.put(result.id(), result.executionId()));
        List<ExecutionLog> linked = batch.logs().stream()
                .filter(log -> log.nodeRunId() != null && tables.executionOfLog(log.id()) == null)
                .toList();
        requireNoConflict(IdConflictException.IdKind.NODE_RUN, linked, InMemoryBatchCheck::nodeRunId, log -> {
            String owner = tables.executionOfResult(nodeRunId(log));
            return isElsewhere(owner != null ? owner : inThisBatch.get(nodeRunId(log)), log.executionId());
        });
    }

    private static String nodeRunId(ExecutionLog log) {
        return Objects.requireNonNull(log.nodeRunId());
    }

    private static boolean isElsewhere(@Nullable String owner, String executionId) {
        return owner != null && !owner.equals(executionId);
    }

    private static <T> void requireNoConflict(
            IdConflictException.IdKind kind, List<T> records, Function<T, String> id, Predicate<T> conflict) {
        Set<String> taken =
                records.stream().filter(conflict).map(id).collect(Collectors.toCollection(LinkedHashSet::new));
        if (!taken.isEmpty()) {
            throw new IdConflictException(kind, taken);
        }
    }
}
