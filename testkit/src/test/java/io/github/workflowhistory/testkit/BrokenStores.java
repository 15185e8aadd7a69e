package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Stores that break one rule each, in the way in which real ones have. */
final class BrokenStores {
    private BrokenStores() {}

    private static void replace(ExecutionStore store, ExecutionDetails details, WorkflowExecution execution) {
        store.deleteExecution(execution.id());
        HistoryBatch.Builder batch = HistoryBatch.builder().add(execution);
        details.nodeResults().forEach(batch::add);
        details.logs().forEach(batch::add);
        store.record(batch.build());
    }

    /** Writes one record after the other. */
    static final class NotAtomic extends DelegatingStore {
        @Override
        public void record(HistoryBatch batch) {
            batch.executions().forEach(right::record);
            batch.changes().forEach(right::record);
            batch.nodeResults().forEach(right::record);
            batch.logs().forEach(right::record);
        }
    }

    /** Refuses what is there already, as a plain INSERT does. */
    static final class NotIdempotent extends DelegatingStore {
        @Override
        public void record(HistoryBatch batch) {
            for (NodeResult result : batch.nodeResults()) {
                boolean there = right.findDetails(result.executionId()).stream()
                        .flatMap(details -> details.nodeResults().stream())
                        .anyMatch(found -> found.id().equals(result.id()));
                if (there) {
                    throw new HistoryStoreException(HistoryStoreException.Kind.DATA, "duplicate key", null);
                }
            }
            right.record(batch);
        }
    }

    /** Sets whatever status comes, as a plain UPDATE does. */
    static final class LastStatusWins extends DelegatingStore {
        @Override
        public void record(HistoryBatch batch) {
            right.record(batch);
            for (ExecutionChange change : batch.changes()) {
                ExecutionDetails details =
                        right.findDetails(change.executionId()).orElseThrow();
                if (details.execution().status() != change.status()) {
                    replace(right, details, withStatusOf(change, details.execution()));
                }
            }
        }

        private static WorkflowExecution withStatusOf(ExecutionChange change, WorkflowExecution execution) {
            return new WorkflowExecution(
                    execution.id(),
                    execution.workflowId(),
                    execution.userId(),
                    change.status(),
                    execution.startedAt(),
                    change.completedAt(),
                    change.duration(),
                    execution.finalOutput(),
                    execution.error(),
                    execution.createdAt(),
                    execution.recorderId(),
                    change.abandonedAt());
        }
    }

    /** Puts an execution that is recorded again in the place of the one that is there, as a map does. */
    static final class PutInsteadOfMerge extends DelegatingStore {
        @Override
        public void record(HistoryBatch batch) {
            right.record(batch);
            for (WorkflowExecution execution : batch.executions()) {
                replace(right, right.findDetails(execution.id()).orElseThrow(), execution);
            }
        }
    }

    /** Creates the executions that are missing. */
    static final class Resurrecting extends DelegatingStore {
        @Override
        public void record(HistoryBatch batch) {
            try {
                right.record(batch);
            } catch (UnknownExecutionException e) {
                e.executionIds()
                        .forEach(id ->
                                right.record(WorkflowExecution.queued(id, "?", null, Instant.EPOCH.plusSeconds(1))));
                right.record(batch);
            }
        }
    }

    /** Takes no notice of ids that are taken, as ON CONFLICT DO NOTHING does. */
    static final class IgnoringConflicts extends DelegatingStore {
        @Override
        public void record(HistoryBatch batch) {
            try {
                right.record(batch);
            } catch (IdConflictException e) {
                // As if it had been recorded.
            }
        }
    }

    /** Forgets the node run of a log entry when its result is not there yet. */
    static final class DroppingLinks extends DelegatingStore {
        @Override
        public void record(HistoryBatch batch) {
            HistoryBatch.Builder kept = HistoryBatch.builder();
            batch.executions().forEach(kept::add);
            batch.changes().forEach(kept::add);
            batch.nodeResults().forEach(kept::add);
            batch.logs().forEach(log -> kept.add(isLinked(log, batch) ? log : withoutNodeRun(log)));
            right.record(kept.build());
        }

        private boolean isLinked(ExecutionLog log, HistoryBatch batch) {
            return Stream.concat(
                            batch.nodeResults().stream(),
                            right.findDetails(log.executionId()).stream()
                                    .flatMap(found -> found.nodeResults().stream()))
                    .anyMatch(result -> result.id().equals(log.nodeRunId()));
        }

        private static ExecutionLog withoutNodeRun(ExecutionLog log) {
            return new ExecutionLog(
                    log.id(), log.executionId(), null, log.level(), log.message(), log.data(), log.timestamp());
        }
    }

    /** Sorts ids as Java sorts strings, which is not the order of their bytes. */
    static final class StringOrder extends DelegatingStore {
        @Override
        public List<ExecutionLog> listLogs(LogQuery query) {
            return right.listLogs(query).stream()
                    .sorted(Comparator.comparing(ExecutionLog::timestamp).thenComparing(ExecutionLog::id))
                    .toList();
        }
    }

    /** Keeps milliseconds, as a column of type timestamp(3) does. */
    static final class Milliseconds extends DelegatingStore {
        @Override
        public void record(HistoryBatch batch) {
            HistoryBatch.Builder rounded = HistoryBatch.builder();
            batch.executions().forEach(rounded::add);
            batch.changes().forEach(rounded::add);
            batch.nodeResults().forEach(rounded::add);
            batch.logs()
                    .forEach(log -> rounded.add(ExecutionLog.of(
                            log.id(),
                            log.executionId(),
                            log.level(),
                            log.message(),
                            log.timestamp().truncatedTo(ChronoUnit.MILLIS))));
            right.record(rounded.build());
        }
    }

    /** Takes JSON null for no payload. */
    static final class JsonNullIsNone extends DelegatingStore {
        @Override
        public Optional<ExecutionDetails> findDetails(String executionId) {
            return right.findDetails(executionId)
                    .map(details -> new ExecutionDetails(
                            details.execution(),
                            details.nodeResults().stream()
                                    .map(JsonNullIsNone::withoutJsonNull)
                                    .toList(),
                            details.logs()));
        }

        private static NodeResult withoutJsonNull(NodeResult result) {
            return new NodeResult(
                    result.id(),
                    result.executionId(),
                    result.nodeId(),
                    result.nodeName(),
                    result.status(),
                    Json.NULL.equals(result.output()) ? null : result.output(),
                    result.error(),
                    result.startedAt(),
                    result.finishedAt(),
                    result.duration(),
                    result.attempt());
        }
    }

    /** Leaves logs behind when an execution is deleted. */
    static final class LeavingOrphans extends DelegatingStore {
        private final Map<String, List<ExecutionLog>> orphans = new ConcurrentHashMap<>();

        @Override
        public boolean deleteExecution(String executionId) {
            right.findDetails(executionId).ifPresent(details -> orphans.put(executionId, details.logs()));
            return right.deleteExecution(executionId);
        }

        @Override
        public List<ExecutionLog> listLogs(LogQuery query) {
            return orphans.getOrDefault(query.executionId(), right.listLogs(query));
        }
    }
}
