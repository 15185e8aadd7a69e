package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.FailedSqlException.Stage;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;

/**
 * Records batches: large ones first by COPY, and whatever COPY cannot do in a new transaction by the idempotent way,
 * which takes replays as they are and says exactly what is wrong with the rest. Either takes effect whole or not at
 * all, so the effect is exactly once.
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
        boolean recorded = policy.permits(largestTable(batch)) && recordByCopy(doing, batch);
        if (!recorded) {
            transactions.run(doing, writing, statements -> write(statements, batch, InsertWay.IDEMPOTENT));
        }
    }

    /** The executions are few beside the rest, and do not count: they never go by COPY. */
    private static int largestTable(HistoryBatch batch) {
        return Math.max(batch.nodeResults().size(), batch.logs().size());
    }

    private boolean recordByCopy(String doing, HistoryBatch batch) {
        try {
            transactions.attempt(writing, statements -> write(statements, batch, byCopy(statements)));
            policy.succeeded();
            return true;
        } catch (FailedSqlException e) {
            HistoryStoreException failure = transactions.explain(doing, writing, e);
            if (e.stage() != Stage.COPY || !isRefusal(failure.kind())) {
                throw failure;
            }
            policy.failed();
            access.lookAgain();
            return false;
        }
    }

    private InsertWay byCopy(Statements statements) {
        return (table, columns) ->
                policy.isLarge(columns.size()) && statements.canCopy() && access.allows(statements, table, columns);
    }

    /** Whether the server answered that it does not want these rows, or does not want them by COPY. */
    private static boolean isRefusal(HistoryStoreException.Kind kind) {
        return switch (kind) {
            case DATA, CONFIGURATION, STALE_STATEMENT, UNKNOWN -> true;
            // The other way would meet the same. When and how to try again, the caller knows.
            case CONNECTION, CONTENTION, TIMEOUT, RESOURCES -> false;
        };
    }

    private static int write(Statements statements, HistoryBatch batch, InsertWay way) {
        new BatchWriter(statements, batch, way).write();
        return batch.size();
    }
}
