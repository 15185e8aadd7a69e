package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Adoption of tables that follow the guide loosely: varchar, no keys, other collations, no cascade. */
class LooseAdoptionTest extends ApplicationTables {
    @BeforeEach
    void make_loose_tables_instead() {
        session.run("drop table execution_logs, node_execution_results, workflow_executions; delete from users");
        session.run(Scripts.resource("loose-application-tables.sql"));
    }

    @Test
    void rows_and_columns_of_the_host_stay() {
        session.run(Scripts.PART_2);
        assertThat(session.rows("select e.id, n.id, l.id, e.extra, l.node_result_id from workflow_executions e"
                        + " join node_execution_results n on n.execution_id = e.id"
                        + " join execution_logs l on l.execution_id = e.id"))
                .containsExactly("e1 | n1 | l1 | x | n1");
    }

    @Test
    void varchar_becomes_text_and_keeps_its_collation() {
        session.run(Scripts.PART_2);
        assertThat(session.rows("select column_name from information_schema.columns"
                        + " where table_schema = 'public' and data_type = 'character varying'"))
                .isEmpty();
        assertThat(session.row("select collname from pg_attribute a join pg_collation c on c.oid = a.attcollation"
                        + " where attrelid = 'node_execution_results'::regclass and attname = 'id'"))
                .isEqualTo("POSIX");
    }

    @Test
    void no_row_is_written_anew_for_it() {
        session.run("alter table execution_logs alter level type varchar(5)");
        String before = session.row("select pg_relation_filenode('execution_logs')");
        session.run(Scripts.PART_2);
        assertThat(session.row("select pg_relation_filenode('execution_logs')")).isEqualTo(before);
    }

    @Test
    void keys_references_and_checks_are_those_of_the_guide() {
        session.run(Scripts.PART_2);
        List<String> adopted = constraints();
        assertThat(adopted).contains("execution_logs keep_me CHECK ((length(message) < 1000))");
        session.run(Scripts.WHOLE);
        assertThat(adopted).containsAll(constraints()).hasSize(constraints().size() + 1);
    }

    @Test
    void a_status_that_a_narrower_check_refused_is_accepted() {
        assertThat(session.refused("update workflow_executions set status = 'partial'")
                        .state())
                .isEqualTo("23514");
        assertThat(session.run(Scripts.PART_2).get(0)).contains("constraint workflow_executions_status_check");
        assertThat(session.changed("update workflow_executions set status = 'partial'"))
                .isEqualTo(1);
    }

    @Test
    void what_the_guide_leaves_open_may_be_left_out() {
        session.run("alter table workflow_executions alter user_id set not null, alter started_at set not null,"
                + " alter started_at set default now();"
                + "alter table execution_logs alter node_result_id set not null");
        assertThat(session.run(Scripts.PART_2).get(0))
                .contains(
                        "\"not null\" of column user_id on public.workflow_executions",
                        "\"not null\" of column started_at on public.workflow_executions",
                        "\"not null\" of column node_result_id on public.execution_logs");
        session.run("""
                insert into workflow_executions (id, workflow_id, user_id, status, started_at)
                values ('waits', 'w', null, 'queued', null);
                insert into execution_logs (execution_id, node_result_id, level, message)
                values ('waits', null, 'info', 'm');
                """);
    }

    @Test
    void a_host_that_forbids_null_after_the_adoption_is_left_alone() {
        session.run(Scripts.PART_2);
        session.run("alter table workflow_executions alter user_id set not null");
        assertThat(session.run(Scripts.PART_2)).isEmpty();
        assertThat(session.refused("insert into workflow_executions (workflow_id) values ('w')")
                        .state())
                .isEqualTo("23502");
    }

    @Test
    void a_reference_that_set_null_cascades() {
        assertThat(session.run(Scripts.PART_2).get(0)).contains("constraint execution_logs_node_result_id_fkey");
        session.run("delete from node_execution_results");
        assertThat(session.rows("select id from execution_logs")).isEmpty();
    }

    @Test
    void defaults_and_indexes_of_the_host_stay() {
        session.run(Scripts.PART_2);
        session.run("insert into workflow_executions (workflow_id) values ('w')");
        session.run("insert into execution_logs (execution_id, level, message) values ('e1', 'info', 'm')");
        assertThat(session.row("select status from workflow_executions where id <> 'e1'"))
                .isEqualTo("running");
        assertThat(session.row("select left(id, 4) from execution_logs where id <> 'l1'"))
                .isEqualTo("log-");
        assertThat(session.row("select to_regclass('host_index') is not null")).isEqualTo("t");
    }

    @Test
    void what_is_made_beside_an_adopted_table_compares_as_it_does() {
        session.run("drop table execution_logs, workflow_executions");
        session.run("delete from node_execution_results");
        session.run(Scripts.PART_2);
        assertThat(session.rows("select distinct collname from pg_attribute a"
                        + " join pg_collation c on c.oid = a.attcollation"
                        + " where attname in ('id', 'execution_id', 'node_result_id', 'node_run_id')"
                        + " and attrelid::regclass::text in"
                        + " ('workflow_executions', 'node_execution_results', 'execution_logs')"))
                .containsExactly("POSIX");
    }

    private List<String> constraints() {
        return session.rows("select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
                + " from pg_constraint where contype <> 'n' and conrelid <> 'users'::regclass"
                + " and connamespace = 'public'::regnamespace order by 1");
    }
}
