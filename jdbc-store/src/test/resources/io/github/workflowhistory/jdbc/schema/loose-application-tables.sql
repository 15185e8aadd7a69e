-- An application that took the guide loosely: no keys, varchar, another collation, a narrower check, no cascade.
create table workflow_executions (
  id varchar(100),
  workflow_id varchar(50),
  user_id uuid,
  status varchar(20) default 'running' check (status in ('queued', 'running', 'success', 'failed')),
  started_at timestamptz,
  completed_at timestamptz,
  duration_ms integer,
  final_output jsonb,
  error text,
  extra text
);

create table node_execution_results (
  id varchar collate "POSIX" primary key,
  execution_id text collate "POSIX",
  node_id text,
  node_name text,
  status text,
  output_data jsonb,
  error text,
  duration_ms integer
);

create table execution_logs (
  id text primary key default 'log-' || gen_random_uuid(),
  execution_id text,
  node_result_id text references node_execution_results on delete set null deferrable,
  level text,
  message text,
  data jsonb,
  timestamp timestamptz,
  constraint keep_me check (length(message) < 1000)
);

create index host_index on execution_logs (level);

insert into users (id) values ('00000000-0000-4000-8000-00000000000a');
insert into workflow_executions values
  ('e1', 'w', '00000000-0000-4000-8000-00000000000a', 'success', '2026-01-01 10:00Z', null, null, null, null, 'x');
insert into node_execution_results values ('n1', 'e1', 'a', 'A', 'success');
insert into execution_logs (id, execution_id, node_result_id, level, message, timestamp)
values ('l1', 'e1', 'n1', 'info', 'm', '2026-01-01 10:00:01Z');
