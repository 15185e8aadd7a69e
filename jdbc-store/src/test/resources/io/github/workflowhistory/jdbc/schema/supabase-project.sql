-- A Supabase project as its own scripts lay it down, in a database that supabase_postgres owns. That role is what
-- "postgres" is there: no superuser, but CREATEROLE and BYPASSRLS, and nothing of its own in schema auth.
do $$
begin
  if not exists (select from pg_roles where rolname = 'supabase_auth_owner') then
    create role supabase_auth_owner nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'supabase_postgres') then
    create role supabase_postgres login createrole createdb replication bypassrls;
  end if;
end
$$;
grant anon, authenticated, service_role to supabase_postgres;

create schema extensions;
create extension pgcrypto with schema extensions;
grant usage on schema extensions to public;

create schema auth authorization supabase_auth_owner;
set role supabase_auth_owner;
create table auth.users (id uuid primary key, email text);
create function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')
  )::uuid
$$;
grant usage on schema auth to anon, authenticated, service_role, supabase_postgres;
grant all on auth.users to supabase_postgres;
reset role;

grant usage, create on schema public to supabase_postgres;
grant usage on schema public to anon, authenticated, service_role;
