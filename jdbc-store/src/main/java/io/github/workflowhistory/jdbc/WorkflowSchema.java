package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.store.HistoryStoreException;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;

/**
 * The tables of {@link JdbcExecutionStore}: their installation, and the scripts for those who install them by other
 * means.
 *
 * <pre>{@code
 * WorkflowSchema.of(dataSource).install();
 * }</pre>
 *
 * <p>Immutable and safe for use by many threads. The methods that ask the database block until it has answered.
 */
public final class WorkflowSchema {
    /** The version of the tables that this library works with. */
    public static final int VERSION = 1;

    private static final TransactionSettings WRITING = TransactionSettings.writing(null, null);

    private final ConnectionFactory connections;
    private final SchemaName schema;

    private WorkflowSchema(ConnectionFactory connections, SchemaName schema) {
        this.connections = connections;
        this.schema = schema;
    }

    /**
     * The tables in schema {@code public} of a database.
     *
     * @param dataSource where connections come from, whose role may create tables; the host owns and closes it
     * @return the schema; the database is not asked yet
     */
    public static WorkflowSchema of(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource must not be null");
        return new WorkflowSchema(dataSource::getConnection, SchemaName.PUBLIC);
    }

    /**
     * The tables in schema {@code public} of a database.
     *
     * @param jdbi where connections come from, whose role may create tables
     * @return the schema; the database is not asked yet
     */
    public static WorkflowSchema of(Jdbi jdbi) {
        Objects.requireNonNull(jdbi, "jdbi must not be null");
        return new WorkflowSchema(new HostJdbiConnections(jdbi), SchemaName.PUBLIC);
    }

    /**
     * The same in another schema.
     *
     * @param schema its name as it stands in the catalog, without quotes
     * @return a new object
     * @throws IllegalArgumentException when PostgreSQL can have no schema of this name
     */
    public WorkflowSchema inSchema(String schema) {
        return new WorkflowSchema(connections, new SchemaName(schema));
    }

    /**
     * Creates what is missing and adopts tables that an application made from the guide, by {@link #script()}. Drops no
     * table and no row. Does nothing where {@link #VERSION} is installed already. Takes effect whole or not at all; when
     * several processes start at once, one installs and the others wait for it.
     *
     * @return what PostgreSQL had to say, for example which older policies were replaced; empty as a rule
     * @throws HistoryStoreException when it cannot be done, for example because {@code plain-postgres-auth.sql} has to
     *     run before, or because the tables are of a newer version; nothing was changed then
     */
    public List<String> install() {
        return transactions().run("install the tables in schema " + schema.quoted(), WRITING, statements -> {
            OptionalInt installed = version(statements);
            return installed.isPresent() && installed.getAsInt() == VERSION
                    ? List.of()
                    : statements.script(SchemaScripts.part2(schema));
        });
    }

    /**
     * Tells which version of the tables is there.
     *
     * @return the version; empty when there are no tables, or only such that an application made from the guide
     * @throws HistoryStoreException when the database cannot be asked
     */
    public OptionalInt installedVersion() {
        return transactions()
                .run("read the version of the tables in schema " + schema.quoted(), WRITING, this::version);
    }

    // The last step of the script writes it, so it never promises too much.
    private static final String READ_VERSION = """
            select substring(
              pg_catalog.obj_description(pg_catalog.to_regclass(:marked_table), 'pg_class')
              from '^Workflow History schema ([0-9]{1,9})') as version""";

    private OptionalInt version(Statements statements) {
        return statements.send(
                READ_VERSION, query -> query.bind("marked_table", statements.nameOf("workflow_recorders")), results -> {
                    String version =
                            results.rows(row -> row.getString("version")).get(0);
                    return version == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(version));
                });
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
