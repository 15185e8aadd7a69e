package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.FailedSqlException.Stage;
import io.github.workflowhistory.store.HistoryStoreException;
import java.sql.SQLException;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.jspecify.annotations.Nullable;

/**
 * Runs work in a transaction of its own and gives the connection back as it came.
 *
 * <p>Not by Jdbi's {@code inTransaction}: where a pool hands out connections with auto-commit off, Jdbi takes this for
 * a transaction of somebody else, joins it and never commits.
 */
final class Transactions {
    /** One for all stores, with what it has parsed: some milliseconds for each statement, whoever sends it first. */
    private static final SqlParser PARSER = new ColonPrefixSqlParser();

    private final Jdbi jdbi;
    private final SchemaName schema;
    private final Runnable before;
    private final StoreFailures failures;

    private Transactions(Jdbi jdbi, SchemaName schema, Runnable before) {
        this.jdbi = jdbi;
        this.schema = schema;
        this.before = before;
        this.failures =
                new StoreFailures(schema, new SchemaDiagnosis(this, schema), new EndUserDiagnosis(this, schema));
    }

    /**
     * Transactions on the connections of a host. They go through a Jdbi of our own: what a host sets on its Jdbi cannot
     * change our statements, and we change nothing there.
     */
    static Transactions over(ConnectionFactory connections, SchemaName schema) {
        Jdbi jdbi = Jdbi.create(connections)
                .installPlugin(new TypesOnly())
                .configure(
                        SqlStatements.class,
                        statements ->
                                statements.setTemplateEngine(TemplateEngine.NOP).setSqlParser(PARSER));
        return new Transactions(jdbi, schema, () -> {});
    }

    /**
     * Jdbi's types for PostgreSQL. For large objects, which we have none of, the plugin makes the driver ask the server
     * once for each new connection, before our transaction and with operators that the search_path finds.
     */
    private static final class TypesOnly extends PostgresPlugin {
        @Override
        public Handle customizeHandle(Handle handle) {
            return handle;
        }
    }

    /** The same, each after something that may throw instead. It has no connection yet, as a pool may have only one. */
    Transactions after(Runnable check) {
        return new Transactions(jdbi, schema, check);
    }

    SchemaName schema() {
        return schema;
    }

    /**
     * Runs work, then commits; or rolls back when it throws.
     *
     * @param doing what the work does, so that an error message can say "cannot …"
     * @throws HistoryStoreException when the database refuses, or as the work throws it
     */
    <T extends @Nullable Object> T run(String doing, TransactionSettings settings, Function<Statements, T> work) {
        try {
            return attempt(settings, work);
        } catch (FailedSqlException e) {
            throw explain(doing, settings, e);
        }
    }

    /** What {@link #run} throws. The connection has to be back in its pool, which may have no second one. */
    HistoryStoreException explain(String doing, TransactionSettings settings, FailedSqlException failure) {
        return failures.explain(doing, settings, failure);
    }

    /** See {@link StoreFailures#requireSight}. */
    boolean requireSight(String doing, TransactionSettings settings) {
        return failures.requireSight(doing, settings);
    }

    /** As {@link #run}, but leaves the failure unexplained. */
    <T extends @Nullable Object> T attempt(TransactionSettings settings, Function<Statements, T> work)
            throws FailedSqlException {
        before.run();
        Handle handle = open();
        Throwable failure = null;
        try {
            return onConnection(handle, settings, work);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            close(handle, failure);
        }
    }

    private Handle open() throws FailedSqlException {
        try {
            return jdbi.open();
        } catch (JdbiException e) {
            throw FailedSqlException.of(Stage.CONNECT, e);
        }
    }

    /** What was asked for has happened or failed by now; trouble with giving the connection back changes neither. */
    private static void close(Handle handle, @Nullable Throwable failure) {
        try {
            handle.close();
        } catch (RuntimeException e) {
            if (failure != null) {
                failure.addSuppressed(e);
            }
        }
    }

    private <T extends @Nullable Object> T onConnection(
            Handle handle, TransactionSettings settings, Function<Statements, T> work) throws FailedSqlException {
        BorrowedConnection connection = begin(handle, settings);
        T result;
        try {
            result = work.apply(new Statements(handle, schema, settings));
        } catch (JdbiException e) {
            Stage stage = e instanceof CopyFailedException ? Stage.COPY : Stage.EXECUTE;
            FailedSqlException failure = FailedSqlException.of(stage, e);
            connection.rollBack(failure);
            throw failure;
        } catch (Throwable e) {
            connection.rollBack(e);
            throw e;
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            FailedSqlException failure = FailedSqlException.of(Stage.COMMIT, e);
            connection.rollBack(failure);
            throw failure;
        }
        connection.restore();
        return result;
    }

    private static BorrowedConnection begin(Handle handle, TransactionSettings settings) throws FailedSqlException {
        try {
            return BorrowedConnection.begin(handle.getConnection(), settings.endUser() != null);
        } catch (SQLException e) {
            throw FailedSqlException.of(Stage.CONNECT, e);
        }
    }
}
