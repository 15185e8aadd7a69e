package io.github.workflowhistory.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/**
 * The contract for the rows of one user, by a store that acts as that user. An end user has no executions that belong to
 * nobody, as most of the contract's do, so those are given to the user on their way in, and nobody has them again on
 * their way out. Tests that need several users are skipped; {@link EndUserRowsTest} is about those.
 *
 * <p>The login is the recorder role, which has no right of its own that an end user has not, but the right to act as one.
 */
class EndUserContractTest extends PostgresContract {
    private TwoUsers users;
    private RecorderRole role;

    private boolean hasUser;

    @Override
    TestDatabase createDatabase() {
        users = new TwoUsers("end_user_contract");
        return users.database;
    }

    @Override
    HikariDataSource createPool() {
        role = new RecorderRole(database());
        database().execute("grant authenticated to " + role.quoted());
        return TestPools.pool(role.dataSource(), 10, true);
    }

    @Override
    void cleanUp() {
        role.close();
        users.close();
    }

    @Override
    protected ExecutionStore createStore() {
        database().clear();
        hasUser = false;
        return new OfOneUser(
                JdbcExecutionStore.create(pool()).actingAs(users.ada), users.ada, ConcurrentHashMap.newKeySet());
    }

    @Override
    protected UUID createUser(ExecutionStore store) {
        if (!hasUser) {
            hasUser = true;
            return users.ada;
        }
        return Assumptions.abort("a store that acts as a user records nothing for others");
    }

    /** Gives what belongs to nobody to the user, and remembers what has been the user's all along. */
    private record OfOneUser(ExecutionStore store, UUID user, Set<String> owned) implements ExecutionStore {
        @Override
        public void record(HistoryBatch batch) {
            HistoryBatch.Builder ofUser = HistoryBatch.builder();
            for (WorkflowExecution execution : batch.executions()) {
                if (user.equals(execution.userId())) {
                    owned.add(execution.id());
                }
                ofUser.add(withOwner(execution, user));
            }
            batch.changes().forEach(ofUser::add);
            batch.nodeResults().forEach(ofUser::add);
            batch.logs().forEach(ofUser::add);
            store.record(ofUser.build());
        }

        private UUID ownerOf(String executionId) {
            return owned.contains(executionId) ? user : null;
        }

        private static WorkflowExecution withOwner(WorkflowExecution execution, UUID owner) {
            return new WorkflowExecution(
                    execution.id(),
                    execution.workflowId(),
                    owner,
                    execution.status(),
                    execution.startedAt(),
                    execution.completedAt(),
                    execution.duration(),
                    execution.finalOutput(),
                    execution.error(),
                    execution.createdAt(),
                    execution.recorderId(),
                    execution.abandonedAt());
        }

        @Override
        public boolean deleteExecution(String executionId) {
            return store.deleteExecution(executionId);
        }

        @Override
        public Optional<WorkflowExecution> findExecution(String executionId) {
            return store.findExecution(executionId).map(execution -> withOwner(execution, ownerOf(executionId)));
        }

        @Override
        public Optional<ExecutionDetails> findDetails(String executionId) {
            return store.findDetails(executionId)
                    .map(details -> new ExecutionDetails(
                            withOwner(details.execution(), ownerOf(executionId)),
                            details.nodeResults(),
                            details.logs()));
        }

        @Override
        public List<ExecutionSummary> listExecutions(ExecutionQuery query) {
            return store.listExecutions(query).stream()
                    .map(summary -> new ExecutionSummary(
                            summary.id(),
                            summary.workflowId(),
                            ownerOf(summary.id()),
                            summary.status(),
                            summary.startedAt(),
                            summary.completedAt(),
                            summary.duration(),
                            summary.error(),
                            summary.createdAt(),
                            summary.abandonedAt()))
                    .toList();
        }

        @Override
        public List<ExecutionLog> listLogs(LogQuery query) {
            return store.listLogs(query);
        }
    }
}
