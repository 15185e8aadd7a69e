-- What an application makes from the guide's columns alone, with policies as people write them.
create table workflow_executions (
  id text primary key,
  workflow_id text not null,
  user_id uuid references users (id) on delete cascade,
  status text not null check (status in ('queued', 'running', 'success', 'failed', 'partial')),
  started_at timestamptz,
  completed_at timestamptz,
  duration_ms integer,
  final_output jsonb,
  error text
);

create table node_execution_results (
  id text primary key,
  execution_id text references workflow_executions (id) on delete cascade,
  node_id text not null,
  node_name text,
  status text not null check (status in ('success', 'failed', 'skipped')),
  output_data jsonb,
  error text,
  duration_ms integer
);

create table execution_logs (
  id text primary key,
  execution_id text references workflow_executions (id) on delete cascade,
  node_result_id text constraint logs_to_nodes references node_execution_results (id) on delete cascade,
  level text not null check (level in ('info', 'warn', 'error', 'debug')),
  message text not null,
  data jsonb,
  timestamp timestamptz default now()
);

alter table workflow_executions enable row level security;
alter table node_execution_results enable row level security;
alter table execution_logs enable row level security;

create policy "Users can view their own executions" on workflow_executions for select using (auth.uid() = user_id);
create policy "Users can do all" on workflow_executions using (auth.uid() = user_id);
create policy "Insert logs" on execution_logs for insert with check (true);

grant all on workflow_executions, node_execution_results, execution_logs to anon, authenticated, service_role;

insert into users (id) values ('00000000-0000-4000-8000-00000000000a');
insert into workflow_executions values
  ('exec_1', 'w', '00000000-0000-4000-8000-00000000000a', 'success',
   '2026-01-01 10:00Z', '2026-01-01 10:00:05Z', 5000, '{"n": 1}', null),
  ('exec_2', 'w', null, 'queued', null, null, null, null, null),
  ('exec_3', 'w', null, 'failed', '2026-01-03 00:00Z', null, null, null, 'old, without an end');
insert into node_execution_results values
  ('n1', 'exec_1', 'a', 'A', 'success', '1', null, 3),
  ('n2', 'exec_1', 'b', 'B', 'failed', '1', 'x', 3),
  ('n3', 'exec_2', 'b', 'B', 'failed', '1', 'x', null);
insert into execution_logs values
  ('l1', 'exec_1', 'n1', 'info', 'one', null, '2026-01-01 10:00:01Z'),
  ('l2', 'exec_1', null, 'warn', 'two', null, '2026-01-01 10:00:02Z'),
  ('l3', 'exec_2', null, 'warn', 'three', '{"a": 1}', '2026-01-02 00:00Z');
