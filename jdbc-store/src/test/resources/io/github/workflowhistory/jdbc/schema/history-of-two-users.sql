-- Alice and Bob each ran a workflow; one more execution belongs to nobody.
insert into users (id)
values ('00000000-0000-4000-8000-00000000000a'), ('00000000-0000-4000-8000-00000000000b');

insert into workflow_executions (id, workflow_id, user_id, status, started_at, created_at)
values
  ('alice-1', 'import', '00000000-0000-4000-8000-00000000000a', 'running', '2026-01-01 10:00Z', '2026-01-01 10:00Z'),
  ('alice-2', 'import', '00000000-0000-4000-8000-00000000000a', 'queued', null, '2026-01-02 10:00Z'),
  ('bob-1', 'import', '00000000-0000-4000-8000-00000000000b', 'running', '2026-01-01 11:00Z', '2026-01-01 11:00Z'),
  ('nobody-1', 'cleanup', null, 'running', '2026-01-01 12:00Z', '2026-01-01 12:00Z');

insert into node_execution_results (id, execution_id, node_id, node_name, status, output_data)
values
  ('alice-fetch', 'alice-1', 'fetch', 'Fetch orders', 'success', '{"orders": 3}'),
  ('alice-mail', 'alice-1', 'mail', 'Send mail', 'skipped', null),
  ('bob-fetch', 'bob-1', 'fetch', 'Fetch orders', 'failed', null),
  ('nobody-sweep', 'nobody-1', 'sweep', 'Sweep', 'success', null);

insert into execution_logs (id, execution_id, node_result_id, level, message, "timestamp")
values
  ('alice-log-2', 'alice-1', null, 'info', 'second', '2026-01-01 10:00:02Z'),
  ('alice-log-1', 'alice-1', 'alice-fetch', 'debug', 'first', '2026-01-01 10:00:01Z'),
  ('bob-log-1', 'bob-1', 'bob-fetch', 'error', 'no answer', '2026-01-01 11:00:01Z'),
  ('nobody-log-1', 'nobody-1', 'nobody-sweep', 'warn', 'dusty', '2026-01-01 12:00:01Z');
