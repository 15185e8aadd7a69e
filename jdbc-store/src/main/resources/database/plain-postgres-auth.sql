-- Gives a PostgreSQL that is not Supabase what workflow-execution-schema.sql presupposes:
-- users, auth.uid() and the roles anon, authenticated and service_role.
--
-- Run it before that script, once per database, as a superuser or as a role with CREATEROLE that may
-- create schemas:
--   psql --single-transaction -v ON_ERROR_STOP=1 -f plain-postgres-auth.sql
-- It creates what is missing and changes nothing that exists: on Supabase it does nothing at all.
-- Roles belong to the whole server, the rest to this database. PostgreSQL 14 or later.
--
-- An application that has its own table of users needs only an id of type uuid with a unique key there.
-- Another schema than the default one: replace the schema's name as described in the other script.

do $workflow_history_auth$
declare
  -- The types are qualified because they are looked up before the search_path is pinned below.
  schema_name constant pg_catalog.text := 'public';
  caller_search_path constant pg_catalog.text := pg_catalog.current_setting('search_path');
  caller_lock_timeout constant pg_catalog.text := pg_catalog.current_setting('lock_timeout');
  role_name    pg_catalog.text;
  auth_created pg_catalog.bool := false;
begin
  perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  -- Anybody may take this lock, so not for ever.
  if caller_lock_timeout = '0' then
    perform set_config('lock_timeout', '2min', true);
  end if;
  perform pg_advisory_xact_lock(hashtextextended('workflow history auth', 0));

  -- Roles that nobody logs in with: an application's login role is made a member and switches to them.
  foreach role_name in array array['anon', 'authenticated', 'service_role'] loop
    continue when exists (select from pg_roles where rolname = role_name);
    begin
      -- The service role works for all users, so policies do not apply to it. Only a superuser may say so,
      -- since PostgreSQL 16 also a role that has the attribute itself; without it, policies do that work.
      execute format('create role %I nologin noinherit %s', role_name,
        case when role_name = 'service_role'
               and exists (select from pg_roles
                           where rolname = current_user
                             and (rolsuper or rolbypassrls and current_setting('server_version_num')::int >= 160000))
             then 'bypassrls' else '' end);
    exception when duplicate_object or unique_violation then
      continue; -- another database of this server made it in this moment
    end;
    -- As on Supabase, whoever sets the database up can act as each of them.
    if not (select rolsuper from pg_roles where rolname = current_user) then
      execute format('grant %I to current_user', role_name);
    end if;
  end loop;

  if not exists (select from pg_namespace where nspname = 'auth') then
    create schema auth;
    auth_created := true;
  end if;

  -- The id of the signed-in user: the setting of older gateways first, then the claims, as Supabase reads them.
  -- After a transaction that set one locally, it reads as '' instead of null.
  if not exists (
    select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'auth' and p.proname = 'uid' and p.pronargs = 0)
  then
    create function auth.uid()
      returns uuid
      language sql
      stable
      set search_path = pg_catalog, pg_temp
    as $workflow_history_function$
      select coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
      )::uuid
    $workflow_history_function$;
    grant execute on function auth.uid() to anon, authenticated, service_role;
  end if;

  if auth_created or pg_has_role((select nspowner from pg_namespace where nspname = 'auth'), 'USAGE') then
    grant usage on schema auth to anon, authenticated, service_role;
  end if;

  -- The application adds what else it knows about its users.
  if not exists (
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = 'users' and n.nspname in (schema_name, 'auth'))
  then
    if not exists (select from pg_namespace where nspname = schema_name) then
      create schema "public";
    end if;
    create table "public".users (
      id uuid constraint users_pkey primary key default gen_random_uuid()
    );
    -- Default privileges may have opened it; end users need nothing here.
    revoke all on "public".users from public, anon, authenticated;
    grant select, insert, update, delete on "public".users to service_role;
  end if;

  perform set_config('lock_timeout', caller_lock_timeout, true);
  perform pg_catalog.set_config('search_path', caller_search_path, true);
end
$workflow_history_auth$;
