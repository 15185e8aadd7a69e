package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.Ids;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.ExecutionTransitions;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that behaves as the PostgreSQL store does: the same rules, order, conflicts and cascades, proved by
 * the same {@link ExecutionStoreContract}. For tests; what it holds is gone with it.
 *
 * <p>Safe for use by many threads: every call is one step that others see whole or not at all. It never blocks for
 * longer than another call takes, and has every capability.
 *
 * <p>The guide's {@code user_id} references a table of users that belongs to the host. This store accepts every user by
 * default; one that was made {@linkplain #withUsers() with users} has such a table and refuses users that are not in it.
 */
public final class InMemoryExecutionStore implements ExecutionStore {
    /** How long a recorder is remembered at least after its last renewal. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final InMemoryTables tables;
    private final Leases leases = new Leases();
    private final InstantSource clock;

    /** An empty store that accepts every user and goes by the system's clock. */
    public InMemoryExecutionStore() {
        this(InstantSource.system());
    }

    /**
     * An empty store that accepts every user.
     *
     * @param clock the store's clock, by which leases are renewed and run out; everything else is dated by whoever
     *     records it
     */
    public InMemoryExecutionStore(InstantSource clock) {
        this(clock, null);
    }

    private InMemoryExecutionStore(InstantSource clock, @Nullable Set<UUID> users) {
        this.clock = Objects.requireNonNull(clock, "clock must not be null");
        this.tables = new InMemoryTables(users);
    }

    /**
     * An empty store with an empty table of users, which refuses executions of users that are not in it, as
     * PostgreSQL's foreign key does.
     *
     * @return a store that goes by the system's clock
     */
    public static InMemoryExecutionStore withUsers() {
        return withUsers(InstantSource.system());
    }

    /**
     * As {@link #withUsers()}, by another clock.
     *
     * @param clock the store's clock; see the constructor
     * @return a store
     */
    public static InMemoryExecutionStore withUsers(InstantSource clock) {
        return new InMemoryExecutionStore(clock, new HashSet<>());
    }

    /**
     * Makes a user known to a store that was made {@linkplain #withUsers() with users}; another knows every user, and
     * nothing happens.
     *
     * @param userId the user
     */
    public void addUser(UUID userId) {
        Objects.requireNonNull(userId, "userId must not be null");
        locked(() -> tables.addUser(userId));
    }

    /**
     * Deletes a user with all executions, node results and logs, in one step, as the guide's cascades do.
     *
     * @param userId the user
     * @return how many executions were deleted
     */
    public int deleteUser(UUID userId) {
        Objects.requireNonNull(userId, "userId must not be null");
        return locked(() -> tables.deleteUser(userId));
    }

    @Override
    public void record(HistoryBatch batch) {
        Objects.requireNonNull(batch, "batch must not be null");
        locked(() -> {
            tables.requireAcceptable(batch);
            tables.apply(batch);
            return batch;
        });
    }

    @Override
    public Optional<WorkflowExecution> findExecution(String executionId) {
        Ids.requireValid("execution id", executionId);
        return locked(() -> tables.execution(executionId));
    }

    @Override
    public Optional<ExecutionDetails> findDetails(String executionId) {
        Ids.requireValid("execution id", executionId);
        return locked(() -> tables.details(executionId));
    }

    @Override
    public List<ExecutionSummary> listExecutions(ExecutionQuery query) {
        Objects.requireNonNull(query, "query must not be null");
        return locked(() -> tables.list(query));
    }

    @Override
    public List<ExecutionLog> listLogs(LogQuery query) {
        Objects.requireNonNull(query, "query must not be null");
        return locked(() -> tables.list(query));
    }

    @Override
    public boolean deleteExecution(String executionId) {
        Ids.requireValid("execution id", executionId);
        return locked(() -> tables.delete(executionId));
    }

    @Override
    public Optional<ExecutionLeases> leases() {
        return Optional.of(leases);
    }

    private <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    /** The recorders whose leases are remembered. */
    Set<String> recorders() {
        return locked(tables::recorders);
    }

    private final class Leases implements ExecutionLeases {

        @Override
        public void renew(String recorderId) {
            Ids.requireValid("recorder id", recorderId);
            locked(() -> tables.renewLease(recorderId, clock.instant()));
        }

        @Override
        public boolean takeOver(String executionId, String recorderId) {
            Ids.requireValid("execution id", executionId);
            Ids.requireValid("recorder id", recorderId);
            return locked(() -> {
                Optional<WorkflowExecution> execution = tables.execution(executionId)
                        .filter(found -> !found.status().isTerminal());
                execution.ifPresent(found -> tables.update(found.withRecorderId(recorderId)));
                return execution.isPresent();
            });
        }

        @Override
        public boolean release(String executionId, String recorderId) {
            Ids.requireValid("execution id", executionId);
            Ids.requireValid("recorder id", recorderId);
            return locked(() -> {
                Optional<WorkflowExecution> execution = tables.execution(executionId)
                        .filter(found -> !found.status().isTerminal())
                        .filter(found -> recorderId.equals(found.recorderId()));
                execution.ifPresent(found -> tables.update(found.withRecorderId(null)));
                return execution.isPresent();
            });
        }

        @Override
        public List<String> endAbandoned(Duration olderThan, Scope scope) {
            Objects.requireNonNull(scope, "scope must not be null");
            if (olderThan.isNegative()) {
                throw new IllegalArgumentException("olderThan must not be negative, but is " + olderThan);
            }
            // Not under the lock: those who are alive wait for it as well, to renew their leases.
            Instant now = clock.instant();
            return locked(() -> {
                List<WorkflowExecution> abandoned = tables.runningWithoutLease(now, olderThan, scope);
                for (WorkflowExecution execution : abandoned) {
                    tables.update(
                            ExecutionTransitions.apply(execution, ExecutionChange.abandoned(execution.id(), now)));
                }
                tables.forgetLeases(now, olderThan.compareTo(FORGOTTEN_AFTER) > 0 ? olderThan : FORGOTTEN_AFTER);
                return abandoned.stream().map(WorkflowExecution::id).toList();
            });
        }
    }
}
