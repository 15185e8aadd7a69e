package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Stores whose leases break one rule each, in the way in which real ones have. */
final class BrokenLeases {
    private BrokenLeases() {}

    /** A store whose leases are right, as far as they are not overridden. */
    abstract static class LeasingStore extends DelegatingStore implements ExecutionLeases {
        final ExecutionLeases rightLeases = right.leases().orElseThrow();

        @Override
        public Optional<ExecutionLeases> leases() {
            return Optional.of(this);
        }

        @Override
        public void renew(String recorderId) {
            rightLeases.renew(recorderId);
        }

        @Override
        public boolean takeOver(String executionId, String recorderId) {
            return rightLeases.takeOver(executionId, recorderId);
        }

        @Override
        public boolean release(String executionId, String recorderId) {
            return rightLeases.release(executionId, recorderId);
        }

        @Override
        public List<String> endAbandoned(Duration olderThan, Scope scope) {
            return rightLeases.endAbandoned(olderThan, scope);
        }

        List<ExecutionSummary> running() {
            return right.listExecutions(ExecutionQuery.all().limit(ExecutionQuery.MAX_LIMIT)).stream()
                    .filter(execution -> execution.status() == ExecutionStatus.RUNNING)
                    .toList();
        }

        /** Writes an execution whatever it was before, as a plain UPDATE does. */
        void overwrite(WorkflowExecution execution) {
            right.deleteExecution(execution.id());
            right.record(execution);
        }
    }

    /** Looks for abandoned executions first and ends them then, whatever has happened in between. */
    static final class EndingWhatItSawBefore extends LeasingStore {
        private final Semaphore happened = new Semaphore(0);
        private final Set<String> renewed = ConcurrentHashMap.newKeySet();

        @Override
        public List<String> endAbandoned(Duration olderThan, Scope scope) {
            Instant limit = Instant.now().minus(olderThan);
            List<WorkflowExecution> seen = running().stream()
                    .map(summary -> right.findExecution(summary.id()).orElseThrow())
                    .filter(execution -> execution.recorderId() != null && !renewed.contains(execution.recorderId()))
                    .filter(execution -> limit.isAfter(execution.createdAt()))
                    .toList();
            happened.drainPermits();
            awaitSomething();
            List<String> ended = new ArrayList<>();
            for (WorkflowExecution execution : seen) {
                overwrite(execution);
                right.record(ExecutionChange.abandoned(execution.id(), Instant.now()));
                ended.add(execution.id());
            }
            return ended;
        }

        private void awaitSomething() {
            try {
                boolean unused = happened.tryAcquire(200, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void record(HistoryBatch batch) {
            super.record(batch);
            happened.release();
        }

        @Override
        public void renew(String recorderId) {
            renewed.add(recorderId);
            super.renew(recorderId);
            happened.release();
        }

        @Override
        public boolean takeOver(String executionId, String recorderId) {
            boolean taken = super.takeOver(executionId, recorderId);
            happened.release();
            return taken;
        }

        @Override
        public boolean release(String executionId, String recorderId) {
            boolean released = super.release(executionId, recorderId);
            happened.release();
            return released;
        }
    }

    /** Takes a recorder that never renewed its lease for alive: null is never older than anything. */
    static final class MissingTheFirstHeartbeat extends LeasingStore {
        private final Set<String> renewed = ConcurrentHashMap.newKeySet();

        @Override
        public void renew(String recorderId) {
            renewed.add(recorderId);
            super.renew(recorderId);
        }

        @Override
        public List<String> endAbandoned(Duration olderThan, Scope scope) {
            for (ExecutionSummary running : running()) {
                String recorder =
                        right.findExecution(running.id()).orElseThrow().recorderId();
                if (recorder != null && !renewed.contains(recorder)) {
                    super.renew(recorder);
                }
            }
            return super.endAbandoned(olderThan, scope);
        }
    }

    /** Ends what other applications wrote without being asked to. */
    static final class EndingWithoutRecorder extends LeasingStore {
        @Override
        public List<String> endAbandoned(Duration olderThan, Scope scope) {
            return super.endAbandoned(olderThan, Scope.ALL);
        }
    }

    /** Does not know executions that name no recorder. */
    static final class LeasedOnly extends LeasingStore {
        @Override
        public List<String> endAbandoned(Duration olderThan, Scope scope) {
            return super.endAbandoned(olderThan, Scope.LEASED);
        }
    }

    /** Lets anybody release anything. */
    static final class ReleasingForAnybody extends LeasingStore {
        @Override
        public boolean release(String executionId, String recorderId) {
            right.findExecution(executionId).ifPresent(found -> overwrite(found.withRecorderId(null)));
            return true;
        }
    }

    /** Says that it has released, and has not. */
    static final class KeepingWhatIsReleased extends LeasingStore {
        @Override
        public boolean release(String executionId, String recorderId) {
            return right.findExecution(executionId)
                    .filter(found -> !found.status().isTerminal())
                    .filter(found -> recorderId.equals(found.recorderId()))
                    .isPresent();
        }
    }

    /** Takes over what has ended. */
    static final class TakingOverTheDead extends LeasingStore {
        @Override
        public boolean takeOver(String executionId, String recorderId) {
            Optional<WorkflowExecution> execution = right.findExecution(executionId);
            execution.ifPresent(found -> overwrite(found.withRecorderId(recorderId)));
            return execution.isPresent();
        }
    }

    /** Takes the end of an abandoned execution for the last word. */
    static final class AbandonedForEver extends LeasingStore {
        @Override
        public void record(HistoryBatch batch) {
            HistoryBatch.Builder kept = HistoryBatch.builder();
            batch.executions().forEach(kept::add);
            batch.changes().stream()
                    .filter(change -> right.findExecution(change.executionId())
                            .filter(WorkflowExecution::isAbandoned)
                            .isEmpty())
                    .forEach(kept::add);
            batch.nodeResults().forEach(kept::add);
            batch.logs().forEach(kept::add);
            super.record(kept.build());
        }
    }

    /** Forgets the recorders that have nothing open, those that are alive included. */
    static final class ForgettingTheLiving extends LeasingStore {
        private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
        private final Set<String> renewed = ConcurrentHashMap.newKeySet();

        @Override
        public void renew(String recorderId) {
            renewed.add(recorderId);
            super.renew(recorderId);
        }

        @Override
        public void record(HistoryBatch batch) {
            HistoryBatch.Builder kept = HistoryBatch.builder();
            batch.executions()
                    .forEach(execution -> kept.add(
                            forgotten.contains(execution.recorderId())
                                    ? execution.withRecorderId(execution.recorderId() + " forgotten")
                                    : execution));
            super.record(kept.build());
        }

        @Override
        public List<String> endAbandoned(Duration olderThan, Scope scope) {
            List<String> ended = super.endAbandoned(olderThan, scope);
            forgotten.addAll(renewed);
            return ended;
        }
    }
}
