-- Makes a login role for applications that record, with as few rights as that takes.
--
-- Run it after workflow-execution-schema.sql, and again after every upgrade or recreation of the tables, as
-- their owner, with CREATEROLE where the role is not there yet (on Supabase: in the SQL editor):
--   psql --single-transaction -v ON_ERROR_STOP=1 -f recorder-role.sql
-- It is one statement and idempotent. PostgreSQL 14 or later.
--
-- The role has no password, and so cannot log in where the server asks for one. Give it one that stands in no
-- script: in psql by \password workflow_recorder
--
-- It may record, read and end executions of all users and of none, delete executions, and keep leases. In
-- place it cannot change whose an execution is or which workflow it ran, nor change or delete a single node
-- result or log entry, except that it ties an entry to its node result; but it can delete an execution and
-- record another one under the same id. It owns nothing, inherits nothing and is bound by row level
-- security; the policies <table>_recorder let it pass. PostgreSQL refuses COPY to such a role, so large
-- batches go by INSERT. It may also what PostgreSQL lets everybody: create temporary tables, and until
-- PostgreSQL 14 create in schema public, of which the script warns.
--
-- It may not act as end users, because it would have whatever else they are allowed in this database. Where
-- that is wanted (store.actingAs):
--   grant authenticated to workflow_recorder;
--
-- To remove it, in every database that it has rights in: drop owned by workflow_recorder; then, once:
--   drop role workflow_recorder;
-- Another schema or another name of the role: replace it as quoted identifier and as quoted literal,
-- everywhere in this text. Both spellings are used for nothing else.

do $workflow_history_recorder$
declare
  -- The types are qualified because they are looked up before the search_path is pinned below.
  schema_name constant pg_catalog.text := 'public';
  role_name   constant pg_catalog.text := 'workflow_recorder';
  caller_search_path constant pg_catalog.text := pg_catalog.current_setting('search_path');
  caller_lock_timeout constant pg_catalog.text := pg_catalog.current_setting('lock_timeout');

  found_role record;
  problem    pg_catalog.text;
  item       record;
begin
  perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  -- The same lock, and the same bounds, as the installation of the tables has.
  if caller_lock_timeout = '0' then
    perform set_config('lock_timeout', '2min', true);
  end if;
  perform pg_advisory_xact_lock(hashtextextended('workflow history schema ' || schema_name, 0));
  if caller_lock_timeout = '0' then
    perform set_config('lock_timeout', '5s', true);
  end if;

  select string_agg(format('%I.%I', schema_name, t.name), ', ')
  into problem
  from (values ('workflow_executions'), ('node_execution_results'), ('execution_logs'), ('workflow_recorders'))
    as t (name)
  where to_regclass(format('%I.%I', schema_name, t.name)) is null;
  if problem is not null then
    raise exception 'the recorder role needs tables that are not there: %', problem
      using errcode = 'undefined_table',
            hint = 'Run workflow-execution-schema.sql first (with the same schema); nothing was changed.';
  end if;

  if not exists (select from pg_roles where rolname = role_name) then
    begin
      create role "workflow_recorder" login noinherit;
    exception when duplicate_object or unique_violation then
      null; -- another database of this server made it in this moment
    end;
  end if;

  -- A role that was there before may be more than a recorder should be. What it is stays its maker's choice.
  select oid, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit, rolcanlogin
  into found_role
  from pg_roles where rolname = role_name;
  problem := concat_ws(' ',
    case when found_role.rolsuper then 'nosuperuser' end,
    case when found_role.rolbypassrls then 'nobypassrls' end,
    case when found_role.rolcreaterole then 'nocreaterole' end,
    case when found_role.rolcreatedb then 'nocreatedb' end,
    case when found_role.rolreplication then 'noreplication' end,
    case when found_role.rolinherit then 'noinherit' end,
    case when not found_role.rolcanlogin then 'login' end);
  if problem <> '' then
    raise exception 'the role % exists and is not what a recorder should be', role_name
      using errcode = 'object_not_in_prerequisite_state',
            hint = format('Take another name, or: alter role %I %s; nothing was changed.', role_name, problem);
  end if;

  -- Since PostgreSQL 16 a membership inherits or not by itself, whatever the attribute of the role says.
  select string_agg(format('%I', r.rolname), ', ' order by r.rolname)
  into problem
  from pg_roles r
  where r.oid <> found_role.oid and pg_has_role(found_role.oid, r.oid, 'USAGE');
  if problem is not null then
    raise exception 'the role % inherits the rights of %', role_name, problem
      using errcode = 'object_not_in_prerequisite_state',
            hint = format('Take another name, or revoke the membership from %I, or grant it "with inherit false";'
                          ' nothing was changed.', role_name);
  end if;

  -- A role with CREATEROLE can make itself a member of others; the roles of PostgreSQL's own named here reach all
  -- rows, or files and programs of the server.
  select string_agg(format('%I', r.rolname), ', ' order by r.rolname)
  into problem
  from pg_roles r
  where pg_has_role(found_role.oid, r.oid, 'MEMBER')
    and (r.oid = found_role.oid
           and exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                       where n.nspname = schema_name and c.relowner = r.oid)
         or r.oid <> found_role.oid
           and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolname = 'service_role'
                or r.rolname ~ '^pg_.*(_all_data$|_server_)'
                or exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                           where n.nspname = schema_name and c.relowner = r.oid)));
  if problem is not null then
    raise exception 'the role % could do as it likes: it owns what is in schema %, or may become %',
        role_name, schema_name, problem
      using errcode = 'object_not_in_prerequisite_state',
            hint = format('Take another name, or revoke the membership from %I; nothing was changed.', role_name);
  end if;

  if not has_schema_privilege(role_name, schema_name, 'USAGE') then
    execute format('grant usage on schema %I to %I', schema_name, role_name);
  end if;

  -- Deleting an execution deletes what belongs to it, for which PostgreSQL asks nobody's permission.
  for item in
    select g.relname, g.privileges
    from (values
      ('workflow_executions',
       'select, insert, delete, update (status, started_at, completed_at, duration_ms, final_output, error,'
       ' recorder_id, abandoned_at)'),
      ('node_execution_results', 'select, insert'),
      ('execution_logs', 'select, insert, update (node_result_id)'),
      ('workflow_recorders', 'select, insert, delete, update (heartbeat_at)')) as g (relname, privileges)
  loop
    execute format('revoke all on %I.%I from %I', schema_name, item.relname, role_name);
    execute format('grant %s on %I.%I to %I', item.privileges, schema_name, item.relname, role_name);
  end loop;

  -- One policy for each table, for all recorder roles that there are.
  for item in
    select t.name as relname, t.name || '_recorder' as polname, p.oid as policy,
           (select string_agg(format('%I', r.rolname), ', ') from pg_roles r where r.oid = any (p.polroles)) as others
    from (values ('workflow_executions'), ('node_execution_results'), ('execution_logs'), ('workflow_recorders'))
      as t (name)
    left join pg_policy p
      on p.polrelid = format('%I.%I', schema_name, t.name)::regclass and p.polname = t.name || '_recorder'
    where p.oid is null or found_role.oid <> all (p.polroles)
  loop
    if item.policy is null then
      execute format('create policy %I on %I.%I to %I using (true) with check (true)',
        item.polname, schema_name, item.relname, role_name);
    else
      execute format('alter policy %I on %I.%I to %s',
        item.polname, schema_name, item.relname, concat_ws(', ', item.others, format('%I', role_name)));
    end if;
  end loop;

  -- What everybody may, the recorder may: until PostgreSQL 14, creating in schema public.
  if has_schema_privilege(role_name, schema_name, 'CREATE') then
    raise warning 'everybody, and so the role %, may create in schema %', role_name, schema_name
      using hint = format('revoke create on schema %I from public;', schema_name);
  end if;

  perform set_config('lock_timeout', caller_lock_timeout, true);
  perform pg_catalog.set_config('search_path', caller_search_path, true);
end
$workflow_history_recorder$;
