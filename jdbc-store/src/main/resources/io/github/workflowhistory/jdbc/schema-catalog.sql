-- What the catalog says about the tables of one schema: a row for each fact, in the spelling of expected-schema.txt.
-- Touches no table but the catalog's, which every role may read. The search_path is pinned before: names outside
-- pg_catalog come out qualified, and nothing here is found elsewhere.
with recursive namespace as (
  select oid, nspname from pg_namespace where nspname = cast(:schema as text)
), tables as (
  select c.oid, c.relname, c.relowner, c.relrowsecurity
  from pg_class c join namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and c.relname in ('workflow_executions', 'node_execution_results', 'execution_logs', 'workflow_recorders')
), partitions as (
  -- And tables that inherit.
  select i.inhrelid as oid from tables t join pg_inherits i on i.inhparent = t.oid
  union
  select i.inhrelid from partitions p join pg_inherits i on i.inhparent = p.oid
), views as (
  -- What reads the tables, or reads what reads them.
  select r.ev_class as oid
  from (select oid from tables union all select oid from partitions) as t
  join pg_depend d on d.refobjid = t.oid and d.refclassid = 'pg_class'::regclass and d.classid = 'pg_rewrite'::regclass
  join pg_rewrite r on r.oid = d.objid
  union
  select r.ev_class
  from views v
  join pg_depend d on d.refobjid = v.oid and d.refclassid = 'pg_class'::regclass and d.classid = 'pg_rewrite'::regclass
  join pg_rewrite r on r.oid = d.objid
)
select 'encoding' as kind, '' as relation, '' as name, current_setting('server_encoding') as definition

union all
select 'schema', '', '', quote_ident(nspname) from namespace

union all
select 'version', '', '', substring(obj_description(oid, 'pg_class') from '^Workflow History schema ([0-9]{1,9})')
from tables
where relname = 'workflow_recorders' and obj_description(oid, 'pg_class') ~ '^Workflow History schema [0-9]'

-- What user_id references, or would: the script's own rule.
union all
select 'users', '', '', found.name
from (
  select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relname = 'users' and c.relkind in ('r', 'p') and n.nspname in (cast(:schema as text), 'auth')
  order by n.nspname = cast(:schema as text) desc
  limit 1) as found

union all
select 'table', relname, '', case when relrowsecurity then 'row level security' else 'no row level security' end
from tables

union all
select 'owner', relname, '', quote_ident(pg_get_userbyid(relowner)) from tables

-- Whom no policy binds.
union all
select 'attributes', rolname, '',
  concat_ws(' and ', case when rolsuper then 'SUPERUSER' end, case when rolbypassrls then 'BYPASSRLS' end)
from pg_roles
where rolname in ('anon', 'authenticated') and (rolsuper or rolbypassrls)

-- The roles whose rights end users have without asking, each with the membership that gives them. A superuser has all
-- of them. Since PostgreSQL 16 a membership is revoked as the one who granted it.
union all
select distinct 'rights', r.rolname, quote_ident(other.rolname),
  format('%I from %I', via.rolname, r.rolname)
  || case when current_setting('server_version_num')::int >= 160000
          then ' granted by ' || quote_ident(pg_get_userbyid(m.grantor)) else '' end
from pg_roles r
join pg_auth_members m on m.member = r.oid
join pg_roles via on via.oid = m.roleid
join pg_roles other on pg_has_role(via.oid, other.oid, 'USAGE')
where r.rolname in ('anon', 'authenticated') and not r.rolsuper
  and pg_has_role(r.oid, via.oid, 'USAGE') and pg_has_role(r.oid, other.oid, 'USAGE')

union all
select 'column', t.relname, a.attname, concat_ws(' ',
  format_type(a.atttypid, a.atttypmod),
  case when a.attgenerated <> '' then 'generated' end,
  case when a.attidentity <> '' then 'identity' end,
  case when a.attnotnull then 'not null' end,
  case when a.attgenerated = '' then 'default ' || pg_get_expr(d.adbin, d.adrelid) end)
from tables t
join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum

-- Ids that do not compare as bytes.
union all
select 'collation', t.relname, a.attname, quote_ident(c.collname)
from tables t
join pg_attribute a on a.attrelid = t.oid and not a.attisdropped
join pg_collation c on c.oid = a.attcollation
cross join (select datcollate from pg_database where datname = current_database()) as database
where a.attname in ('id', 'workflow_id', 'recorder_id', 'execution_id', 'node_id', 'node_result_id', 'node_run_id')
  and c.collname not in ('C', 'POSIX')
  and not (c.collname = 'default' and database.datcollate in ('C', 'POSIX'))

union all
select 'constraint', t.relname, c.conname, regexp_replace(pg_get_constraintdef(c.oid), '\s+', ' ', 'g')
from tables t join pg_constraint c on c.conrelid = t.oid
where c.contype in ('p', 'u', 'f', 'c')

union all
select 'index', t.relname, c.relname,
  -- On a partitioned table "only" means nothing: the partitions have indexes of their own.
  case when c.relkind = 'I' then replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
       else pg_get_indexdef(i.indexrelid) end
  || case when i.indisvalid and i.indisready then '' else ' INVALID' end
from tables t join pg_index i on i.indrelid = t.oid join pg_class c on c.oid = i.indexrelid
where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))

union all
select 'policy', t.relname, p.polname, regexp_replace(concat_ws(' ',
  case when not p.polpermissive then 'as restrictive' end,
  'for',
  case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
  'to',
  (select string_agg(case when r.oid = 0 then 'public' else quote_ident(pg_get_userbyid(r.oid)) end, ', ' order by r.oid)
   from unnest(p.polroles) as r (oid)),
  'using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
  'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'), '\s+', ' ', 'g')
from tables t join pg_policy p on p.polrelid = t.oid

union all
select 'trigger', t.relname, g.tgname,
  pg_get_triggerdef(g.oid) || case when g.tgenabled in ('O', 'A') then '' else ' DISABLED' end
from tables t join pg_trigger g on g.tgrelid = t.oid
where not g.tgisinternal

union all
select 'function', '', p.proname,
  case when p.prosecdef then 'security definer' else 'security invoker' end
  || ' set ' || coalesce(array_to_string(p.proconfig, ', '), '') || ' as ' || p.prosrc
from pg_proc p join namespace n on n.oid = p.pronamespace
where p.proname = 'workflow_executions_complete' and p.pronargs = 0

-- Of whole tables and of columns. The owner, and roles that the host made for itself, are the host's business.
union all
select distinct 'grant', t.relname, role.name, a.privilege_type || case when a.is_grantable then ' with grant option' else '' end
from tables t
cross join lateral (
  select x.grantee, x.privilege_type, x.is_grantable
  from pg_class c cross join lateral aclexplode(c.relacl) as x
  where c.oid = t.oid
  union all
  select x.grantee, x.privilege_type || ' of a column', x.is_grantable
  from pg_attribute c cross join lateral aclexplode(c.attacl) as x
  where c.attrelid = t.oid and not c.attisdropped) as a
left join pg_roles r on r.oid = a.grantee
cross join lateral (select case when a.grantee = 0 then 'public' else r.rolname end as name) as role
where a.grantee <> t.relowner and role.name in ('public', 'anon', 'authenticated', 'service_role')

union all
select 'usage', '', r.rolname, 'USAGE'
from namespace n, pg_roles r
where r.rolname in ('authenticated', 'service_role') and has_schema_privilege(r.oid, n.oid, 'USAGE')

-- The policies of a table do not hold for who names one of its partitions. Foreign tables know no row level security.
union all
select 'partition', '', c.oid::regclass::text, concat_ws(' and ',
  case when c.relkind in ('r', 'p') and not c.relrowsecurity then 'row level security is off' end,
  (select string_agg(distinct coalesce(pg_get_userbyid(nullif(g.grantee, 0)), 'public'), ', ') || ' may use it'
   from (select c.relacl as acl union all select attacl from pg_attribute where attrelid = c.oid) as a
   cross join lateral aclexplode(a.acl) as g
   where g.grantee <> c.relowner
     and (g.grantee = 0 or pg_get_userbyid(g.grantee) in ('anon', 'authenticated'))))
from partitions p join pg_class c on c.oid = p.oid

-- Views that read as their owner, whom policies do not bind, and materialized ones, which hold rows of everybody.
union all
select 'view', '', c.oid::regclass::text,
  case when c.relkind = 'm' then 'materialized view'
       when current_setting('server_version_num')::int < 150000 then 'view without security_invoker'
       else 'view' end
from views v join pg_class c on c.oid = v.oid
where c.relkind in ('v', 'm')
  and not exists (
    select from pg_options_to_table(c.reloptions)
    where option_name = 'security_invoker' and option_value::bool)
  and exists (
    select from pg_roles r
    where r.rolname in ('anon', 'authenticated') and not r.rolsuper
      and has_schema_privilege(r.oid, c.relnamespace, 'USAGE')
      and (has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE')
           or has_table_privilege(r.oid, c.oid, 'DELETE')))
