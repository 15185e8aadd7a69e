package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.TransactionSettings.Isolation;
import io.github.workflowhistory.store.HistoryStoreException;
import java.util.List;

/**
 * Looks at the catalog, when the store could not work as an end user, for what is to be granted or mended. Looks as the
 * login role, because switching may be what failed. Touches no table.
 */
final class EndUserDiagnosis {
    private static final String LOOK = """
            with role as (
              select oid, rolsuper, rolbypassrls from pg_catalog.pg_roles
              where rolname operator(pg_catalog.=) 'authenticated'
            ), namespace as (
              select oid, nspname from pg_catalog.pg_namespace
              where nspname operator(pg_catalog.=) cast(:schema as pg_catalog.text)
            ), found as (
              select class.oid, class.relowner, class.relrowsecurity, class.relforcerowsecurity,
                pg_catalog.format('%I.%I', namespace.nspname, class.relname) as name
              from namespace join pg_catalog.pg_class as class
                on class.relnamespace operator(pg_catalog.=) namespace.oid
              where class.relname operator(pg_catalog.=) any (:tables)
            ), mends (step, mend) as (
              select 1, 'create role authenticated nologin noinherit;'
              where not exists (select from role)
              union all
              select 2, case
                when may_be_inherited_only then pg_catalog.format('grant authenticated to %I with set true;', session_user)
                else pg_catalog.format('grant authenticated to %I;', session_user) end
              from role cross join lateral (
                select cast(pg_catalog.current_setting('server_version_num') as pg_catalog.int4)
                  operator(pg_catalog.>=) 160000 as may_be_inherited_only) as server
              where not pg_catalog.pg_has_role(
                session_user, role.oid, case when may_be_inherited_only then 'SET' else 'MEMBER' end)
              union all
              select 3, 'alter role authenticated nosuperuser;' from role where rolsuper
              union all
              select 3, 'alter role authenticated nobypassrls;' from role where rolbypassrls
              union all
              select 4, pg_catalog.format('alter table %s enable row level security;', name)
              from found where not relrowsecurity
              union all
              select 5, pg_catalog.format(
                'alter table %s force row level security; (or give it an owner other than %I)',
                name, pg_catalog.pg_get_userbyid(relowner))
              from found, role
              where relrowsecurity and not relforcerowsecurity and not rolsuper
                and pg_catalog.pg_has_role(role.oid, relowner, 'USAGE')
              union all
              select 6, pg_catalog.format('grant usage on schema %I to authenticated;', nspname)
              from namespace, role
              where not pg_catalog.has_schema_privilege(role.oid, namespace.oid, 'USAGE')
              union all
              select 7, pg_catalog.format('grant %s on %s to authenticated;', lacking.privileges, name)
              from found, role, lateral (
                select pg_catalog.string_agg(privilege, ', ') as privileges
                from pg_catalog.unnest(array['select', 'insert', 'update', 'delete']) as one (privilege)
                where not pg_catalog.has_table_privilege(role.oid, found.oid, privilege)) as lacking
              where lacking.privileges is not null
              union all
              select 8, 'grant usage on schema auth to authenticated;'
              from role, pg_catalog.pg_namespace as auth
              where auth.nspname operator(pg_catalog.=) 'auth'
                and not pg_catalog.has_schema_privilege(role.oid, auth.oid, 'USAGE')
              union all
              select 9, 'grant execute on function auth.uid() to authenticated;'
              from role, pg_catalog.pg_proc as function
              join pg_catalog.pg_namespace as auth on auth.oid operator(pg_catalog.=) function.pronamespace
              where auth.nspname operator(pg_catalog.=) 'auth'
                and function.proname operator(pg_catalog.=) 'uid' and function.pronargs operator(pg_catalog.=) 0
                and not pg_catalog.has_function_privilege(role.oid, function.oid, 'EXECUTE')
              union all
              select distinct 10, pg_catalog.format('revoke %I from authenticated%s;', granted.rolname, membership.by)
              from role join (
                -- Since PostgreSQL 16 inheriting belongs to the grant, and a superuser has to name who gave it.
                select roleid, member,
                  coalesce(pg_catalog.jsonb_extract_path_text(as_json, 'inherit_option'), 'true') as inherits,
                  case when grantor operator(pg_catalog.<>) 10
                      and pg_catalog.jsonb_extract_path_text(as_json, 'inherit_option') is not null
                    then pg_catalog.format(' granted by %I', pg_catalog.pg_get_userbyid(grantor)) end as by
                from (select roleid, member, grantor, pg_catalog.to_jsonb(m) as as_json
                      from pg_catalog.pg_auth_members as m) as members
              ) as membership on membership.member operator(pg_catalog.=) role.oid
              join pg_catalog.pg_roles as granted on granted.oid operator(pg_catalog.=) membership.roleid
              where not role.rolsuper and membership.inherits operator(pg_catalog.=) 'true'
                and exists (
                  select from (
                    select cast(pg_catalog.to_regrole('service_role') as pg_catalog.oid)
                    union all
                    select pg_catalog.unnest(policy.polroles)
                    from found join pg_catalog.pg_policy as policy
                      on policy.polrelid operator(pg_catalog.=) found.oid
                    where policy.polname operator(pg_catalog.~) '_(service_role|recorder)$'
                  ) as for_all_users (oid)
                  where pg_catalog.pg_has_role(membership.roleid, for_all_users.oid, 'USAGE')
                    and pg_catalog.pg_has_role(role.oid, for_all_users.oid, 'USAGE'))
            )
            select mend from mends order by step, mend""";

    private final Transactions transactions;
    private final SchemaName schema;

    EndUserDiagnosis(Transactions transactions, SchemaName schema) {
        this.transactions = transactions;
        this.schema = schema;
    }

    /** The statements that mend what is found; none when all seems well, or the database does not let us look. */
    List<String> look(TransactionSettings settings) {
        Columns<String> tables = Columns.of(EndUser.TABLES).text("tables", table -> table);
        try {
            return transactions.attempt(
                    settings.asLogin().reading(Isolation.READ_COMMITTED),
                    statements -> statements.send(
                            LOOK,
                            query -> {
                                tables.bind(query);
                                query.bind("schema", schema.name());
                            },
                            results -> List.copyOf(results.rows(row -> row.getString("mend")))));
        } catch (FailedSqlException | HistoryStoreException e) {
            return List.of();
        }
    }
}
