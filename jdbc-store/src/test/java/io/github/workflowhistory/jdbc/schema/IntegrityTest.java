package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tables refuse, from everybody. */
class IntegrityTest extends InstalledSchema {
    @ParameterizedTest
    @ValueSource(strings = {"none", "service_role", "authenticated"})
    void a_log_cannot_point_at_a_node_result_of_another_execution(String role) {
        if (role.equals("authenticated")) {
            session.actAs(Session.ALICE);
        } else {
            session.actAsRole(role);
        }
        assertThat(session.changed("update execution_logs set node_result_id = 'alice-mail' where id = 'alice-log-2'"))
                .isEqualTo(1);

        for (String statement : List.of(
                "update execution_logs set node_result_id = 'bob-fetch' where id = 'alice-log-2'",
                "insert into execution_logs (execution_id, node_result_id, level, message)"
                        + " values ('alice-2', 'alice-fetch', 'info', 'm')",
                "insert into execution_logs (execution_id, node_result_id, level, message)"
                        + " values ('alice-1', 'bob-fetch', 'info', 'm')")) {
            assertThat(session.refused(statement))
                    .as(statement)
                    .returns("23503", Refusal::state)
                    .returns("execution_logs_node_result_fkey", Refusal::constraint);
        }
    }

    @Test
    void a_log_may_name_a_node_result_that_is_still_to_come() {
        session.run("insert into execution_logs (id, execution_id, node_run_id, level, message)"
                + " values ('early', 'alice-1', 'later', 'info', 'm')");
        session.run("insert into node_execution_results (id, execution_id, node_id, status)"
                + " values ('later', 'alice-1', 'n', 'success')");
        assertThat(session.changed("update execution_logs set node_result_id = node_run_id where id = 'early'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            23514 | update workflow_executions set duration_ms = -1
            23514 | update node_execution_results set duration_ms = -1
            23514 | update node_execution_results set attempt = 0
            23503 | insert into workflow_executions (workflow_id, user_id) values ('w', '00000000-0000-4000-8000-0000000000ff')
            23503 | insert into node_execution_results (execution_id, node_id, status) values ('missing', 'n', 'success')
            23503 | insert into execution_logs (execution_id, level, message) values ('missing', 'info', 'm')
            23505 | insert into workflow_executions (id, workflow_id) values ('alice-1', 'w')
            23505 | update node_execution_results set id = 'bob-fetch' where id = 'alice-mail'
            23505 | update execution_logs set id = 'bob-log-1' where id = 'alice-log-1'
            23502 | update workflow_executions set workflow_id = null
            23502 | update workflow_executions set status = null
            23502 | update workflow_executions set created_at = null
            23502 | update node_execution_results set execution_id = null
            23502 | update node_execution_results set node_id = null
            23502 | update node_execution_results set status = null
            23502 | update execution_logs set execution_id = null
            23502 | update execution_logs set level = null
            23502 | update execution_logs set message = null
            23502 | update execution_logs set "timestamp" = null
            22P02 | update workflow_executions set final_output = '{'
            """)
    void rows_that_make_no_sense_are_refused(String state, String statement) {
        assertThat(session.refused(statement).state()).isEqualTo(state);
    }

    @Test
    void deleting_a_user_deletes_that_users_history_and_no_more() {
        assertThat(idsLike("alice%")).hasSize(6);
        List<String> others = idsNotLike("alice%");

        session.run("delete from users where id = '" + Session.ALICE + "'");

        assertThat(idsLike("alice%")).isEmpty();
        assertThat(idsNotLike("alice%")).isEqualTo(others).isNotEmpty();
    }

    @Test
    void deleting_an_execution_deletes_its_results_and_logs_and_no_more() {
        List<String> others = idsNotLike("bob%");
        assertThat(idsLike("bob%")).hasSize(3);

        session.run("delete from workflow_executions where id = 'bob-1'");

        assertThat(idsLike("bob%")).isEmpty();
        assertThat(idsNotLike("bob%")).isEqualTo(others).isNotEmpty();
    }

    @Test
    void deleting_a_node_result_deletes_its_logs() {
        session.run("delete from node_execution_results where id = 'alice-fetch'");
        assertThat(session.rows("select id from execution_logs where execution_id = 'alice-1'"))
                .containsExactly("alice-log-2");
    }

    private List<String> idsLike(String pattern) {
        return ids("like", pattern);
    }

    private List<String> idsNotLike(String pattern) {
        return ids("not like", pattern);
    }

    private List<String> ids(String operator, String pattern) {
        return session.rows("""
                select id from (
                  select id from workflow_executions
                  union all select id from node_execution_results
                  union all select id from execution_logs) as everything
                where id %s ? order by id
                """.formatted(operator), pattern);
    }
}
