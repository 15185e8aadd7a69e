package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.Ids;
import io.github.workflowhistory.store.ExecutionLeases;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Leases in {@code workflow_recorders}, by PostgreSQL's clock. */
final class RecorderLeases implements ExecutionLeases {
    /** Older than anything that PostgreSQL could have recorded; longer intervals would leave its calendar. */
    private static final Duration LONGEST = Duration.ofDays(365L * 6_000);

    private final Transactions transactions;
    private final TransactionSettings writing;

    RecorderLeases(Transactions transactions, TransactionSettings writing) {
        this.transactions = transactions;
        this.writing = writing;
    }

    // The greatest, so that a clock that was set back does not shorten a lease.
    private static final String RENEW = """
            insert into {schema}.workflow_recorders as recorder (id, started_at, heartbeat_at)
            values (:id, pg_catalog.clock_timestamp(), pg_catalog.clock_timestamp())
            on conflict (id) do update
            set heartbeat_at = greatest(recorder.heartbeat_at, excluded.heartbeat_at)""";

    @Override
    public void renew(String recorderId) {
        Ids.requireValid("recorder id", recorderId);
        transactions.run(
                "renew the lease of recorder '" + recorderId + "'",
                writing,
                statements -> statements.send(RENEW, query -> query.bind("id", recorderId), Results::count));
    }

    private static final String TAKE_OVER = """
            update {schema}.workflow_executions
            set recorder_id = :recorder_id
            where id operator(pg_catalog.=) :id
              and status operator(pg_catalog.=) any (array['queued', 'running'])""";

    @Override
    public boolean takeOver(String executionId, String recorderId) {
        Ids.requireValid("execution id", executionId);
        Ids.requireValid("recorder id", recorderId);
        return transactions.run(
                "take over execution '" + executionId + "'",
                writing,
                statements -> statements.send(
                                TAKE_OVER,
                                query -> query.bind("id", executionId).bind("recorder_id", recorderId),
                                Results::count)
                        > 0);
    }

    private static final String RELEASE = """
            update {schema}.workflow_executions
            set recorder_id = null
            where id operator(pg_catalog.=) :id
              and recorder_id operator(pg_catalog.=) :recorder_id
              and status operator(pg_catalog.=) any (array['queued', 'running'])""";

    @Override
    public boolean release(String executionId, String recorderId) {
        Ids.requireValid("execution id", executionId);
        Ids.requireValid("recorder id", recorderId);
        return transactions.run(
                "let go of execution '" + executionId + "'",
                writing,
                statements -> statements.send(
                                RELEASE,
                                query -> query.bind("id", executionId).bind("recorder_id", recorderId),
                                Results::count)
                        > 0);
    }

    // The executions are locked before they are changed: PostgreSQL looks again at a row that somebody changed
    // while it waited for the lock, so one that has ended meanwhile is left alone. What a writer holds at this
    // moment is alive and is skipped.
    private static final String END_ABANDONED = """
            with abandoned as (
              select execution.id
              from {schema}.workflow_executions as execution
              left join {schema}.workflow_recorders as recorder
                on recorder.id operator(pg_catalog.=) execution.recorder_id
              where execution.status operator(pg_catalog.=) 'running'
                and (execution.recorder_id is not null or :unleased_too)
                and coalesce(recorder.heartbeat_at, execution.started_at, execution.created_at)
                  operator(pg_catalog.<=) (pg_catalog.now() operator(pg_catalog.-) cast(:older_than as interval))
              order by execution.id collate pg_catalog."C"
              for no key update of execution skip locked
            )
            update {schema}.workflow_executions as execution
            set
              status = 'failed',
              completed_at = pg_catalog.now(),
              abandoned_at = pg_catalog.now(),
              error = :error
            from abandoned
            where execution.id operator(pg_catalog.=) abandoned.id
            returning execution.id""";

    @Override
    public List<String> endAbandoned(Duration olderThan, Scope scope) {
        Objects.requireNonNull(olderThan, "olderThan must not be null");
        Objects.requireNonNull(scope, "scope must not be null");
        if (olderThan.isNegative()) {
            throw new IllegalArgumentException("olderThan must not be negative, but is " + olderThan);
        }
        Duration bounded = olderThan.compareTo(LONGEST) > 0 ? LONGEST : olderThan;
        return transactions.run(
                "end abandoned executions",
                writing,
                statements -> statements.send(
                        END_ABANDONED,
                        query -> query.bind("older_than", bounded.toString())
                                .bind("unleased_too", scope == Scope.ALL)
                                .bind("error", ABANDONED_ERROR),
                        results -> List.copyOf(results.rows(row -> row.getString("id")))));
    }
}
