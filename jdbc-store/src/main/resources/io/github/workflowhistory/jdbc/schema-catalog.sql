-- What the catalog says about the tables of one schema: a row for each fact, in the spelling of expected-schema.txt.
-- Touches no table but the catalog's, which every role may read. The search_path is pinned before: names outside
-- pg_catalog come out qualified, and nothing here is found elsewhere.
with namespace as (
  select oid, nspname from pg_namespace where nspname = cast(:schema as text)
), tables as (
  select c.oid, c.relname, c.relowner, c.relrowsecurity
  from pg_class c join namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and c.relname in ('workflow_executions', 'node_execution_results', 'execution_logs', 'workflow_recorders')
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

-- An owner is not bound by policies, nor is a role that has the owner's rights.
union all
select 'owned by end user', t.relname, r.rolname, quote_ident(pg_get_userbyid(t.relowner))
from tables t, pg_roles r
where r.rolname in ('anon', 'authenticated') and not r.rolsuper and pg_has_role(r.oid, t.relowner, 'USAGE')

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
  pg_get_indexdef(i.indexrelid) || case when i.indisvalid and i.indisready then '' else ' INVALID' end
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
