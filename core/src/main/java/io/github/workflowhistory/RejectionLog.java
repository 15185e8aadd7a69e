package io.github.workflowhistory;

import io.github.workflowhistory.internal.RateLimit;
import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** The default listener: one line at once, then at most one a minute, with the number of those in between. */
final class RejectionLog implements RejectionListener {
    private static final SafeLog LOG = SafeLog.of(WorkflowHistory.class);

    private final SafeLog log;
    private final RateLimit lines = new RateLimit(Duration.ofMinutes(1));
    private final AtomicLong unreported = new AtomicLong();

    RejectionLog() {
        this(LOG);
    }

    /** With a logging for tests. */
    RejectionLog(SafeLog log) {
        this.log = log;
    }

    @Override
    public void rejected(HistoryBatch lost, RuntimeException cause) {
        if (!lines.permits()) {
            unreported.addAndGet(lost.size());
            return;
        }
        String message = message(lost, unreported.getAndSet(0), cause);
        boolean isKnown = cause instanceof HistoryStoreException known && known.kind() != Kind.UNKNOWN;
        log.tell(to -> to.error(message, isKnown ? SafeLog.detail(to, cause) : cause));
    }

    static String message(HistoryBatch lost, long others, RuntimeException cause) {
        return "History could not be recorded and is lost: " + describe(lost)
                + (others == 0 ? "" : ", and " + others + " records since the last message")
                + ". The work itself is not affected. Cause: " + cause.getMessage();
    }

    /** For example {@code 1 node result, 3 log entries of execution 'x'}. */
    private static String describe(HistoryBatch lost) {
        List<String> parts = Stream.of(
                        count(lost.executions().size() + lost.changes().size(), "state", "states"),
                        count(lost.nodeResults().size(), "node result", "node results"),
                        count(lost.logs().size(), "log entry", "log entries"))
                .filter(part -> !part.isEmpty())
                .toList();
        List<String> executions = Stream.of(
                        lost.executions().stream().map(WorkflowExecution::id),
                        lost.changes().stream().map(ExecutionChange::executionId),
                        lost.nodeResults().stream().map(NodeResult::executionId),
                        lost.logs().stream().map(ExecutionLog::executionId))
                .flatMap(Function.identity())
                .distinct()
                .toList();
        int more = executions.size() - 1;
        return String.join(", ", parts) + " of execution " + Ids.quote(executions.get(0))
                + (more == 0 ? "" : " and " + more + " more");
    }

    private static String count(int number, String one, String many) {
        return number == 0 ? "" : number + " " + (number == 1 ? one : many);
    }
}
