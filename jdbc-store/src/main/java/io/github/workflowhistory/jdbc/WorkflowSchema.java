package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;

/**
 * The tables of {@link JdbcExecutionStore}: their installation and verification, and the scripts for those who install
 * them by other means.
 *
 * <pre>{@code
 * WorkflowSchema.of(dataSource).install();
 * }</pre>
 *
 * <p>Immutable and safe for use by many threads. The methods that ask the database block until it has answered.
 */
public final class WorkflowSchema {
    /** The version of the tables that this library works with. */
    public static final int VERSION = 2;

    static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

    private final ConnectionFactory connections;
    private final SchemaName schema;
    private final Duration lockTimeout;

    private WorkflowSchema(ConnectionFactory connections, SchemaName schema, Duration lockTimeout) {
        this.connections = connections;
        this.schema = schema;
        this.lockTimeout = lockTimeout;
    }

    /**
     * The tables in schema {@code public} of a database.
     *
     * @param dataSource where connections come from, whose role may create tables; the host owns and closes it
     * @return the schema; the database is not asked yet
     */
    public static WorkflowSchema of(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource must not be null");
        return new WorkflowSchema(dataSource::getConnection, SchemaName.PUBLIC, LOCK_TIMEOUT);
    }

    /**
     * The tables in schema {@code public} of a database.
     *
     * @param jdbi where connections come from, whose role may create tables
     * @return the schema; the database is not asked yet
     */
    public static WorkflowSchema of(Jdbi jdbi) {
        Objects.requireNonNull(jdbi, "jdbi must not be null");
        return new WorkflowSchema(new HostJdbiConnections(jdbi), SchemaName.PUBLIC, LOCK_TIMEOUT);
    }

    /**
     * The same in another schema.
     *
     * @param schema its name as it stands in the catalog, without quotes
     * @return a new object
     * @throws IllegalArgumentException when PostgreSQL can have no schema of this name
     */
    public WorkflowSchema inSchema(String schema) {
        return new WorkflowSchema(connections, new SchemaName(schema), lockTimeout);
    }

    /**
     * How long a change of the tables waits for a lock that another session holds. While it waits, those who come later
     * wait behind it, so it must not be long: one open reader would stop all writers.
     *
     * @param timeout at least a millisecond; two seconds when not given
     * @return a new object
     * @throws IllegalArgumentException when the duration is out of range
     */
    public WorkflowSchema lockTimeout(Duration timeout) {
        return new WorkflowSchema(connections, schema, Timeouts.require("lockTimeout", timeout));
    }

    /**
     * Creates what is missing, adopts tables that an application made from the guide, and upgrades older versions, by
     * {@link #script()}. Drops no table and no row. Where all tables of {@link #VERSION} are there already, it reads the
     * catalog once and takes no lock. Takes effect whole or not at all; when several processes start at once, one
     * installs, the others wait for it, two minutes at most, and find everything done. Damage that {@link #verify()} would find is not looked
     * for.
     *
     * @return what PostgreSQL had to say, for example which older policies were replaced; empty as a rule
     * @throws HistoryStoreException when it cannot be done, for example because {@code plain-postgres-auth.sql} has to
     *     run before, because the tables are of a newer version, or because another session held a lock for longer than
     *     {@link #lockTimeout}; nothing was changed then
     */
    public List<String> install() {
        return installation().install();
    }

    /** What {@link #recreate} must be told, so that nobody calls it by mistake. */
    public enum Consent {
        /** All executions, node results and logs in the schema may be lost for ever. */
        DROP_ALL_HISTORY
    }

    /**
     * <b>Drops the tables with all their rows</b> and makes them anew, by {@link #recreateScript}. Takes effect whole or
     * not at all.
     *
     * @param consent that this is what the caller wants
     * @return what PostgreSQL had to say
     * @throws HistoryStoreException when it cannot be done, for example because a view depends on a table or another
     *     session held a lock for longer than {@link #lockTimeout}; nothing was changed then
     */
    public List<String> recreate(Consent consent) {
        Objects.requireNonNull(consent, "consent must not be null: recreate drops all history");
        return installation().recreate();
    }

    /**
     * Looks for what is wrong with the tables: whatever is missing or altered of what the script makes, whatever opens
     * rows to others, and whatever makes recording fail. Reads the catalog only, in one round trip, and needs no right
     * on the tables.
     *
     * <p>What a host added is its own business: columns that need no value, indexes, checks, triggers, roles with their
     * grants and policies. A policy of the host's is a finding only when it is permissive, stands for {@code anon},
     * {@code authenticated} or everybody, and its condition neither calls a function nor selects anything: then it
     * cannot depend on who asks.
     *
     * <p>A role that may read the tables, and to which row level security shows no rows because no policy is for it,
     * is told so, as advice: a store that connects as this role would be refused, unless it acts as an end user.
     *
     * <p>Where the tables are missing, or of another version, that is the only finding besides the encoding.
     *
     * @return what was found, in an order in which the mends can run; empty for a clean installation
     * @throws HistoryStoreException when the database cannot be asked
     */
    public List<SchemaFinding> verify() {
        return new SchemaCheck(transactions()).findings();
    }

    /**
     * Tells which version of the tables is there.
     *
     * @return the version; empty when there are no tables, or only such that an application made from the guide
     * @throws HistoryStoreException when the database cannot be asked
     */
    public OptionalInt installedVersion() {
        return installation().version();
    }

    private SchemaInstallation installation() {
        return new SchemaInstallation(transactions(), lockTimeout);
    }

    private Transactions transactions() {
        return Transactions.over(connections, schema);
    }

    /**
     * The part of {@code database/workflow-execution-schema.sql} that is idempotent and drops nothing, for schema
     * {@code public}: one statement, for example as a repeatable migration.
     *
     * @return SQL for PostgreSQL 14 or later
     */
    public static String script() {
        return SchemaScripts.part2(SchemaName.PUBLIC);
    }

    /**
     * As {@link #script()}, for another schema.
     *
     * @param schema its name as it stands in the catalog, without quotes
     * @return SQL for PostgreSQL 14 or later
     * @throws IllegalArgumentException when PostgreSQL can have no schema of this name
     */
    public static String script(String schema) {
        return SchemaScripts.part2(new SchemaName(schema));
    }

    /**
     * The whole of {@code database/workflow-execution-schema.sql}. It <b>drops the tables with all their rows</b>, then
     * makes them anew.
     *
     * @param schema the schema's name as it stands in the catalog, without quotes
     * @return SQL for PostgreSQL 14 or later
     * @throws IllegalArgumentException when PostgreSQL can have no schema of this name
     */
    public static String recreateScript(String schema) {
        return SchemaScripts.whole(new SchemaName(schema));
    }

    /**
     * {@code database/plain-postgres-auth.sql}, which gives a PostgreSQL that is not Supabase what the tables
     * presuppose: users, {@code auth.uid()} and three roles. Creates nothing that exists.
     *
     * @param schema the name of the schema of the tables as it stands in the catalog, without quotes
     * @return SQL for PostgreSQL 14 or later
     * @throws IllegalArgumentException when PostgreSQL can have no schema of this name
     */
    public static String plainPostgresAuthScript(String schema) {
        return SchemaScripts.plainPostgresAuth(new SchemaName(schema));
    }

    /**
     * {@code database/recorder-role.sql}, which makes a login role that may record, read and maintain, and nothing
     * else. To be run after {@link #script()}, and again after every upgrade, by the owner of the tables. The role gets
     * no password.
     *
     * @param schema the name of the schema of the tables as it stands in the catalog, without quotes
     * @param role the name of the role as it stands in the catalog, without quotes
     * @return SQL for PostgreSQL 14 or later
     * @throws IllegalArgumentException when PostgreSQL can have no schema or no role of this name
     */
    public static String recorderRoleScript(String schema, String role) {
        return SchemaScripts.recorderRole(new SchemaName(schema), role);
    }
}
