package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.TransactionSettings.Isolation;
import io.github.workflowhistory.store.HistoryStoreException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the catalog, when a statement has failed, for what an error message should say: of grants no more than the
 * store needs, which is what {@code recorder-role.sql} gives. Touches no table.
 */
final class SchemaDiagnosis {
    private static final String LOOK = """
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
            )
            select
              exists (select from namespace) as schema_exists,
              array(select name from found where oid is null order by step) as missing_tables,
              (select substring(pg_catalog.obj_description(oid, 'pg_class') from '^Workflow History schema ([0-9]{1,9})')
               from found where name operator(pg_catalog.=) 'workflow_recorders') as version,
              array(
                select pg_catalog.format('grant usage on schema %I to %I;', nspname, current_user)
                from namespace where not pg_catalog.has_schema_privilege(oid, 'usage')
              ) as missing_usage,
              array(
                select pg_catalog.format('grant %s on %I.%I to %I;', lacking.privileges, :schema, name, current_user)
                from found cross join lateral (
                  select pg_catalog.string_agg(privilege, ', ') as privileges
                  from pg_catalog.unnest(found.privileges) as one (privilege)
                  where not pg_catalog.has_table_privilege(oid, privilege)
                    and not (privilege operator(pg_catalog.=) 'update'
                      and pg_catalog.has_any_column_privilege(oid, privilege))) as lacking
                where oid is not null and lacking.privileges is not null
                order by step
              ) as missing_grants
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
     * @param missingGrants the statements that give the role what it lacks
     */
    record Findings(
            boolean schemaExists,
            List<String> missingTables,
            @Nullable Integer version,
            List<String> missingGrants) {}

    /** Looks, or gives null when the database does not let it. */
    @Nullable
    Findings look(TransactionSettings settings) {
        try {
            return transactions.attempt(
                    settings.asLogin().reading(Isolation.READ_COMMITTED),
                    statements -> statements.send(
                            LOOK,
                            query -> query.bind("schema", schema.name()),
                            results -> results.rows(SchemaDiagnosis::read).get(0)));
        } catch (FailedSqlException | HistoryStoreException e) {
            return null;
        }
    }

    private static Findings read(ResultSet row) throws SQLException {
        String version = row.getString("version");
        List<String> missingGrants = new ArrayList<>(strings(row.getArray("missing_usage")));
        missingGrants.addAll(strings(row.getArray("missing_grants")));
        return new Findings(
                row.getBoolean("schema_exists"),
                strings(row.getArray("missing_tables")),
                version == null ? null : Integer.valueOf(version),
                List.copyOf(missingGrants));
    }

    private static List<String> strings(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
