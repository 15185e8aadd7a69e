package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.Ids;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.jdbc.TransactionSettings.Isolation;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * History in PostgreSQL 14 or later, in the tables that {@link WorkflowSchema} makes.
 *
 * <pre>{@code
 * WorkflowSchema.of(dataSource).install();
 * JdbcExecutionStore store = JdbcExecutionStore.create(dataSource);
 * }</pre>
 *
 * <p>Every call takes one connection, runs one transaction of its own and gives the connection back as it came: any
 * pool will do, with auto-commit on or off, with any default isolation level, with a single connection. The data source
 * must not hand out connections that take part in a transaction of the host, because the history of a failure has to
 * survive the host's rollback; such a connection is refused.
 *
 * <p>A batch is recorded with a fixed number of statements, whatever the number of records in it; a large one by COPY
 * where PostgreSQL allows it, see {@link Builder#copyLargeBatches}. Each method blocks until the database has answered. Safe for use by many threads. Holds nothing that needs closing.
 */
public final class JdbcExecutionStore implements ExecutionStore {
    private final Transactions transactions;
    private final TransactionSettings writing;
    private final BatchRecorder recorder;
    private final @Nullable ExecutionLeases leases;
    private final SightCheck sight;

    private JdbcExecutionStore(Builder builder) {
        Transactions unchecked = Transactions.over(builder.connections, builder.schema);
        OpeningCheck check = new OpeningCheck(builder.schemaMode, unchecked);
        check.open();
        transactions = unchecked.after(check::ensure);
        writing = TransactionSettings.writing(builder.statementTimeout, builder.lockTimeout);
        recorder = new BatchRecorder(transactions, writing, builder.copyPolicy);
        leases = new RecorderLeases(transactions, writing);
        sight = new SightCheck(transactions);
    }

    /** The same store, acting as an end user. PostgreSQL refuses COPY to roles that row level security binds. */
    private JdbcExecutionStore(JdbcExecutionStore store, EndUser user) {
        transactions = store.transactions;
        writing = store.writing.actingAs(user);
        recorder = new BatchRecorder(transactions, writing, CopyPolicy.never());
        leases = null;
        sight = store.sight;
    }

    /**
     * A store in schema {@code public}.
     *
     * @param dataSource where connections come from; the host owns and closes it
     * @return the store; the database is not asked before the first call
     */
    public static JdbcExecutionStore create(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /**
     * A store in schema {@code public} that takes its connections from a host's Jdbi. Nothing else of that Jdbi has an
     * effect on the store, and the store changes nothing of it.
     *
     * @param jdbi where connections come from
     * @return the store; the database is not asked before the first call
     */
    public static JdbcExecutionStore create(Jdbi jdbi) {
        return builder(jdbi).build();
    }

    /**
     * Starts a store with settings.
     *
     * @param dataSource where connections come from; the host owns and closes it
     * @return a builder
     */
    public static Builder builder(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource must not be null");
        return new Builder(dataSource::getConnection);
    }

    /**
     * Starts a store with settings.
     *
     * @param jdbi where connections come from; see {@link #create(Jdbi)}
     * @return a builder
     */
    public static Builder builder(Jdbi jdbi) {
        return new Builder(new HostJdbiConnections(Objects.requireNonNull(jdbi, "jdbi must not be null")));
    }

    /**
     * A store that acts as an end user: it reads, lists, deletes and records what PostgreSQL's row level security
     * allows this user, which are the user's own executions with their node results and logs, and nothing else.
     *
     * <pre>{@code
     * List<ExecutionSummary> mine = store.actingAs(userId).listExecutions(ExecutionQuery.all());
     * }</pre>
     *
     * <p>Every call is one transaction that switches to the role {@code authenticated} and to the claims of the user,
     * both only until it ends, whatever its end: whoever has the connection next is neither. It costs no round trip.
     * Any pool will do, PgBouncer in transaction mode included. The role that is logged in has to be a member of
     * {@code authenticated}.
     *
     * <p>The database is the judge: what belongs to others is as if it did not exist, also when it is asked for by its
     * id. Recording an execution of another user, or of none, is refused with a {@link
     * io.github.workflowhistory.store.HistoryStoreException} of kind {@code DATA}; a node result or log entry for an
     * execution of another user with an {@link io.github.workflowhistory.store.UnknownExecutionException}. An id that
     * another user's record has is an {@link io.github.workflowhistory.store.IdConflictException}, which tells that it
     * is taken and nothing more.
     *
     * <p>Where PostgreSQL would not protect the tables, because row level security is off, because the role may bypass
     * it, inherits from one that works for all users, or cannot be switched to, or because {@code auth.uid()} gives
     * another user than this one, every call fails before it reads or writes anything, with a message that
     * says what to grant or to mend.
     *
     * <p>The store has no leases, and never uses COPY. It is as cheap to make as any small object, so make one where
     * you need it; it is safe for use by many threads.
     *
     * @param userId the end user, as the host has authenticated it; not checked before the first call, and one whom the
     *     database does not know has no rows
     * @return the store; its calls go to the same database, with the same settings
     * @throws NullPointerException when there is no user
     */
    public ExecutionStore actingAs(UUID userId) {
        Objects.requireNonNull(userId, "userId must not be null: nobody can be acted for as an end user");
        return new JdbcExecutionStore(this, new EndUser(userId, transactions.schema()));
    }

    @Override
    public void record(HistoryBatch batch) {
        if (batch.isEmpty()) {
            return;
        }
        recorder.record(batch);
    }

    private static final String DELETE = """
            delete from {schema}.workflow_executions
            where id operator(pg_catalog.=) :id""";

    @Override
    public boolean deleteExecution(String executionId) {
        Ids.requireValid("execution id", executionId);
        return found(
                        "delete execution " + Ids.quote(executionId),
                        writing,
                        statements -> statements.send(DELETE, query -> query.bind("id", executionId), Results::count))
                > 0;
    }

    @Override
    public Optional<WorkflowExecution> findExecution(String executionId) {
        Ids.requireValid("execution id", executionId);
        return read(
                "read execution " + Ids.quote(executionId), Isolation.READ_COMMITTED, reads -> reads.find(executionId));
    }

    @Override
    public Optional<ExecutionDetails> findDetails(String executionId) {
        Ids.requireValid("execution id", executionId);
        return read(
                "read execution " + Ids.quote(executionId),
                Isolation.REPEATABLE_READ,
                reads -> reads.details(executionId));
    }

    @Override
    public List<ExecutionSummary> listExecutions(ExecutionQuery query) {
        Objects.requireNonNull(query, "query must not be null");
        return read("list executions", Isolation.READ_COMMITTED, reads -> reads.list(ownOf(query)));
    }

    /** The policies filter anyway; but only a user that the query names can be found by an index. */
    ExecutionQuery ownOf(ExecutionQuery query) {
        EndUser user = writing.endUser();
        return user != null && query.userId() == null ? query.ofUser(user.id()) : query;
    }

    @Override
    public List<ExecutionLog> listLogs(LogQuery query) {
        Objects.requireNonNull(query, "query must not be null");
        return read(
                "list the logs of execution " + Ids.quote(query.executionId()),
                Isolation.READ_COMMITTED,
                reads -> reads.logs(query));
    }

    @Override
    public Optional<ExecutionLeases> leases() {
        return Optional.ofNullable(leases);
    }

    @Override
    public Optional<UUID> actingUser() {
        return Optional.ofNullable(writing.endUser()).map(EndUser::id);
    }

    private <T> T read(String doing, Isolation isolation, Function<ExecutionReads, T> work) {
        return found(doing, writing.reading(isolation), statements -> work.apply(new ExecutionReads(statements)));
    }

    private <T> T found(String doing, TransactionSettings settings, Function<Statements, T> work) {
        T result = transactions.run(doing, settings, work);
        sight.found(result, doing, settings);
        return result;
    }

    /** Settings of a store. Not for use by several threads at once. */
    public static final class Builder {
        private final ConnectionFactory connections;
        private SchemaName schema = SchemaName.PUBLIC;
        private @Nullable Duration statementTimeout;
        private @Nullable Duration lockTimeout;
        private CopyPolicy copyPolicy = CopyPolicy.standard();
        private SchemaMode schemaMode = SchemaMode.TRUST;

        private Builder(ConnectionFactory connections) {
            this.connections = connections;
        }

        /**
         * The schema that holds the tables.
         *
         * @param schema its name as it stands in the catalog, without quotes; {@code public} when not given
         * @return this
         * @throws IllegalArgumentException when PostgreSQL can have no schema of this name
         */
        public Builder schema(String schema) {
            this.schema = new SchemaName(schema);
            return this;
        }

        /**
         * What the store does about its tables when it is opened.
         *
         * @param mode {@link SchemaMode#TRUST} when not given, which asks the database nothing
         * @return this
         */
        public Builder schemaMode(SchemaMode mode) {
            this.schemaMode = Objects.requireNonNull(mode, "mode must not be null");
            return this;
        }

        /**
         * How long PostgreSQL lets a statement of the store run before it cancels it.
         *
         * @param timeout at least a millisecond; when not given, the limit of the session holds
         * @return this
         * @throws IllegalArgumentException when the duration is out of range
         */
        public Builder statementTimeout(Duration timeout) {
            this.statementTimeout = Timeouts.require("statementTimeout", timeout);
            return this;
        }

        /**
         * How long a statement of the store waits for a lock that another transaction holds.
         *
         * @param timeout at least a millisecond, and less than the {@link #statementTimeout}; when not given, the limit
         *     of the session holds
         * @return this
         * @throws IllegalArgumentException when the duration is out of range
         */
        public Builder lockTimeout(Duration timeout) {
            this.lockTimeout = Timeouts.require("lockTimeout", timeout);
            return this;
        }

        /**
         * Whether the first attempt to write a large batch may trust that nothing of it is there yet. Then it goes by
         * COPY, which is faster; or by a plain INSERT where PostgreSQL does not allow COPY, as it does not to a role to
         * which row level security applies. The store finds that out by itself. What is recorded is the same either
         * way: a batch of which some is there already goes again in a new transaction, by an INSERT that passes over
         * what is there.
         *
         * <p>Turn it off for connections through something that does not know COPY, or where most batches are
         * recorded twice.
         *
         * @param enabled false to write every batch by the INSERT that passes over what is there; true when not given
         * @return this
         */
        public Builder copyLargeBatches(boolean enabled) {
            return copyPolicy(enabled ? CopyPolicy.standard() : CopyPolicy.never());
        }

        /** For which batches COPY is tried. */
        Builder copyPolicy(CopyPolicy policy) {
            this.copyPolicy = policy;
            return this;
        }

        /**
         * Makes the store. Asks the database only where {@link #schemaMode} says so, and blocks until it has answered; a
         * database that cannot be reached then is asked before the first call that reaches it, which fails until all is
         * well.
         *
         * @return the store
         * @throws io.github.workflowhistory.store.HistoryStoreException when the tables are not as the library needs them
         *     or cannot be installed, with what mends it
         * @throws IllegalArgumentException when two settings contradict each other; the message names both
         */
        public JdbcExecutionStore build() {
            Timeouts.requireAgreement(statementTimeout, lockTimeout);
            return new JdbcExecutionStore(this);
        }
    }
}
