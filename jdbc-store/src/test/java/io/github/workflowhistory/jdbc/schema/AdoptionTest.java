package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that an application made from the guide's columns are adopted: nothing is lost, what is missing is added. */
class AdoptionTest extends ApplicationTables {
    @Test
    void every_row_stays_as_it_was() {
        List<String> before = rowsByTheGuidesColumns();
        assertThat(before).hasSize(9);
        session.run(Scripts.PART_2);
        assertThat(rowsByTheGuidesColumns()).isEqualTo(before);
    }

    @Test
    void the_policies_that_were_there_are_replaced_with_one_notice_that_names_them() {
        assertThat(session.run(Scripts.PART_2))
                .singleElement()
                .asString()
                .startsWith("Workflow History adopts existing tables and replaces: ")
                .contains(
                        "policy \"Insert logs\" on execution_logs",
                        "policy \"Users can do all\" on workflow_executions",
                        "policy \"Users can view their own executions\" on workflow_executions",
                        "constraint logs_to_nodes on public.execution_logs");
        assertThat(session.rows("select policyname from pg_policies where policyname !~ '^(workflow|node|execution)_'"))
                .isEmpty();
    }

    @Test
    void a_policy_that_the_host_adds_later_stays() {
        session.run(Scripts.PART_2);
        session.run("create policy auditors on workflow_executions for select to service_role using (true)");
        assertThat(session.run(Scripts.PART_2)).isEmpty();
        assertThat(session.rows("select policyname from pg_policies where policyname = 'auditors'"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a column lost | alter table workflow_executions drop column recorder_id cascade
            a policy lost | drop policy workflow_executions_service_role on workflow_executions
            """)
    void damage_to_an_adopted_table_is_no_reason_to_adopt_it_again(String what, String damage) {
        session.run(Scripts.PART_2);
        session.run("create policy auditors on workflow_executions for select to service_role using (true)");
        session.run(damage);
        assertThat(session.run(Scripts.PART_2)).as(what).isEmpty();
        assertThat(session.rows("select policyname from pg_policies where policyname = 'auditors'"))
                .hasSize(1);
    }

    @Test
    void end_users_lose_what_the_application_granted_too_much() {
        session.actAsRole("anon");
        session.run("truncate execution_logs; rollback to savepoint rows_of_the_application");
        session.actAsOwner();
        session.run("grant update (status) on workflow_executions to anon, public");

        session.run(Scripts.PART_2);

        assertThat(Catalog.privileges(session)).containsExactlyElementsOf(Catalog.INTENDED_PRIVILEGES);
    }

    @Test
    void users_are_kept_apart_from_then_on() {
        session.actAs(Session.BOB);
        session.run("insert into execution_logs (id, execution_id, level, message) values ('x', 'exec_1', 'info', 'm');"
                + "rollback to savepoint rows_of_the_application");
        session.actAsOwner();
        session.run(Scripts.PART_2);

        session.actAs(Session.ALICE);
        assertThat(session.rows("select id from execution_logs order by id")).containsExactly("l1", "l2");
        session.actAs(Session.BOB);
        assertThat(session.rows("select id from workflow_executions union all select id from execution_logs"))
                .isEmpty();
        assertThat(session.refused("insert into execution_logs (id, execution_id, level, message)"
                                + " values ('x', 'exec_1', 'info', 'm')")
                        .state())
                .isEqualTo("42501");
    }

    @Test
    void created_at_of_older_rows_is_the_nearest_time_that_is_known() {
        session.run(Scripts.PART_2);
        session.run("set local time zone 'UTC'");
        assertThat(session.rows("select id, created_at from workflow_executions order by id"))
                .containsExactly(
                        "exec_1 | 2026-01-01 10:00:00+00", // its start
                        "exec_2 | 2026-01-02 00:00:00+00", // its first log
                        "exec_3 | 2026-01-03 00:00:00+00");
        assertThat(session.rows("select id, created_at from node_execution_results order by id"))
                .containsExactly(
                        "n1 | 2026-01-01 10:00:05+00", // the end of its execution
                        "n2 | 2026-01-01 10:00:05+00",
                        "n3 | 2026-01-02 00:00:00+00");
    }

    @Test
    void created_at_of_the_application_stays_where_there_is_one() {
        session.run("alter table workflow_executions add created_at timestamptz default now();"
                + "update workflow_executions set created_at = '2020-01-01 00:00Z' where id = 'exec_1'");
        session.run(Scripts.PART_2);
        assertThat(session.row("select created_at = '2020-01-01 00:00Z', (select attnotnull from pg_attribute"
                        + " where attrelid = 'workflow_executions'::regclass and attname = 'created_at')"
                        + " from workflow_executions where id = 'exec_1'"))
                .isEqualTo("t | t");
    }

    @Test
    void an_application_that_writes_by_the_guide_goes_on_working() {
        session.run(Scripts.PART_2);
        session.actAs(Session.ALICE);
        session.run("""
                insert into workflow_executions (id, workflow_id, user_id, status, started_at)
                values ('exec_new', 'w', '%s', 'running', now());
                insert into node_execution_results
                  (id, execution_id, node_id, node_name, status, output_data, error, duration_ms)
                values ('nn', 'exec_new', 'a', 'A', 'success', '{}', null, 5);
                insert into execution_logs (id, execution_id, node_result_id, level, message, data)
                values ('ll', 'exec_new', 'nn', 'info', 'm', '{}');
                update workflow_executions
                set status = 'success', completed_at = now(), duration_ms = 5, final_output = '{}' where id = 'exec_new';
                """.formatted(Session.ALICE));
        assertThat(session.row("select e.created_at = now(), n.attempt, l.timestamp = now()"
                        + " from workflow_executions e join node_execution_results n on n.execution_id = e.id"
                        + " join execution_logs l on l.node_result_id = n.id where e.id = 'exec_new'"))
                .isEqualTo("t | 1 | t");
        session.run("delete from workflow_executions where id = 'exec_new'");
        assertThat(session.rows("select id from execution_logs where id = 'll'"))
                .isEmpty();
    }

    @Test
    void adopted_tables_end_as_fresh_ones_are() {
        session.run(Scripts.PART_2);
        List<String> adopted = Catalog.description(session, "public");
        session.run(Scripts.WHOLE);
        // Defaults have no collation of their own, so what is left is equal.
        assertThat(adopted).isEqualTo(Catalog.description(session, "public"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on update cascade on delete cascade", // as Prisma writes it
                "match full on delete cascade",
                "on delete cascade deferrable initially deferred",
                "on delete cascade not valid",
                "on delete restrict",
                "on delete set null",
                ""
            })
    void references_of_every_kind_give_way_to_those_of_the_guide(String variant) {
        session.run("""
                alter table workflow_executions drop constraint workflow_executions_user_id_fkey,
                  add foreign key (user_id) references users (id) %1$s;
                alter table execution_logs drop constraint execution_logs_execution_id_fkey,
                  add foreign key (execution_id) references workflow_executions (id) %1$s;
                alter table node_execution_results drop constraint node_execution_results_execution_id_fkey,
                  add foreign key (execution_id) references workflow_executions (id) %1$s;
                """.formatted(variant));
        assertThat(session.run(Scripts.PART_2).get(0))
                .contains("constraint workflow_executions_user_id_fkey on public.workflow_executions");
        List<String> adopted = Catalog.description(session, "public");
        session.run(Scripts.WHOLE);
        assertThat(adopted).isEqualTo(Catalog.description(session, "public"));
    }

    @Test
    void what_the_host_added_stays() {
        session.run("""
                alter table workflow_executions add tenant text not null default 'acme';
                create index host_index on execution_logs (level);
                alter table execution_logs add constraint host_check check (length(message) < 100);
                create view host_view as select id, status from workflow_executions;
                create function host_trigger() returns trigger language plpgsql as 'begin return new; end';
                create trigger host_trigger before insert on execution_logs
                  for each row execute function host_trigger();
                """);
        session.run(Scripts.PART_2);
        session.run(Scripts.PART_2);
        assertThat(session.row("select count(*) from workflow_executions where tenant = 'acme'"))
                .isEqualTo("3");
        assertThat(session.row("select count(*) from host_view")).isEqualTo("3");
        assertThat(String.join("\n", Catalog.description(session, "public")))
                .contains("INDEX host_index", "host_check", "TRIGGER host_trigger");
    }

    @Test
    void one_table_that_is_there_is_adopted_and_the_others_are_made() {
        session.run("drop table execution_logs, node_execution_results");
        assertThat(session.run(Scripts.PART_2).get(0))
                .contains("Users can do all")
                .doesNotContain("Insert logs");
        session.run("insert into execution_logs (execution_id, level, message) values ('exec_1', 'info', 'm')");
        assertThat(session.row("select count(*) from workflow_executions")).isEqualTo("3");
        session.actAs(Session.BOB);
        assertThat(session.rows("select id from execution_logs")).isEmpty();
    }

    @Test
    void the_whole_script_drops_them_as_the_guide_says() {
        session.run(Scripts.WHOLE);
        assertThat(rowsByTheGuidesColumns()).isEmpty();
        assertThat(session.row("select count(*) from users")).isEqualTo("1");
    }

    private List<String> rowsByTheGuidesColumns() {
        return session.rows("""
                select concat_ws(',', id, workflow_id, user_id, status, started_at, completed_at, duration_ms,
                                 final_output, error) from workflow_executions
                union all
                select concat_ws(',', id, execution_id, node_id, node_name, status, output_data, error, duration_ms)
                from node_execution_results
                union all
                select concat_ws(',', id, execution_id, node_result_id, level, message, data, timestamp)
                from execution_logs
                order by 1
                """);
    }
}
