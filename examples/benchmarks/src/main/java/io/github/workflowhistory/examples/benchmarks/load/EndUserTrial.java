package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.examples.benchmarks.report.Table;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Something that is done through a store, as the owner and as an end user.
 *
 * @param repetitions of one measurement; what is short must be done often to be measured
 * @param rows that each repetition reads or writes; another number makes the run void
 * @param copies whether the stores may COPY
 */
record EndUserTrial(String name, int repetitions, int rows, boolean copies, Work work) {
    /** Number of log entries of the trials that write. */
    static final int WRITTEN = 10_000;

    /** Does it once and tells the number of rows. */
    interface Work {
        int on(ExecutionStore store);
    }

    static EndUserTrial recentExecutions() {
        int limit = 50;
        ExecutionQuery query = ExecutionQuery.all().ofUser(DurableServer.USER).limit(limit);
        return new EndUserTrial(
                "recent executions, " + limit,
                20,
                limit,
                true,
                store -> store.listExecutions(query).size());
    }

    static EndUserTrial details() {
        return new EndUserTrial(
                "details, " + StoredHistory.RESULTS + " node results, " + StoredHistory.LOGS + " logs",
                20,
                StoredHistory.RESULTS + StoredHistory.LOGS,
                true,
                store -> {
                    Optional<ExecutionDetails> found = store.findDetails(StoredHistory.WHOLE_EXECUTION);
                    return found.map(details -> details.nodeResults().size()
                                    + details.logs().size())
                            .orElse(0);
                });
    }

    static EndUserTrial logs() {
        int rows = StoredHistory.LOGS_OF_THE_LONG_ONE;
        LogQuery query = LogQuery.ofExecution(StoredHistory.LONG_EXECUTION).limit(rows);
        return new EndUserTrial(
                "logs, " + Table.count(rows),
                20,
                rows,
                true,
                store -> store.listLogs(query).size());
    }

    /** As each may: the owner by COPY. */
    static EndUserTrial insert() {
        return new EndUserTrial("insert " + Table.count(WRITTEN) + " logs", 1, WRITTEN, true, EndUserTrial::writeLogs);
    }

    /** By the same statement on both sides, so that the difference is that of the policies. */
    static EndUserTrial insertWithoutCopy() {
        return new EndUserTrial(
                "insert " + Table.count(WRITTEN) + " logs, no COPY", 1, WRITTEN, false, EndUserTrial::writeLogs);
    }

    private static int writeLogs(ExecutionStore store) {
        IdGenerator ids = IdGenerator.timeOrdered();
        Instant now = Instant.now();
        HistoryBatch.Builder batch = HistoryBatch.builder();
        IntStream.range(0, WRITTEN)
                .forEach(i -> batch.add(ExecutionLog.of(
                        ids.newId(),
                        StoredHistory.EMPTY_EXECUTION,
                        LogLevel.INFO,
                        "reserved what is in stock and wrote the remaining lines to the list of the buyers",
                        now)));
        store.record(batch.build());
        return WRITTEN;
    }
}
