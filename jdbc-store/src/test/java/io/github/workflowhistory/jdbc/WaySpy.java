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
                  insert into public.ways (way) values (split_part(current_query(), ' ', 1) || ' ' || tg_table_name);
                  return null;
                end$$;
                create trigger note_way after insert on node_execution_results execute function note_way();
                create trigger note_way after insert on execution_logs execute function note_way()""");
    }

    static void clear(TestDatabase database) {
        database.execute("truncate ways");
    }

    /** For each statement whose transaction was committed: "copy" or "insert", and the table. */
    static List<String> ways(TestDatabase database) {
        return database.query("select way from ways order by step");
    }
}
