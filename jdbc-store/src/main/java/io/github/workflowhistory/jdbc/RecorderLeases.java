package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.Ids;
import io.github.workflowhistory.store.ExecutionLeases;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Leases in {@code workflow_recorders}, by PostgreSQL's clock. Every transaction commits in the round trip in which it
 * locks rows: a process that stops in between would hold its lease's row locked, which looks alive, for as long as its
 * connection lasts.
 */
final class RecorderLeases implements ExecutionLeases {
    /** Older than anything that PostgreSQL could have recorded; longer intervals would leave its calendar. */
    private static final Duration LONGEST = Duration.ofDays(365L * 6_000);

    /** How long a recorder is remembered at least after its last renewal. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);
    /**
     * How long a statement waits for a row at most. Renewals must go on while somebody else's transaction holds an
     * execution that is to be taken over.
     */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Transactions transactions;
    private final TransactionSettings settings;

    RecorderLeases(Transactions transactions, TransactionSettings writing) {
        this.transactions = transactions;
        this.settings = writing.atOnce(LONGEST_WAIT);
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
                "renew the lease of recorder " + Ids.quote(recorderId),
                settings,
                statements -> statements.send(RENEW, query -> query.bind("id", recorderId), Results::count));
    }

    private static final String TAKE_OVER = """
            update {schema}.workflow_executions
            set recorder_id = :recorder_id
            where id operator(pg_catalog.=) :id
              and status operator(pg_catalog.=) any (array['queued', 'running'])""";

    @Override
    public boolean takeOver(String executionId, String recorderId) {
        return change("take over", TAKE_OVER, executionId, recorderId);
    }

    private static final String RELEASE = """
            update {schema}.workflow_executions
            set recorder_id = null
            where id operator(pg_catalog.=) :id
              and recorder_id operator(pg_catalog.=) :recorder_id
              and status operator(pg_catalog.=) any (array['queued', 'running'])""";

    @Override
    public boolean release(String executionId, String recorderId) {
        return change("let go of", RELEASE, executionId, recorderId);
    }

    /** Changes the lease of one execution; false when there was nothing to change. */
    private boolean change(String doing, String sql, String executionId, String recorderId) {
        Ids.requireValid("execution id", executionId);
        Ids.requireValid("recorder id", recorderId);
        return transactions.run(
                doing + " execution " + Ids.quote(executionId),
                settings,
                statements -> statements.send(
                                sql,
                                query -> query.bind("id", executionId).bind("recorder_id", recorderId),
                                Results::count)
                        > 0);
    }

    // Three statements in one transaction, each of which sees what was committed before it. None asks for the time of
    // its own: now() was taken when the transaction was opened, before they were sent; see endAbandoned.
    //
    // 1. A recorder that never renewed its lease gets a row that says so, because only a row can be locked: its first
    // renewal then waits for this transaction, or is seen by it. A thousand at a time, which the next call goes on
    // with: whoever may record can invent recorders, and every lock is held until the end.
    //
    // 2. Executions and recorders are locked before anything is changed. PostgreSQL looks again at a row that
    // somebody changed before the lock was had, so an execution that has ended meanwhile, and whatever belongs to a
    // recorder that has come back, is left alone. What a writer holds at this moment is alive and is skipped. Without
    // an outer join: after an execution was taken over, that would find no recorder, and count from its start.
    //
    // 3. There is a recorder for every start of a process. They go when they are old and have left nothing open.
    private static final String END_ABANDONED = """
            insert into {schema}.workflow_recorders (id, started_at, heartbeat_at)
            select
              execution.recorder_id,
              pg_catalog.min(coalesce(execution.started_at, execution.created_at)),
              '-infinity'
            from {schema}.workflow_executions as execution
            where execution.status operator(pg_catalog.=) 'running'
              and coalesce(execution.started_at, execution.created_at)
                operator(pg_catalog.<=) (pg_catalog.now() operator(pg_catalog.-) cast(:older_than as interval))
              and execution.recorder_id is not null
              and not exists (
                select from {schema}.workflow_recorders as recorder
                where recorder.id operator(pg_catalog.=) execution.recorder_id)
            group by execution.recorder_id
            order by execution.recorder_id collate pg_catalog."C"
            limit 1000
            on conflict do nothing;

            with leased as (
              select execution.id
              from {schema}.workflow_executions as execution
              join {schema}.workflow_recorders as recorder
                on recorder.id operator(pg_catalog.=) execution.recorder_id
              where execution.status operator(pg_catalog.=) 'running'
                and coalesce(
                    -- Not nullif, whose comparison is the one that the search_path finds.
                    case when recorder.heartbeat_at operator(pg_catalog.<>) '-infinity' then recorder.heartbeat_at end,
                    execution.started_at,
                    execution.created_at)
                  operator(pg_catalog.<=) (pg_catalog.now() operator(pg_catalog.-) cast(:older_than as interval))
              order by execution.id collate pg_catalog."C"
              for share of recorder skip locked
              for no key update of execution skip locked
            ),
            unleased as (
              select execution.id
              from {schema}.workflow_executions as execution
              where :unleased_too
                and execution.status operator(pg_catalog.=) 'running'
                and execution.recorder_id is null
                and coalesce(execution.started_at, execution.created_at)
                  operator(pg_catalog.<=) (pg_catalog.now() operator(pg_catalog.-) cast(:older_than as interval))
              order by execution.id collate pg_catalog."C"
              for no key update skip locked
            )
            update {schema}.workflow_executions as execution
            set
              status = 'failed',
              completed_at = pg_catalog.now(),
              abandoned_at = pg_catalog.now(),
              error = :error
            from (select id from leased union all select id from unleased) as abandoned
            where execution.id operator(pg_catalog.=) abandoned.id
            returning execution.id;

            delete from {schema}.workflow_recorders
            where id operator(pg_catalog.=) any (array(
              select recorder.id
              from {schema}.workflow_recorders as recorder
              where recorder.heartbeat_at operator(pg_catalog.<=) (
                  pg_catalog.now() operator(pg_catalog.-) cast(:forgotten_after as interval))
                and not exists (
                  select from {schema}.workflow_executions as execution
                  where execution.recorder_id operator(pg_catalog.=) recorder.id
                    and execution.status operator(pg_catalog.=) any (array['queued', 'running']))
              for update skip locked))""";

    @Override
    public List<String> endAbandoned(Duration olderThan, Scope scope) {
        Objects.requireNonNull(olderThan, "olderThan must not be null");
        Objects.requireNonNull(scope, "scope must not be null");
        if (olderThan.isNegative()) {
            throw new IllegalArgumentException("olderThan must not be negative, but is " + olderThan);
        }
        Duration bounded = olderThan.compareTo(LONGEST) > 0 ? LONGEST : olderThan;
        // Before there is a connection: where the server stands still, it is the pool that waits for it.
        Moment asked = Moment.now();
        return transactions.run("end abandoned executions", settings, statements -> {
            statements.open();
            // The server's now() may be later than the call by this much, in which nobody may have been able to renew a
            // lease. What it does from here on has that now(), even when it stands still before it begins.
            return endAbandoned(bounded, asked.passed(), scope, statements);
        });
    }

    private static List<String> endAbandoned(
            Duration olderThan, Duration sinceCall, Scope scope, Statements statements) {
        Duration age = olderThan.isZero() ? Duration.ZERO : olderThan.plus(sinceCall);
        Duration forgottenAfter = age.compareTo(FORGOTTEN_AFTER) > 0 ? age : FORGOTTEN_AFTER;
        return statements.send(
                END_ABANDONED,
                query -> query.bind("older_than", age.toString())
                        .bind("forgotten_after", forgottenAfter.toString())
                        .bind("unleased_too", scope == Scope.ALL)
                        .bind("error", ABANDONED_ERROR),
                results -> {
                    results.skip();
                    List<String> ended = List.copyOf(results.rows(row -> row.getString("id")));
                    results.skip();
                    return ended;
                });
    }
}
