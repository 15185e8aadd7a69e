package io.github.workflowhistory.jdbc.schema;

import java.util.List;

/** What the catalog says about the tables of a schema. */
final class Catalog {
    /** Nothing for public and anon; TRUNCATE, REFERENCES and TRIGGER, which ignore policies, for no end user. */
    static final List<String> INTENDED_PRIVILEGES = List.of(
            "execution_logs | authenticated | DELETE, INSERT, SELECT, UPDATE",
            "execution_logs | service_role | DELETE, INSERT, SELECT, UPDATE",
            "node_execution_results | authenticated | DELETE, INSERT, SELECT, UPDATE",
            "node_execution_results | service_role | DELETE, INSERT, SELECT, UPDATE",
            "workflow_executions | authenticated | DELETE, INSERT, SELECT, UPDATE",
            "workflow_executions | service_role | DELETE, INSERT, SELECT, UPDATE",
            "workflow_recorders | service_role | DELETE, INSERT, SELECT, UPDATE");

    private static final String OUR_TABLES =
            "('workflow_executions', 'node_execution_results', 'execution_logs', 'workflow_recorders')";

    private Catalog() {}

    /** Tables and columns alike, whoever granted them, all but the owner's. */
    static List<String> privileges(Session session) {
        return session.rows("""
                select c.relname, coalesce(r.rolname, 'public'),
                       string_agg(a.privilege_type || case when a.is_grantable then '*' else '' end, ', '
                                  order by a.privilege_type)
                from pg_class c
                cross join lateral (
                  select x.* from aclexplode(c.relacl) as x
                  union all
                  select x.* from pg_attribute t, aclexplode(t.attacl) as x where t.attrelid = c.oid) as a
                left join pg_roles r on r.oid = a.grantee
                where c.relname in %s and c.relkind = 'r' and a.grantee <> c.relowner
                group by c.relname, r.rolname
                order by 1, 2
                """.formatted(OUR_TABLES));
    }

    /** Everything that the script makes, collations and the order of columns apart. */
    static List<String> description(Session session, String schema) {
        return session.rows("""
                select 'column', c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                       || case when a.attnotnull then ' not null' else '' end
                       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
                from pg_class c
                join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
                where c.relnamespace = $1 and c.relkind = 'r' and c.relname in %1$s
                union all
                select 'constraint', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                from pg_constraint
                where connamespace = $1 and contype <> 'n' and conrelid::regclass::text not like '%%users'
                union all
                select 'index', indexdef from pg_indexes
                where quote_ident(schemaname)::regnamespace = $1 and tablename in %1$s
                union all
                select 'policy', concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check)
                from pg_policies where quote_ident(schemaname)::regnamespace = $1
                union all
                select 'trigger', pg_get_triggerdef(oid) from pg_trigger
                where not tgisinternal and (select relnamespace from pg_class where oid = tgrelid) = $1
                union all
                select 'table', relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity
                       || coalesce(' ' || obj_description(oid, 'pg_class'), '')
                from pg_class where relnamespace = $1 and relname in %1$s
                order by 1, 2
                """.formatted(OUR_TABLES)
                .replace("$1", "(select oid from pg_namespace where nspname = '" + schema.replace("'", "''") + "')"));
    }
}
