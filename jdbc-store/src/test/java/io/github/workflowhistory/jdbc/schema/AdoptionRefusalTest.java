package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be adopted is named, all of it at once, and nothing is half done. */
class AdoptionRefusalTest extends ApplicationTables {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            workflow_executions    | status      | 'cancelled' | workflow_executions_status_check: exec_2
            workflow_executions    | duration_ms | -1          | workflow_executions_duration_ms_check: exec_2
            workflow_executions    | workflow_id | null        | workflow_executions.workflow_id is null: exec_2
            workflow_executions    | user_id     | '00000000-0000-4000-8000-0000000000ff' | workflow_executions_user_id_fkey: exec_2
            node_execution_results | status      | 'running'   | node_execution_results_status_check: n3
            node_execution_results | execution_id | 'gone'     | node_execution_results_execution_id_fkey: n3
            execution_logs         | level       | 'fatal'     | execution_logs_level_check: l3
            execution_logs         | message     | null        | execution_logs.message is null: l3
            execution_logs         | execution_id | 'gone'     | execution_logs_execution_id_fkey: l3
            execution_logs         | node_result_id | 'n1'     | execution_logs_node_result_fkey: l3
            """)
    void a_row_that_breaks_a_promise_is_named(String table, String column, String value, String problem) {
        loosen();
        session.run("update %s set %s = %s where id in ('exec_2', 'n3', 'l3')".formatted(table, column, value));
        List<String> before = Catalog.description(session, "public");

        Refusal refusal = session.refused(Scripts.PART_2);

        assertThat(refusal)
                .returns("23000", Refusal::state)
                .returns("rows in schema public break what the Workflow History schema promises", Refusal::message)
                .matches(e -> String.valueOf(e.detail()).contains(problem));
        assertThat(refusal.hint()).contains("Mend or delete these rows");
        assertThat(Catalog.description(session, "public")).isEqualTo(before);
    }

    @Test
    void every_problem_is_in_the_one_error() {
        loosen();
        session.run("""
                update workflow_executions set status = 'cancelled' where id in ('exec_1', 'exec_2');
                update execution_logs set level = 'fatal', node_result_id = 'n3' where id = 'l2';
                insert into node_execution_results select * from node_execution_results where id = 'n1';
                """);
        assertThat(session.refused(Scripts.PART_2).detail())
                .contains(
                        "workflow_executions breaks workflow_executions_status_check: exec_1, exec_2",
                        "execution_logs breaks execution_logs_level_check: l2",
                        "execution_logs breaks execution_logs_node_result_fkey: l2",
                        "node_execution_results breaks node_execution_results_pkey: n1, n1");
    }

    @Test
    void after_mending_it_runs() {
        loosen();
        session.run("update workflow_executions set status = 'cancelled' where id = 'exec_2'");
        session.refused(Scripts.PART_2);
        session.run("update workflow_executions set status = 'failed' where id = 'exec_2'");
        session.run(Scripts.PART_2);
        assertThat(session.row("select count(*) from workflow_executions")).isEqualTo("3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            workflow_executions | started_at   | timestamp | workflow_executions.started_at is of type timestamp without time zone, not timestamptz
            workflow_executions | duration_ms  | bigint    | workflow_executions.duration_ms is of type bigint, not integer
            workflow_executions | final_output | json      | workflow_executions.final_output is of type json, not jsonb
            execution_logs      | message      | char(10)  | execution_logs.message is of type character, not text
            """)
    void a_column_of_another_type_is_named_with_the_mend(String table, String column, String type, String problem) {
        session.run("drop policy if exists \"Users can do all\" on workflow_executions;"
                + "alter table %1$s alter %2$s type %3$s using %2$s::%3$s".formatted(table, column, type));
        Refusal refusal = session.refused(Scripts.PART_2);
        assertThat(refusal)
                .returns("42804", Refusal::state)
                .matches(e -> e.message().contains(problem));
        assertThat(refusal.hint()).contains("alter table ... alter column ... type");
    }

    @Test
    void ids_of_the_guides_first_version_which_were_uuids_are_named() {
        session.run(
                "drop table execution_logs, node_execution_results, workflow_executions;"
                        + "create table workflow_executions (id uuid primary key, workflow_id uuid, user_id uuid, status text,"
                        + " started_at timestamptz, completed_at timestamptz, duration_ms integer, final_output jsonb, error text)");
        assertThat(session.refused(Scripts.PART_2).message())
                .contains("workflow_executions.id is of type uuid, not text")
                .contains("workflow_executions.workflow_id is of type uuid, not text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            create view running as select id, status from workflow_executions where status = 'running' | the view public.running uses workflow_executions.id, workflow_executions.status, which become text: drop it
            alter table execution_logs rename to old_logs; create view execution_logs as select * from old_logs | execution_logs is not a table: rename it
            alter table workflow_executions drop duration_ms, add duration_ms integer generated always as (case when status = 'queued' then 0 end) stored | duration_ms is generated, but those who record write it: alter table public.workflow_executions alter column duration_ms drop expression;
            alter table execution_logs drop constraint execution_logs_pkey, add primary key (execution_id, id) | the primary key (execution_id, id) of execution_logs is not (id), by which it is found and referred to: alter table public.execution_logs drop constraint execution_logs_pkey;
            """)
    void what_only_its_maker_can_change_is_named_with_the_mend(String change, String problem) {
        session.run("""
                drop policy if exists "Users can do all" on workflow_executions;
                alter table workflow_executions alter id type varchar(64), alter status type varchar(20);""" + change);
        List<String> before = Catalog.description(session, "public");

        Refusal refusal = session.refused(Scripts.PART_2);

        assertThat(refusal)
                .returns("55000", Refusal::state)
                .returns("tables in schema public cannot be adopted as they are", Refusal::message)
                .matches(e -> String.valueOf(e.detail()).contains(problem));
        assertThat(Catalog.description(session, "public")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table workflow_executions add generated text generated always as (upper(id)) stored",
                "create view ended as select completed_at from workflow_executions where completed_at is not null"
            })
    void what_the_host_added_for_itself_is_in_nobodys_way(String addition) {
        session.run(addition);
        session.run(Scripts.PART_2);
    }

    @Test
    void an_index_of_our_name_on_another_table_is_an_error_and_no_silent_gap() {
        session.run("create index workflow_executions_by_user on execution_logs (level)");
        assertThat(session.refused(Scripts.PART_2))
                .returns("42P07", Refusal::state)
                .matches(e -> e.message().contains("\"workflow_executions_by_user\" already exists"));
    }

    /** Takes the application's own constraints away, so that rows can break ours. */
    private void loosen() {
        session.run("""
                do $$
                declare item record;
                begin
                  for item in
                    select conrelid::regclass as relation, conname from pg_constraint
                    where contype <> 'n' and conrelid::regclass::text in
                      ('workflow_executions', 'node_execution_results', 'execution_logs')
                    order by contype -- references before the keys that they need
                  loop
                    execute format('alter table %s drop constraint %I', item.relation, item.conname);
                  end loop;
                end
                $$;
                alter table workflow_executions alter id drop not null, alter workflow_id drop not null;
                alter table node_execution_results alter id drop not null;
                alter table execution_logs alter id drop not null, alter message drop not null;
                """);
    }
}
