package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jdbi.v3.core.statement.Query;

/** Runs the scripts: one installer at a time in a database and schema, and none that blocks all writers. */
final class SchemaInstallation {
    private static final TransactionSettings WRITING = TransactionSettings.writing(null, null);
    private static final TransactionSettings READING = WRITING.reading(TransactionSettings.Isolation.READ_COMMITTED);

    /**
     * How long an installer waits for the one before it, which may be building indexes on large tables. Any login can
     * take an advisory lock and keep it, so not for ever.
     */
    private static final Duration TURN_TIMEOUT = Duration.ofMinutes(2);

    private final Transactions transactions;
    private final SchemaName schema;
    private final Duration lockTimeout;
    private final Duration turnTimeout;

    SchemaInstallation(Transactions transactions, Duration lockTimeout) {
        this(transactions, lockTimeout, TURN_TIMEOUT);
    }

    SchemaInstallation(Transactions transactions, Duration lockTimeout, Duration turnTimeout) {
        this.transactions = transactions;
        this.schema = transactions.schema();
        this.lockTimeout = lockTimeout;
        this.turnTimeout = turnTimeout;
    }

    List<String> install() {
        String doing = "install the tables in schema " + schema.quoted();
        if (transactions.run(doing, READING, this::isCurrent)) {
            return List.of();
        }
        return inTurn(doing, statements -> isCurrent(statements) ? List.of() : part2(statements));
    }

    List<String> recreate() {
        return inTurn("recreate the tables in schema " + schema.quoted(), statements -> {
            limitLockWaits(statements);
            return statements.script(SchemaScripts.whole(schema));
        });
    }

    private List<String> part2(Statements statements) {
        limitLockWaits(statements);
        return statements.script(SchemaScripts.part2(schema));
    }

    OptionalInt version() {
        return transactions.run(
                "read the version of the tables in schema " + schema.quoted(),
                READING,
                statements -> installed(statements).version());
    }

    private interface Work {
        List<String> run(Statements statements);
    }

    // The script takes the same lock, which the same transaction gets at once. Advisory locks belong to one database,
    // so the key names the schema only. Whoever waits here blocks nobody, so it may take longer than for a table.
    private static final String TAKE_TURN = """
            select pg_catalog.set_config('lock_timeout', :timeout, true);
            select pg_catalog.pg_advisory_xact_lock(
              pg_catalog.hashtextextended(pg_catalog.concat('workflow history schema ', cast(:schema as pg_catalog.text)), 0))""";

    private List<String> inTurn(String doing, Work work) {
        AtomicBoolean hasTurn = new AtomicBoolean();
        try {
            return transactions.attempt(WRITING, statements -> {
                hasTurn.set(statements.send(
                        TAKE_TURN,
                        query -> query.bind("schema", schema.name()).bind("timeout", millis(turnTimeout)),
                        results -> {
                            results.skip();
                            results.skip();
                            return true;
                        }));
                return work.run(statements);
            });
        } catch (FailedSqlException e) {
            if (!SqlStates.LOCK_NOT_AVAILABLE.equals(e.sqlState())) {
                throw transactions.explain(doing, WRITING, e);
            }
            throw hasTurn.get() ? blocked(doing, e) : outOfTurn(doing, e);
        }
    }

    /** An exclusive lock that waits for a reader makes all others wait behind it. */
    private void limitLockWaits(Statements statements) {
        statements.send(
                "select pg_catalog.set_config('lock_timeout', :timeout, true)",
                query -> query.bind("timeout", millis(lockTimeout)),
                results -> {
                    results.skip();
                    return true;
                });
    }

    /** As PostgreSQL reads a number without a unit. */
    private static String millis(Duration timeout) {
        return Long.toString(timeout.toMillis());
    }

    // The last step of the script writes the version, so it never promises too much.
    private static final String INSTALLED = """
            select
              substring(
                pg_catalog.obj_description(pg_catalog.to_regclass(:recorders), 'pg_class')
                from '^Workflow History schema ([0-9]{1,9})') as version,
              pg_catalog.to_regclass(:executions) is not null
                and pg_catalog.to_regclass(:results) is not null
                and pg_catalog.to_regclass(:logs) is not null as complete""";

    private record Installed(OptionalInt version, boolean complete) {}

    private static Installed installed(Statements statements) {
        return statements.send(
                INSTALLED,
                query -> query.bind("recorders", statements.nameOf("workflow_recorders"))
                        .bind("executions", statements.nameOf("workflow_executions"))
                        .bind("results", statements.nameOf("node_execution_results"))
                        .bind("logs", statements.nameOf("execution_logs")),
                results -> results.rows(row -> {
                            String version = row.getString("version");
                            return new Installed(
                                    version == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(version)),
                                    row.getBoolean("complete"));
                        })
                        .get(0));
    }

    private boolean isCurrent(Statements statements) {
        Installed installed = installed(statements);
        return installed.complete() && installed.version().equals(OptionalInt.of(WorkflowSchema.VERSION));
    }

    private static final String HOLDERS = """
            select distinct pg_catalog.format('process %s (application "%s", role %s, %s, transaction since %s)',
              activity.pid, activity.application_name, activity.usename, coalesce(activity.state, 'unknown'),
              coalesce(cast(activity.xact_start as pg_catalog.text), 'unknown')) as holder
            from pg_catalog.pg_locks as held
            join pg_catalog.pg_database as database on database.oid operator(pg_catalog.=) held.database
            join pg_catalog.pg_stat_activity as activity on activity.pid operator(pg_catalog.=) held.pid
            left join pg_catalog.pg_class as class on class.oid operator(pg_catalog.=) held.relation
            where held.granted
              and database.datname operator(pg_catalog.=) pg_catalog.current_database()
              and held.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid()
              and""";

    private static final String HOLDERS_OF_TABLES = HOLDERS + """
             class.relname operator(pg_catalog.=) any (
                cast('{workflow_executions,node_execution_results,execution_logs,workflow_recorders,users}'
                  as pg_catalog.name[]))
            order by holder""";

    // The two halves of the key stand in two columns; 1 says that they belong together.
    private static final String HOLDERS_OF_TURN = HOLDERS + """
             held.locktype operator(pg_catalog.=) 'advisory' and held.objsubid operator(pg_catalog.=) 1
              and ((cast(held.classid as pg_catalog.int8) operator(pg_catalog.<<) 32)
                operator(pg_catalog.|) cast(held.objid as pg_catalog.int8))
                operator(pg_catalog.=) pg_catalog.hashtextextended(
                  pg_catalog.concat('workflow history schema ', cast(:schema as pg_catalog.text)), 0)
            order by holder""";

    private HistoryStoreException blocked(String doing, FailedSqlException failure) {
        List<String> holders = holders(HOLDERS_OF_TABLES, query -> {}, failure);
        String who = holders.isEmpty()
                ? "another session held a lock on the tables, and has let go of it by now"
                : "these sessions hold locks on the tables: " + String.join(", ", holders);
        return contention(
                doing,
                who + ". Nothing was changed, after " + lockTimeout.toMillis()
                        + " ms, so that writers need not wait longer. Do it again when they have ended, end them with"
                        + " pg_terminate_backend(process), or allow a longer lockTimeout",
                failure);
    }

    private HistoryStoreException outOfTurn(String doing, FailedSqlException failure) {
        List<String> holders = holders(HOLDERS_OF_TURN, query -> query.bind("schema", schema.name()), failure);
        String who = holders.isEmpty()
                ? "another session held the lock of an installation, and has let go of it by now"
                : "the lock of an installation is held by " + String.join(", ", holders);
        return contention(
                doing,
                who + ". Nothing was changed, after waiting for " + turnTimeout.toMillis()
                        + " ms. If it is an installation, wait for it and do this again; if not, end it with"
                        + " pg_terminate_backend(process)",
                failure);
    }

    private List<String> holders(String sql, Consumer<Query> parameters, FailedSqlException failure) {
        try {
            return transactions.attempt(
                    READING,
                    statements ->
                            statements.send(sql, parameters, results -> results.rows(row -> row.getString("holder"))));
        } catch (FailedSqlException e) {
            failure.addSuppressed(e);
            return List.of();
        }
    }

    private static HistoryStoreException contention(String doing, String why, FailedSqlException failure) {
        return failure.as(
                Kind.CONTENTION, "cannot " + doing + ": " + why + " (SQLSTATE " + failure.sqlState() + ")", false);
    }
}
