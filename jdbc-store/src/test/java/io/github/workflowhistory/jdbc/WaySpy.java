package io.github.workflowhistory.jdbc;

import java.util.List;

/** Sees in the database by which statements rows were inserted. */
final class WaySpy {
    private WaySpy() {}

    static void install(TestDatabase database) {
        database.execute("""
                create table ways (step serial, way text);
                grant all on ways, ways_step_seq to public;
                create function note_way() returns trigger language plpgsql as $$begin
                  insert into public.ways (way) values (tg_table_name || ' ' || case
                    when current_query() like 'copy %' then 'COPY'
                    when current_query() like '%on conflict do nothing%' then 'IDEMPOTENT_INSERT'
                    else 'PLAIN_INSERT' end);
                  return null;
                end$$;
                create trigger note_way after insert on workflow_executions execute function note_way();
                create trigger note_way after insert on node_execution_results execute function note_way();
                create trigger note_way after insert on execution_logs execute function note_way()""");
    }

    static void clear(TestDatabase database) {
        database.execute("truncate ways");
    }

    /** For each statement whose transaction was committed and that wrote what belongs to executions: table and way. */
    static List<String> ways(TestDatabase database) {
        return database.query("select way from ways where way not like 'workflow_executions %' order by step");
    }

    /** The same of executions, without the table. */
    static List<String> waysOfExecutions(TestDatabase database) {
        return database.query("select replace(way, 'workflow_executions ', '') from ways"
                + " where way like 'workflow_executions %' order by step");
    }
}
