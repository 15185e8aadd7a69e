package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.TransactionSettings.Isolation;
import io.github.workflowhistory.store.HistoryStoreException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the catalog, when a statement has failed or found nothing, for what an error message should say: of grants no
 * more than the store needs, which is what {@code recorder-role.sql} gives, and none where row level security would
 * hide all rows in spite of them. Touches no table.
 */
final class SchemaDiagnosis {
    /** Reads one row, of which {@link #read(Results)} makes findings. Its parameter is {@code schema}. */
    static final String LOOK = """
            with namespace as (
              select n.oid, n.nspname from pg_catalog.pg_namespace as n
              where n.nspname operator(pg_catalog.=) :schema
            ), wanted (step, name, privileges) as (
              values (1, 'workflow_executions', array['select', 'insert', 'update', 'delete']),
                     (2, 'node_execution_results', array['select', 'insert']),
                     (3, 'execution_logs', array['select', 'insert', 'update']),
                     (4, 'workflow_recorders', array['select', 'insert', 'update', 'delete'])
            ), found as (
              select w.step, w.name, w.privileges, c.oid
              from wanted as w left join (
                pg_catalog.pg_class as c join namespace on c.relnamespace operator(pg_catalog.=) namespace.oid)
                on c.relname operator(pg_catalog.=) w.name
            ), policies as (
              select p.polname, p.polroles, p.polpermissive, p.polpermissive and p.polcmd operator(pg_catalog.=) '*'
                and pg_catalog.pg_get_expr(p.polqual, p.polrelid) operator(pg_catalog.=) 'true' as lets_all_pass
              from pg_catalog.pg_policy as p join found on p.polrelid operator(pg_catalog.=) found.oid
              where found.step operator(pg_catalog.=) 1
            ), policies_of_login as (
              select polpermissive, lets_all_pass, role
              from policies cross join lateral pg_catalog.unnest(polroles) as one (role)
              where case when role operator(pg_catalog.=) 0 then true else pg_catalog.pg_has_role(role, 'USAGE') end
            ), end_users as (
              select oid, rolname from pg_catalog.pg_roles
              where rolname operator(pg_catalog.=) 'anon' or rolname operator(pg_catalog.=) 'authenticated'
            ), login as (
              select r.rolname, r.rolinherit,
                exists (
                  select from policies where polname operator(pg_catalog.=) 'workflow_executions_recorder'
                    and r.oid operator(pg_catalog.=) any (polroles)) as is_recorder,
                exists (
                  select from found where step operator(pg_catalog.=) 1 and pg_catalog.row_security_active(oid))
                and not exists (select from policies_of_login where lets_all_pass) as is_filtered,
                coalesce(pg_catalog.current_setting('request.jwt.claims', true), '') operator(pg_catalog.=) ''
                and coalesce(pg_catalog.current_setting('request.jwt.claim.sub', true), '') operator(pg_catalog.=) ''
                  as is_nobody
              from pg_catalog.pg_roles as r where r.rolname operator(pg_catalog.=) current_user
            ), grants as (
              select 0 as step,
                pg_catalog.format('grant usage on schema %I to %I;', nspname, current_user) as statement
              from namespace where not pg_catalog.has_schema_privilege(oid, 'usage')
              union all
              select step,
                pg_catalog.format('grant %s on %I.%I to %I;', lacking.privileges, :schema, name, current_user)
              from found cross join lateral (
                select pg_catalog.string_agg(privilege, ', ') as privileges
                from pg_catalog.unnest(found.privileges) as one (privilege)
                where not pg_catalog.has_table_privilege(oid, privilege)
                  and not (privilege operator(pg_catalog.=) 'update'
                    and pg_catalog.has_any_column_privilege(oid, privilege))) as lacking
              where oid is not null and lacking.privileges is not null
            ), of_the_service as (
              select case
                when rolinherit then pg_catalog.format('grant service_role to %I;', rolname)
                when cast(pg_catalog.current_setting('server_version_num') as pg_catalog.int4)
                  operator(pg_catalog.>=) 160000
                  then pg_catalog.format('grant service_role to %I with inherit true;', rolname)
                else pg_catalog.format('alter role %1$I inherit; grant service_role to %1$I;', rolname)
              end as statement
              from login
              where is_filtered and exists (
                select from pg_catalog.pg_roles where rolname operator(pg_catalog.=) 'service_role')
            )
            select
              exists (select from namespace) as schema_exists,
              array(select name from found where oid is null order by step) as missing_tables,
              (select substring(pg_catalog.obj_description(oid, 'pg_class') from '^Workflow History schema ([0-9]{1,9})')
               from found where name operator(pg_catalog.=) 'workflow_recorders') as version,
              pg_catalog.quote_ident(current_user) as role,
              (select is_recorder from login) as is_recorder,
              exists (select from end_users where rolname operator(pg_catalog.=) current_user) as is_of_end_users,
              (select is_filtered and is_nobody from login) as is_shut_out,
              (select is_filtered and is_nobody from login)
                and exists (
                  select from found
                  where step operator(pg_catalog.=) 1 and pg_catalog.has_any_column_privilege(oid, 'select'))
                and not exists (select from end_users where rolname operator(pg_catalog.=) current_user)
                and not exists (
                  select from policies_of_login
                  where polpermissive and not exists (
                    select from end_users where oid operator(pg_catalog.=) role)) as is_misled,
              exists (select from of_the_service) as joins_service_role,
              case when exists (select from of_the_service) then array(select statement from of_the_service)
                else array(select statement from grants order by step) end as mends
            """;

    private final Transactions transactions;
    private final SchemaName schema;

    SchemaDiagnosis(Transactions transactions, SchemaName schema) {
        this.transactions = transactions;
        this.schema = schema;
    }

    /**
     * What the catalog says.
     *
     * @param schemaExists whether the schema is there
     * @param missingTables the tables that are not there
     * @param version the version of the schema script, or null when no script of ours made the tables
     * @param role the role that asks, as PostgreSQL quotes it
     * @param isRecorder whether the role was made by {@code recorder-role.sql}
     * @param isOfEndUsers whether the role is one that end users have, for which no store may work as no user
     * @param isShutOut whether row level security hides all rows from the role, because no policy is for it and the
     *     session has no end user
     * @param isMisled whether the role is shut out and may read the tables all the same, so that it is shown empty ones;
     *     not so for a role of end users, nor where the host has a policy for the role, whatever that lets it see
     * @param mends the statements that give the role what it lacks
     * @param joinsServiceRole whether the mends give the role everything that {@code service_role} may, which is more
     *     than recording takes
     */
    record Findings(
            boolean schemaExists,
            List<String> missingTables,
            @Nullable Integer version,
            String role,
            boolean isRecorder,
            boolean isOfEndUsers,
            boolean isShutOut,
            boolean isMisled,
            List<String> mends,
            boolean joinsServiceRole) {

        /** What to do about the role's rights, as the end of an error message; empty when nothing is known. */
        String advice() {
            if (isRecorder) {
                return ". As the owner of the tables run recorder-role.sql again, with this role's name";
            }
            if (isOfEndUsers) {
                // Whatever it is granted, each end user is granted.
                return ". The session works as " + role + ", the role of end users, who must not be granted more:"
                        + " connect as a role that works for all users (one made by recorder-role.sql, or a member of"
                        + " service_role); what one end user may do is for actingAs(userId)";
            }
            return mends.isEmpty()
                    ? ""
                    : ". As the owner of the tables run: " + String.join(" ", mends)
                            + (joinsServiceRole ? " Or make a login that may only record: recorder-role.sql" : "");
        }
    }

    /** Looks, or gives null when the database does not let it. */
    @Nullable
    Findings look(TransactionSettings settings) {
        try {
            return transactions.attempt(
                    settings.asLogin().reading(Isolation.READ_COMMITTED),
                    statements ->
                            statements.send(LOOK, query -> query.bind("schema", schema.name()), SchemaDiagnosis::read));
        } catch (FailedSqlException | HistoryStoreException e) {
            return null;
        }
    }

    /** The findings, where {@link #LOOK} is the next statement that was sent. */
    static Findings read(Results results) throws SQLException {
        return results.rows(SchemaDiagnosis::findings).get(0);
    }

    private static Findings findings(ResultSet row) throws SQLException {
        String version = row.getString("version");
        return new Findings(
                row.getBoolean("schema_exists"),
                strings(row.getArray("missing_tables")),
                version == null ? null : Integer.valueOf(version),
                row.getString("role"),
                row.getBoolean("is_recorder"),
                row.getBoolean("is_of_end_users"),
                row.getBoolean("is_shut_out"),
                row.getBoolean("is_misled"),
                strings(row.getArray("mends")),
                row.getBoolean("joins_service_role"));
    }

    private static List<String> strings(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
