-- Workflow History: tables for the execution history of workflows, with row level security.
--
-- WARNING: run as a whole, this script DROPS the existing tables with all their rows (Part 1).
-- To install without dropping, to upgrade, or to adopt tables that an application made earlier,
-- run only what follows from the line that starts with "-- Part 2".
--
-- How to run it:
--   Supabase            paste it into the SQL editor.
--   plain PostgreSQL    first plain-postgres-auth.sql, then
--                       psql --single-transaction -v ON_ERROR_STOP=1 -f workflow-execution-schema.sql
--   Java, Flyway        WorkflowSchema.install(), or Part 2 as a repeatable migration.
-- PostgreSQL 14 or later. The role that runs it needs neither superuser nor anything in schema auth
-- but USAGE. Part 2 is one statement, so it takes effect whole or not at all, in a transaction or not.
--
-- Another schema: replace the schema's name as quoted identifier and as quoted literal, everywhere
-- in this text. Both spellings are used for nothing else, and no name depends on the search_path.
--
-- The first part drops without "cascade": where a view of the host depends on a table, PostgreSQL names it
-- and refuses, instead of dropping it silently.

-- Part 1: drop what exists.

-- One statement, because the tables refer to each other.
drop table if exists
  "public".execution_logs,
  "public".node_execution_results,
  "public".workflow_executions,
  "public".workflow_recorders;

drop function if exists "public".workflow_executions_complete();

-- Part 2: create what is missing. Idempotent; drops no table and no row.
--
-- The installed version can be read without touching a table:
--   select substring(obj_description(to_regclass('workflow_recorders'), 'pg_class')
--                    from '^Workflow History schema ([0-9]+)')::int
-- Null means: not installed, or tables that an application made from the guide alone. A script refuses
-- to run on a version newer than its own.
--
-- What is there already is left alone, whoever made it, so a second run takes no lock on the tables. What
-- only an adoption does, once: older policies and the constraints that ours replace are dropped, with a
-- notice that names them. Privileges are granted when a table is made or adopted, not again. Partitions, and
-- tables that inherit, are closed to end users by every run, because a host adds some later.

do $workflow_history_part_2$
#variable_conflict use_column
declare
  -- The types are qualified because they are looked up before the search_path is pinned below.
  this_version   constant pg_catalog.int4 := 2;
  schema_name    constant pg_catalog.text := 'public';
  history_tables constant pg_catalog.text[] :=
    array['workflow_executions', 'node_execution_results', 'execution_logs'];
  caller_search_path  constant pg_catalog.text := pg_catalog.current_setting('search_path');
  caller_row_security constant pg_catalog.text := pg_catalog.current_setting('row_security');
  caller_lock_timeout constant pg_catalog.text := pg_catalog.current_setting('lock_timeout');

  existing      pg_catalog.text[];      -- names of the relations that the schema has already
  adopted       pg_catalog.text[];      -- history tables that an application made without this script
  new_to_us     pg_catalog.text[];      -- history tables that are created or adopted in this run
  users_table   pg_catalog.regclass;    -- what user_id references
  old_reference pg_catalog.regclass;    -- what user_id of an adopted table references already
  key_collation pg_catalog.text;
  found_version pg_catalog.int4;
  missing       pg_catalog.text;
  broken_ids    pg_catalog.text;
  own_rows      pg_catalog.text;
  new_rows      pg_catalog.text;
  readable      pg_catalog.text;
  partitions    pg_catalog.oid[];       -- of our tables, with tables that inherit from them
  replaced      pg_catalog.text[] := '{}';
  problems      pg_catalog.text[] := '{}';
  tbl           pg_catalog.text;
  item          record;
begin
  -- Nothing below may resolve to a table, function or operator that somebody put in the way.
  perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  -- An owner under FORCE ROW LEVEL SECURITY would check and adopt only the rows that it may see.
  -- Off does not bypass policies: it turns such a silent filter into an error.
  perform set_config('row_security', 'off', true);
  -- Two installations at once: the second waits, then finds everything done. Anybody may take this lock, so not for ever.
  if caller_lock_timeout = '0' then
    perform set_config('lock_timeout', '2min', true);
  end if;
  perform pg_advisory_xact_lock(hashtextextended('workflow history schema ' || schema_name, 0));
  -- An exclusive lock that waits for a reader makes all who come later wait behind it. Rather fail, and be run again.
  if caller_lock_timeout = '0' then
    perform set_config('lock_timeout', '5s', true);
  end if;

  ---------------------------------------------------------------------------------------------
  -- What must be there before.

  -- An index counts on its own table only: one of the same name elsewhere must be an error, not a silent gap.
  existing := array(
    select c.relname::text
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_index i on i.indexrelid = c.oid
    left join pg_class t on t.oid = i.indrelid
    where n.nspname = schema_name and (t.oid is null or starts_with(c.relname, t.relname)));

  found_version := substring(
    obj_description(to_regclass(format('%I.workflow_recorders', schema_name)), 'pg_class')
    from '^Workflow History schema ([0-9]+)')::int4;
  if found_version > this_version then
    raise exception 'schema % holds version % of the Workflow History schema, newer than version % of this script',
        schema_name, found_version, this_version
      using errcode = 'object_not_in_prerequisite_state',
            hint = 'Use the script of the newer release; Part 2 changed nothing.';
  end if;

  partitions := array(
    with recursive below as (
      select i.inhrelid
      from pg_inherits i join pg_class c on c.oid = i.inhparent join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = schema_name and c.relname = any (history_tables || 'workflow_recorders'::text)
      union
      select i.inhrelid from pg_inherits i join below b on b.inhrelid = i.inhparent)
    select inhrelid from below order by 1);

  select string_agg(format('%s.%s belongs to %s', n.nspname, c.relname, c.relowner::regrole), ', ')
  into missing
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where (n.nspname = schema_name and c.relname = any (history_tables || 'workflow_recorders'::text)
         or c.oid = any (partitions))
    and not pg_has_role(c.relowner, 'USAGE');
  if missing is not null then
    raise exception 'the role % may not change the Workflow History tables: %', current_user, missing
      using errcode = 'insufficient_privilege',
            hint = 'Run this script as the owner of the tables, or make the owners one; Part 2 changed nothing.';
  end if;

  -- What only its maker can decide. The rest of what an adopted table lacks is mended further down.
  problems := array(
    with found as (
      select c.oid, c.relname, c.relkind
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = schema_name and c.relname = any (history_tables || 'workflow_recorders'::text)
    ), ours as (
      select f.oid, f.relname, a.attnum, a.attname, a.atttypid, a.attgenerated
      from found f join pg_attribute a on a.attrelid = f.oid
      where a.attname in ('id', 'workflow_id', 'user_id', 'status', 'started_at', 'completed_at', 'duration_ms',
                          'final_output', 'error', 'created_at', 'recorder_id', 'abandoned_at', 'execution_id',
                          'node_id', 'node_name', 'output_data', 'attempt', 'node_result_id', 'node_run_id', 'level',
                          'message', 'data', 'timestamp', 'heartbeat_at')
        and not a.attisdropped
    )
    select format('%I is not a table: rename it', relname)
    from found where relkind not in ('r', 'p')
    union all
    select format('%1$I.%2$I is generated, but those who record write it: alter table %3$I.%1$I alter column %2$I'
                  ' drop expression;', relname, attname, schema_name)
    from ours where attgenerated <> ''
    union all
    select format('the %2$s of %1$I is not (id), by which it is found and referred to: alter table %4$I.%1$I'
                  ' drop constraint %3$I;', f.relname, lower(pg_get_constraintdef(k.oid)), k.conname, schema_name)
    from found f join pg_constraint k on k.conrelid = f.oid
    where k.contype = 'p' and pg_get_constraintdef(k.oid) <> 'PRIMARY KEY (id)'
    union all
    select format('the view %s uses %s, which become text: drop it, and make it again afterwards',
                  r.ev_class::regclass, string_agg(distinct format('%I.%I', o.relname, o.attname), ', '))
    from ours o
    join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = o.oid and d.refobjsubid = o.attnum
    join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
    where o.atttypid = 'varchar'::regtype and r.ev_class <> o.oid
    group by r.ev_class
    order by 1);
  if problems <> '{}' then
    raise exception 'tables in schema % cannot be adopted as they are', schema_name
      using errcode = 'object_not_in_prerequisite_state',
            detail = array_to_string(problems, '; '),
            hint = 'Do what is said of each, and run the script again; Part 2 changed nothing.';
  end if;

  -- A host's own choice of what user_id references stays as it is.
  select c.confrelid::regclass into old_reference
  from pg_constraint c
  join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
  where c.conrelid = to_regclass(format('%I.workflow_executions', schema_name))
    and c.contype = 'f' and a.attname = 'user_id'
  limit 1;
  select c.oid::regclass into users_table
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relname = 'users' and c.relkind in ('r', 'p') and n.nspname in (schema_name, 'auth')
  order by n.nspname = schema_name desc
  limit 1;
  users_table := coalesce(old_reference, users_table);

  missing := concat_ws(', ',
    case when users_table is null
         then format('a table %I.users or auth.users for user_id to reference', schema_name) end,
    case when not exists (
           select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where n.nspname = 'auth' and p.proname = 'uid' and p.pronargs = 0
             and p.prorettype = 'uuid'::regtype)
         then 'the function auth.uid() for the policies' end,
    (select 'the role ' || string_agg(r.name, ' and the role ')
     from unnest(array['anon', 'authenticated', 'service_role']) as r (name)
     where r.name not in (select rolname from pg_roles)));
  if missing <> '' then
    raise exception 'the Workflow History schema needs what this database does not have: %', missing
      using errcode = 'undefined_object',
            hint = 'On plain PostgreSQL run plain-postgres-auth.sql first (with the same schema); '
                   'a Supabase project has all of it. Part 2 changed nothing.';
  end if;

  if not exists (
    select from pg_attribute
    where attrelid = users_table and attname = 'id' and atttypid = 'uuid'::regtype and not attisdropped)
  then
    raise exception 'user_id cannot reference %: it has no column id of type uuid', users_table
      using errcode = 'datatype_mismatch',
            hint = 'auth.uid() gives a uuid, so the users need one; Part 2 changed nothing.';
  end if;

  if not (has_table_privilege(users_table, 'REFERENCES')
          and has_schema_privilege('auth', 'USAGE')) then
    raise exception 'the role % lacks REFERENCES on % or USAGE on schema auth', current_user, users_table
      using errcode = 'insufficient_privilege',
            hint = format('grant references on %s to %I; grant usage on schema auth to %2$I; Part 2 changed nothing.',
                          users_table, current_user);
  end if;

  if not exists (select from pg_namespace where nspname = schema_name) then
    create schema "public";
  end if;

  -- The guide promises pgcrypto, but nothing here needs it: gen_random_uuid() is built in.
  if not exists (select from pg_extension where extname = 'pgcrypto')
     and exists (select from pg_available_extensions where name = 'pgcrypto') then
    begin
      execute format('create extension pgcrypto with schema %I',
        coalesce((select nspname from pg_namespace where nspname = 'extensions'), schema_name));
    exception when others then
      raise notice 'extension pgcrypto was not created (%); Workflow History does not need it', sqlerrm;
    end;
  end if;

  ---------------------------------------------------------------------------------------------
  -- Tables. Keys, checks and references follow further down, once for new and adopted tables.
  --
  -- Ids compare as bytes (collate "C"): the same order everywhere, and much cheaper than a locale.

  if 'workflow_executions' <> all (existing) then
    create table "public".workflow_executions (
      id           text collate "C" not null,
      workflow_id  text collate "C" not null,
      user_id      uuid,                        -- null: belongs to no user, no end user sees it
      status       text not null default 'queued',
      started_at   timestamptz,
      completed_at timestamptz,
      duration_ms  integer,                     -- saturates at 24.8 days; the timestamps know better
      final_output jsonb,
      error        text,
      created_at   timestamptz not null default now(),
      recorder_id  text collate "C",            -- the recorder whose lease covers it, if any
      abandoned_at timestamptz                  -- set when it was ended because its recorder was gone
    );
  end if;

  if 'node_execution_results' <> all (existing) then
    create table "public".node_execution_results (
      id           text collate "C" not null,
      execution_id text collate "C" not null,
      node_id      text collate "C" not null,
      node_name    text,
      status       text not null,
      output_data  jsonb,
      error        text,
      duration_ms  integer,
      started_at   timestamptz,
      attempt      integer not null default 1,
      created_at   timestamptz not null default now()   -- when the node finished
    );
  end if;

  if 'execution_logs' <> all (existing) then
    create table "public".execution_logs (
      id             text collate "C" not null,
      execution_id   text collate "C" not null,
      node_result_id text collate "C",
      node_run_id    text collate "C",          -- a result still to come: no foreign key, it is not there yet
      level          text not null,
      message        text not null,
      data           jsonb,
      "timestamp"    timestamptz not null default now()
    );
  end if;

  -- One row per running recorder, renewed while it lives. No end user has business here.
  if 'workflow_recorders' <> all (existing) then
    create table "public".workflow_recorders (
      id           text collate "C" constraint workflow_recorders_pkey primary key,
      started_at   timestamptz not null default now(),
      heartbeat_at timestamptz not null default now()
    );
  end if;

  ---------------------------------------------------------------------------------------------
  -- Adoption: tables that an application made from the guide. A table is ours once this script has put
  -- its column or its policy there. Two signs, so that one lost by accident does not make a second
  -- adoption, which would drop policies that the host has added since.

  adopted := array(
    select t.name
    from (values ('workflow_executions', 'recorder_id'),
                 ('node_execution_results', 'attempt'),
                 ('execution_logs', 'node_run_id')) as t (name, our_column)
    where t.name = any (existing)
      and not ('workflow_recorders' = any (existing)
               and (exists (select from pg_attribute
                            where attrelid = to_regclass(format('%I.%I', schema_name, t.name))
                              and attname = t.our_column and not attisdropped)
                    or exists (select from pg_policy
                               where polrelid = to_regclass(format('%I.%I', schema_name, t.name))
                                 and polname = t.name || '_service_role'))));

  new_to_us := adopted || array(select t from unnest(history_tables) as t where t <> all (existing));

  -- Parents first, as every writer locks them. Nobody writes between a check and its constraint.
  foreach tbl in array history_tables loop
    if tbl = any (adopted) then
      execute format('lock table %I.%I in access exclusive mode', schema_name, tbl);
    end if;
  end loop;

  -- Older policies were for every role, or missed "with check": kept beside ours, each would widen them.
  for item in
    select p.polname, c.relname
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = schema_name and c.relname = any (adopted)
    order by c.relname, p.polname
  loop
    execute format('drop policy %I on %I.%I', item.polname, schema_name, item.relname);
    replaced := replaced || format('policy %I on %I', item.polname, item.relname);
  end loop;

  -- Constraints on the columns that ours govern. A narrower check would refuse what the guide allows;
  -- a reference without cascade would refuse deletes, and any other variant, such as "on update cascade", often
  -- bears the name of ours; one from a log to any node result at all, also of another execution, gives way to
  -- the composite one.
  for item in
    select c.conname, c.conrelid::regclass as relation
    from pg_constraint c
    join pg_class r on r.oid = c.conrelid
    join pg_namespace n on n.oid = r.relnamespace
    join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
    where n.nspname = schema_name and r.relname = any (adopted)
      and (c.contype = 'c' and a.attname in ('status', 'level', 'duration_ms', 'attempt')
           or c.contype = 'f' and a.attname = 'node_result_id'
           or c.contype = 'f' and a.attname in ('user_id', 'execution_id')
              and not (c.confdeltype = 'c' and c.confupdtype = 'a' and c.confmatchtype = 's'
                       and c.convalidated and not c.condeferrable))
    order by r.relname, c.conname
  loop
    execute format('alter table %s drop constraint %I', item.relation, item.conname);
    replaced := replaced || format('constraint %I on %s', item.conname, item.relation);
  end loop;

  -- "not null" where the guide allows nothing to be there: an execution may wait, belong to nobody and end
  -- without output.
  for item in
    select a.attrelid::regclass as relation, a.attname
    from pg_attribute a
    join pg_class r on r.oid = a.attrelid
    join pg_namespace n on n.oid = r.relnamespace
    where n.nspname = schema_name and r.relname = any (adopted)
      and a.attnotnull and a.attnum > 0 and not a.attisdropped
      and a.attname in ('user_id', 'started_at', 'completed_at', 'duration_ms', 'final_output', 'error',
                        'node_name', 'output_data', 'node_result_id', 'data')
    order by r.relname, a.attnum
  loop
    execute format('alter table %s alter column %I drop not null', item.relation, item.attname);
    replaced := replaced || format('"not null" of column %I on %s', item.attname, item.relation);
  end loop;

  if replaced <> '{}' then
    raise notice 'Workflow History adopts existing tables and replaces: %', array_to_string(replaced, ', ');
  end if;

  -- Columns: what is missing is added, varchar becomes the guide's text (no row is rewritten).
  for item in
    select t.name as relname, split_part(d, ' ', 1) as column_name, split_part(d, ' ', 2) as type_name,
           substr(d, strpos(d, ' ') + 1) as definition, a.atttypid
    from (values
      ('workflow_executions', array[
        'id text', 'workflow_id text', 'user_id uuid', 'status text', 'started_at timestamptz',
        'completed_at timestamptz', 'duration_ms integer', 'final_output jsonb', 'error text',
        'created_at timestamptz', 'recorder_id text collate "C"', 'abandoned_at timestamptz']),
      ('node_execution_results', array[
        'id text', 'execution_id text', 'node_id text', 'node_name text', 'status text', 'output_data jsonb',
        'error text', 'duration_ms integer', 'started_at timestamptz', 'attempt integer default 1',
        'created_at timestamptz']),
      ('execution_logs', array[
        'id text', 'execution_id text', 'node_result_id text', 'node_run_id text collate "C"', 'level text',
        'message text', 'data jsonb', 'timestamp timestamptz'])) as t (name, columns)
    cross join unnest(t.columns) as d
    left join pg_attribute a
      on a.attrelid = format('%I.%I', schema_name, t.name)::regclass
     and a.attname = split_part(d, ' ', 1) and not a.attisdropped
    where a.attname is null or a.atttypid <> split_part(d, ' ', 2)::regtype
  loop
    if item.atttypid is null then
      execute format('alter table %I.%I add column %I %s',
        schema_name, item.relname, item.column_name, item.definition);
    elsif item.type_name = 'text' and item.atttypid = 'varchar'::regtype then
      execute format('alter table %I.%I alter column %I type text collate %s',
        schema_name, item.relname, item.column_name,
        (select format('%I.%I', n.nspname, c.collname)
         from pg_attribute a join pg_collation c on c.oid = a.attcollation
         join pg_namespace n on n.oid = c.collnamespace
         where a.attrelid = format('%I.%I', schema_name, item.relname)::regclass
           and a.attname = item.column_name));
    else
      problems := problems || format('%I.%I is of type %s, not %s', item.relname, item.column_name,
        format_type(item.atttypid, null), item.type_name);
    end if;
  end loop;

  if problems <> '{}' then
    raise exception 'columns in schema % have other types than the guide says: %',
        schema_name, array_to_string(problems, '; ')
      using errcode = 'datatype_mismatch',
            hint = 'Change each with: alter table ... alter column ... type ... using ...; or run the whole '
                   'script, which drops the tables with their rows. Part 2 changed nothing.';
  end if;

  -- A join between columns of two collations cannot use the index of one of them, so what is new
  -- beside an adopted table follows the collation of its ids.
  if adopted <> '{}' then
    select format('%I.%I', n.nspname, c.collname) into key_collation
    from pg_attribute a
    join pg_collation c on c.oid = a.attcollation join pg_namespace n on n.oid = c.collnamespace
    where a.attrelid = format('%I.%I', schema_name, adopted[1])::regclass and a.attname = 'id';
    for item in
      select k.relname, k.column_name
      from (values
        ('workflow_executions', 'id'),
        ('node_execution_results', 'id'), ('node_execution_results', 'execution_id'),
        ('execution_logs', 'id'), ('execution_logs', 'execution_id'),
        ('execution_logs', 'node_result_id'), ('execution_logs', 'node_run_id')) as k (relname, column_name)
      where k.relname <> all (existing) or k.column_name = 'node_run_id'
    loop
      execute format('alter table %I.%I alter column %I type text collate %s',
        schema_name, item.relname, item.column_name, key_collation);
    end loop;
  end if;

  -- created_at of rows that never had one: the nearest time that is known.
  if exists (
    select from pg_attribute
    where attrelid = format('%I.workflow_executions', schema_name)::regclass
      and attname = 'created_at' and not attnotnull)
  then
    update "public".workflow_executions as e
    set created_at = coalesce(
      e.started_at,
      e.completed_at,
      (select min(l."timestamp") from "public".execution_logs as l where l.execution_id = e.id),
      now())
    where e.created_at is null;
  end if;
  if exists (
    select from pg_attribute
    where attrelid = format('%I.node_execution_results', schema_name)::regclass
      and attname = 'created_at' and not attnotnull)
  then
    -- A result without an execution gets a time too, so that the check below can name it.
    update "public".node_execution_results as r
    set created_at = coalesce(
      (select coalesce(e.completed_at, e.started_at, e.created_at)
       from "public".workflow_executions as e where e.id = r.execution_id),
      now())
    where r.created_at is null;
  end if;

  ---------------------------------------------------------------------------------------------
  -- Defaults, for applications that leave these columns out. One of the host's own stays.
  --
  -- The id is a UUIDv7 (RFC 9562, method 3) in plain SQL for all versions: milliseconds in 12 hex digits,
  -- their fraction in 3, the rest random. New rows then go to the end of the index, not all over it.

  for item in
    select d.relname, d.column_name, d.expression
    from (
      select t.name, 'id', $sql$
        overlay(overlay(
          lpad(to_hex(floor(extract(epoch from clock_timestamp()) * 4096000)::bigint), 15, '0')
          placing '-7' from 13 for 0) placing '-' from 9 for 0)
        || substr(gen_random_uuid()::text, 19)$sql$
      from unnest(history_tables) as t (name)
      union all values
        ('workflow_executions', 'status', $sql$'queued'$sql$),
        ('workflow_executions', 'created_at', 'now()'),
        ('node_execution_results', 'attempt', '1'),
        ('node_execution_results', 'created_at', 'now()'),
        ('execution_logs', 'timestamp', 'now()')) as d (relname, column_name, expression)
    join pg_attribute a
      on a.attrelid = format('%I.%I', schema_name, d.relname)::regclass and a.attname = d.column_name
    where not a.atthasdef
  loop
    execute format('alter table %I.%I alter column %I set default %s',
      schema_name, item.relname, item.column_name, item.expression);
  end loop;

  ---------------------------------------------------------------------------------------------
  -- What must not be null, and constraints. Rows of adopted tables that break one are collected, and
  -- reported together, with their ids.

  for item in
    select n.relname, n.column_name
    from (values
      ('workflow_executions', 'workflow_id'),
      ('workflow_executions', 'status'),
      ('workflow_executions', 'created_at'),
      ('node_execution_results', 'execution_id'),
      ('node_execution_results', 'node_id'),
      ('node_execution_results', 'status'),
      ('node_execution_results', 'attempt'),
      ('node_execution_results', 'created_at'),
      ('execution_logs', 'execution_id'),
      ('execution_logs', 'level'),
      ('execution_logs', 'message'),
      ('execution_logs', 'timestamp')) as n (relname, column_name)
    join pg_attribute a
      on a.attrelid = format('%I.%I', schema_name, n.relname)::regclass and a.attname = n.column_name
    where not a.attnotnull
  loop
    execute format('select string_agg(id, %L) from (select id::text from %I.%I where %I is null limit 5) as r',
      ', ', schema_name, item.relname, item.column_name) into broken_ids;
    if broken_ids is null then
      execute format('alter table %I.%I alter column %I set not null',
        schema_name, item.relname, item.column_name);
    else
      problems := problems || format('%s.%s is null: %s', item.relname, item.column_name, broken_ids);
    end if;
  end loop;

  -- Each row: table, constraint, definition, and which rows t of the table break it; %1$I is the schema,
  -- %2$s the table of users. Keys and references are spelled as PostgreSQL itself spells them, because
  -- one that an application made under another name counts. Keys come before what refers to them.
  for item in
    select c.relname, c.conname,
           format(c.definition, schema_name, users_table) as definition,
           format(c.broken, schema_name, users_table) as broken
    from (values
      (1, 'workflow_executions', 'workflow_executions_pkey', 'PRIMARY KEY (id)',
        'id is null or exists (select from %1$I.workflow_executions as o where o.id = t.id and o.ctid <> t.ctid)'),
      (2, 'node_execution_results', 'node_execution_results_pkey', 'PRIMARY KEY (id)',
        'id is null or exists (select from %1$I.node_execution_results as o where o.id = t.id and o.ctid <> t.ctid)'),
      (3, 'execution_logs', 'execution_logs_pkey', 'PRIMARY KEY (id)',
        'id is null or exists (select from %1$I.execution_logs as o where o.id = t.id and o.ctid <> t.ctid)'),

      -- Lets logs refer to both columns, and finds the results of an execution without one more index.
      (4, 'node_execution_results', 'node_execution_results_execution_id_id_key', 'UNIQUE (execution_id, id)',
        'false'),

      (5, 'workflow_executions', 'workflow_executions_status_check',
        $sql$check (status in ('queued', 'running', 'success', 'failed', 'partial'))$sql$,
        $sql$status not in ('queued', 'running', 'success', 'failed', 'partial')$sql$),
      (6, 'workflow_executions', 'workflow_executions_duration_ms_check',
        'check (duration_ms >= 0)', 'duration_ms < 0'),
      (7, 'node_execution_results', 'node_execution_results_status_check',
        $sql$check (status in ('success', 'failed', 'skipped'))$sql$,
        $sql$status not in ('success', 'failed', 'skipped')$sql$),
      (8, 'node_execution_results', 'node_execution_results_duration_ms_check',
        'check (duration_ms >= 0)', 'duration_ms < 0'),
      (9, 'node_execution_results', 'node_execution_results_attempt_check',
        'check (attempt >= 1)', 'attempt < 1'),
      (10, 'execution_logs', 'execution_logs_level_check',
        $sql$check (level in ('info', 'warn', 'error', 'debug'))$sql$,
        $sql$level not in ('info', 'warn', 'error', 'debug')$sql$),

      -- Deleting a user deletes the user's executions; deleting an execution, all that belongs to it.
      (11, 'workflow_executions', 'workflow_executions_user_id_fkey',
        'FOREIGN KEY (user_id) REFERENCES %2$s(id) ON DELETE CASCADE',
        'user_id is not null and not exists (select from %2$s as p where p.id = t.user_id)'),
      (12, 'node_execution_results', 'node_execution_results_execution_id_fkey',
        'FOREIGN KEY (execution_id) REFERENCES %1$I.workflow_executions(id) ON DELETE CASCADE',
        'not exists (select from %1$I.workflow_executions as p where p.id = t.execution_id)'),
      (13, 'execution_logs', 'execution_logs_execution_id_fkey',
        'FOREIGN KEY (execution_id) REFERENCES %1$I.workflow_executions(id) ON DELETE CASCADE',
        'not exists (select from %1$I.workflow_executions as p where p.id = t.execution_id)'),

      -- Both columns, because foreign keys do not look at policies: with one alone, any user could tie a
      -- log to a node result of somebody else's execution.
      (14, 'execution_logs', 'execution_logs_node_result_fkey',
        'FOREIGN KEY (execution_id, node_result_id)'
        ' REFERENCES %1$I.node_execution_results(execution_id, id) ON DELETE CASCADE',
        'node_result_id is not null and not exists (select from %1$I.node_execution_results as p'
        ' where p.execution_id = t.execution_id and p.id = t.node_result_id)')
    ) as c (step, relname, conname, definition, broken)
    where not exists (
      select from pg_constraint p
      where p.conrelid = format('%I.%I', schema_name, c.relname)::regclass
        and (p.contype = 'c' and p.conname = c.conname
             or p.contype <> 'c' and pg_get_constraintdef(p.oid) = format(c.definition, schema_name, users_table)))
    order by c.step
  loop
    broken_ids := null;
    -- Who may refer to the users need not be allowed to read them; PostgreSQL then checks in its own way.
    if item.relname = any (existing)
       and (item.conname <> 'workflow_executions_user_id_fkey'
            or has_table_privilege(users_table, 'SELECT') and not row_security_active(users_table)) then
      execute format(
        'select string_agg(coalesce(id, %L), %L) from (select id::text from %I.%I as t where %s limit 5) as r',
        'null', ', ', schema_name, item.relname, item.broken) into broken_ids;
    end if;
    if broken_ids is not null then
      problems := problems || format('%s breaks %s: %s', item.relname, item.conname, broken_ids);
    elsif problems = '{}' then
      execute format('alter table %I.%I add constraint %I %s',
        schema_name, item.relname, item.conname, item.definition);
    end if;
  end loop;

  if problems <> '{}' then
    raise exception 'rows in schema % break what the Workflow History schema promises', schema_name
      using errcode = 'integrity_constraint_violation',
            detail = 'With the ids of the first five rows each: ' || array_to_string(problems, '; ') || '.',
            hint = 'Mend or delete these rows and run the script again; Part 2 changed nothing.';
  end if;

  ---------------------------------------------------------------------------------------------
  -- Indexes: one for each way of reading, and every foreign key leads one, because a cascade without
  -- an index reads the whole table for each row. More would cost every write.
  --
  -- "Newest first" reads them backwards: in this direction new entries fill the last page to the brim;
  -- with "desc" they would split the first one for ever and leave the index half empty.

  if 'workflow_executions_by_user' <> all (existing) then
    create index workflow_executions_by_user on "public".workflow_executions (user_id, created_at, id);
  end if;
  if 'workflow_executions_by_workflow' <> all (existing) then
    create index workflow_executions_by_workflow on "public".workflow_executions (workflow_id, created_at, id);
  end if;
  if 'workflow_executions_by_creation' <> all (existing) then
    create index workflow_executions_by_creation on "public".workflow_executions (created_at, id);
  end if;
  -- Few rows at any time: what still runs, and what a dead recorder left behind.
  if 'workflow_executions_open' <> all (existing) then
    create index workflow_executions_open on "public".workflow_executions (recorder_id)
      where status in ('queued', 'running');
  end if;
  if 'execution_logs_by_time' <> all (existing) then
    create index execution_logs_by_time on "public".execution_logs (execution_id, "timestamp", id);
  end if;
  -- The composite reference, and the logs of one node. Logs without a node do not pay for it.
  if 'execution_logs_by_node_result' <> all (existing) then
    create index execution_logs_by_node_result on "public".execution_logs (execution_id, node_result_id)
      where node_result_id is not null;
  end if;
  -- Logs that wait for their node result.
  if 'execution_logs_by_node_run' <> all (existing) then
    create index execution_logs_by_node_run on "public".execution_logs (execution_id, node_run_id)
      where node_result_id is null and node_run_id is not null;
  end if;

  ---------------------------------------------------------------------------------------------
  -- The trigger completes what an application leaves out when an execution ends. It never overwrites
  -- what was given, and it is no guard of the order of statuses.

  create or replace function "public".workflow_executions_complete()
    returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
  as $workflow_history_function$
  begin
    if new.completed_at is null then
      new.completed_at := now();
    end if;
    if new.duration_ms is null and new.started_at is not null then
      -- Saturates, because an execution of 40 days must be able to end. The epochs are subtracted,
      -- not the timestamps, because before PostgreSQL 17 infinite timestamps could not be.
      new.duration_ms := least(2147483647, greatest(0, floor(1000 *
        (extract(epoch from new.completed_at) - extract(epoch from new.started_at)))));
    end if;
    return new;
  end
  $workflow_history_function$;

  -- Called by the trigger alone; PostgreSQL asks nobody's permission for that.
  revoke all on function "public".workflow_executions_complete()
    from public, anon, authenticated, service_role;

  if not exists (
    select from pg_trigger
    where tgrelid = format('%I.workflow_executions', schema_name)::regclass
      and tgname = 'workflow_executions_complete')
  then
    create trigger workflow_executions_complete
      before insert or update on "public".workflow_executions
      for each row
      when (new.status in ('success', 'failed', 'partial')
            and (new.completed_at is null or new.duration_ms is null and new.started_at is not null))
      execute function "public".workflow_executions_complete();
  end if;

  ---------------------------------------------------------------------------------------------
  -- Row level security. For each table one policy per command for signed-in users, whose rows are those
  -- of their own executions. "(select auth.uid())" is evaluated once per query, not once per row.
  -- "offset 0" keeps the planner from hashing all executions of the user to read one of them: it takes every user for
  -- an average one. service_role has a policy for servers where it could not be given BYPASSRLS; elsewhere it is idle.

  -- What end users write must be something that can be read back. The records of the library refuse the rest, so
  -- that one row, dated as the newest for ever, would keep everybody from reading the list of all executions.
  -- Blank is an id without any character but those that Java calls whitespace, written as escapes of the regular
  -- expression, which every encoding takes. An infinite time lies in no year. "is not false" leaves what is null to
  -- the constraints. No constraint says all this, because rows that others wrote stay as they are.
  readable := format($sql$(
      greatest(octet_length(id), octet_length(workflow_id), octet_length(recorder_id)) <= 512
      and id collate "C" ~ %1$L
      and workflow_id collate "C" ~ %1$L
      and recorder_id collate "C" ~ %1$L
      and extract(year from least(created_at, started_at, completed_at, abandoned_at) at time zone 'UTC') >= 1
      and extract(year from greatest(created_at, started_at, completed_at, abandoned_at) at time zone 'UTC') <= 9999
      and octet_length(error) <= 1048576) is not false$sql$,
    E'[^\\u0009-\\u000d\\u001c-\\u0020\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]');

  foreach tbl in array history_tables || 'workflow_recorders'::text loop
    if not (select relrowsecurity from pg_class where oid = format('%I.%I', schema_name, tbl)::regclass) then
      execute format('alter table %I.%I enable row level security', schema_name, tbl);
    end if;

    own_rows := case
      when tbl = 'workflow_executions' then '(select auth.uid()) = user_id'
      else format('exists (select from %I.workflow_executions as e
                           where e.id = %I.execution_id and e.user_id = (select auth.uid()) offset 0)',
                  schema_name, tbl)
    end;
    new_rows := own_rows || case when tbl = 'workflow_executions' then ' and ' || readable else '' end;
    -- Version 1 had the same policies without "offset 0", and took what cannot be read back. Where they are still
    -- those, they are made anew.
    if found_version = 1 then
      for item in
        select p.polname
        from pg_policy p
        where p.polrelid = format('%I.%I', schema_name, tbl)::regclass
          and p.polname in (tbl || '_select', tbl || '_insert', tbl || '_update', tbl || '_delete')
          and p.polpermissive and p.polroles = array[to_regrole('authenticated')::oid]
          and (p.polqual is not null or p.polwithcheck is not null)
          and case when tbl = 'workflow_executions' then '(( SELECT auth.uid() AS uid) = user_id)'
                   else format('(EXISTS ( SELECT FROM %I.workflow_executions e WHERE ((e.id = %I.execution_id)'
                               ' AND (e.user_id = ( SELECT auth.uid() AS uid)))))', schema_name, tbl) end
              = all (array_remove(array[
                  regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g'),
                  regexp_replace(pg_get_expr(p.polwithcheck, p.polrelid), '\s+', ' ', 'g')], null))
      loop
        execute format('drop policy %I on %I.%I', item.polname, schema_name, tbl);
      end loop;
    end if;
    for item in
      select p.name, p.command, p.role_name, p.condition
      from (values
        (tbl || '_select', 'select', 'authenticated', format('using (%s)', own_rows)),
        (tbl || '_insert', 'insert', 'authenticated', format('with check (%s)', new_rows)),
        (tbl || '_update', 'update', 'authenticated', format('using (%s) with check (%s)', own_rows, new_rows)),
        (tbl || '_delete', 'delete', 'authenticated', format('using (%s)', own_rows)),
        (tbl || '_service_role', 'all', 'service_role', 'using (true) with check (true)')
      ) as p (name, command, role_name, condition)
      where (tbl <> 'workflow_recorders' or p.role_name = 'service_role')
        and not exists (
          select from pg_policy
          where polrelid = format('%I.%I', schema_name, tbl)::regclass and polname = p.name)
    loop
      execute format('create policy %I on %I.%I for %s to %I %s',
        item.name, schema_name, tbl, item.command, item.role_name, item.condition);
    end loop;

    -- Default privileges may have granted everything, or nothing. Only once: what a host takes away later stays away.
    if tbl = any (new_to_us) or tbl <> all (existing) then
      execute format('revoke all on %I.%I from public, anon, authenticated, service_role', schema_name, tbl);
      execute format('grant select, insert, update, delete on %I.%I to service_role', schema_name, tbl);
      if tbl <> 'workflow_recorders' then
        execute format('grant select, insert, update, delete on %I.%I to authenticated', schema_name, tbl);
      end if;
    end if;
    -- Never: these three do not look at policies.
    execute format('revoke truncate, references, trigger on %I.%I from public, anon, authenticated',
      schema_name, tbl);
  end loop;

  -- Who names a partition is asked for nothing that its parent asks, and default privileges may have opened it. No end
  -- user has business there; through the parent everything works as before. Foreign tables know no row level security.
  for item in
    select c.oid::regclass as relation, c.relkind in ('r', 'p') and not c.relrowsecurity as unprotected
    from pg_class c
    where c.oid = any (partitions)
      and (c.relkind in ('r', 'p') and not c.relrowsecurity
           or exists (
             select
             from (select relacl as acl from pg_class where oid = c.oid
                   union all select attacl from pg_attribute where attrelid = c.oid) as a
             cross join lateral aclexplode(a.acl) as g
             where g.grantee in (0, to_regrole('anon'), to_regrole('authenticated')) and g.grantee <> c.relowner))
    order by 1
  loop
    if item.unprotected then
      execute format('alter table %s enable row level security', item.relation);
    end if;
    execute format('revoke all on %s from public, anon, authenticated', item.relation);
  end loop;

  if new_to_us <> '{}' then
    for item in
      select r.name from unnest(array['authenticated', 'service_role']) as r (name)
      where not has_schema_privilege(r.name, schema_name, 'USAGE')
    loop
      execute format('grant usage on schema %I to %I', schema_name, item.name);
    end loop;
  end if;

  ---------------------------------------------------------------------------------------------
  -- The version, where no host writes comments of its own. Last, so that it never promises too much.

  if found_version is distinct from this_version then
    execute format('comment on table %I.workflow_recorders is %L', schema_name,
      format('Workflow History schema %s: leases of the recorders that are running', this_version));
  end if;

  -- The caller's transaction goes on as it was.
  perform set_config('row_security', caller_row_security, true);
  perform set_config('lock_timeout', caller_lock_timeout, true);
  perform pg_catalog.set_config('search_path', caller_search_path, true);
end
$workflow_history_part_2$;
