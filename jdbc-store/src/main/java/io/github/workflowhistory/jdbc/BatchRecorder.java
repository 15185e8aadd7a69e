package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.FailedSqlException.Stage;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;

/**
 * Records batches. The first attempt of a large one trusts that nothing of it is there yet, so that it can go by COPY,
 * or by a plain INSERT where COPY is not allowed. Where this fails, a new transaction writes the batch by the
 * idempotent way, which takes replays as they are and says exactly what is wrong with the rest. Either takes effect
 * whole or not at all, so the effect is exactly once.
 */
final class BatchRecorder {
    private final Transactions transactions;
    private final TransactionSettings writing;
    private final CopyPolicy policy;
    private final CopyAccess access = new CopyAccess();

    BatchRecorder(Transactions transactions, TransactionSettings writing, CopyPolicy policy) {
        this.transactions = transactions;
        this.writing = writing;
        this.policy = policy;
    }

    void record(HistoryBatch batch) {
        String doing = "record " + batch;
        boolean recorded = policy.permits(largestTable(batch)) && recordTrusting(doing, batch);
        if (!recorded) {
            transactions.run(
                    doing,
                    writing,
                    statements -> write(statements, batch, (table, columns) -> InsertWay.IDEMPOTENT_INSERT));
        }
    }

    private static int largestTable(HistoryBatch batch) {
        int children = Math.max(batch.nodeResults().size(), batch.logs().size());
        return Math.max(batch.executions().size(), children);
    }

    private boolean recordTrusting(String doing, HistoryBatch batch) {
        try {
            transactions.attempt(writing, statements -> write(statements, batch, trusting(statements)));
            policy.succeeded();
            return true;
        } catch (FailedSqlException e) {
            HistoryStoreException failure = transactions.explain(doing, writing, e);
            if (!canGoTheOtherWay(e, failure.kind())) {
                throw failure;
            }
            policy.failed();
            access.lookAgain();
            return false;
        }
    }

    private InsertWay.Choice trusting(Statements statements) {
        return (table, columns) -> {
            if (!policy.isLarge(columns.size())) {
                return InsertWay.IDEMPOTENT_INSERT;
            }
            boolean canCopy = statements.canCopy() && access.allows(statements, table, columns);
            return canCopy ? InsertWay.COPY : InsertWay.PLAIN_INSERT;
        };
    }

    private static boolean canGoTheOtherWay(FailedSqlException failure, HistoryStoreException.Kind kind) {
        if (failure.stage() != Stage.COPY) {
            return failure.stage() == Stage.EXECUTE && SqlStates.UNIQUE_VIOLATION.equals(failure.sqlState());
        }
        return switch (kind) {
            // The server does not want these rows, or does not want them by COPY.
            case DATA, CONFIGURATION, STALE_STATEMENT, UNKNOWN -> true;
            // The other way would meet the same. When and how to try again, the caller knows.
            case CONNECTION, CONTENTION, TIMEOUT, RESOURCES -> false;
        };
    }

    private static int write(Statements statements, HistoryBatch batch, InsertWay.Choice ways) {
        new BatchWriter(statements, batch, ways).write();
        return batch.size();
    }
}
