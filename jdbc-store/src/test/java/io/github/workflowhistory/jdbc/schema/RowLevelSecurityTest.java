package io.github.workflowhistory.jdbc.schema;

import static io.github.workflowhistory.jdbc.schema.Session.ALICE;
import static io.github.workflowhistory.jdbc.schema.Session.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two users, nobody and the service role can see and do. */
class RowLevelSecurityTest extends InstalledSchema {
    private static final String EVERYTHING = """
            select id from workflow_executions
            union all select id from node_execution_results
            union all select id from execution_logs
            order by 1
            """;
    private static final List<String> OF_ALICE =
            List.of("alice-1", "alice-2", "alice-fetch", "alice-log-1", "alice-log-2", "alice-mail");
    private static final List<String> OF_BOB = List.of("bob-1", "bob-fetch", "bob-log-1");
    private static final List<String> OF_NOBODY = List.of("nobody-1", "nobody-log-1", "nobody-sweep");

    @BeforeEach
    void the_owner_sees_every_row() {
        assertThat(session.rows(EVERYTHING))
                .containsAll(OF_ALICE)
                .containsAll(OF_BOB)
                .containsAll(OF_NOBODY);
    }

    @Test
    void users_see_their_own_rows_and_no_others() {
        session.actAs(ALICE);
        assertThat(session.rows(EVERYTHING)).isEqualTo(OF_ALICE);
        session.actAs(BOB);
        assertThat(session.rows(EVERYTHING)).isEqualTo(OF_BOB);
    }

    @Test
    void a_user_without_executions_sees_nothing() {
        session.actAs("00000000-0000-4000-8000-0000000000ff");
        assertThat(session.rows(EVERYTHING)).isEmpty();
    }

    @Test
    void a_signed_in_role_without_claims_sees_nothing() {
        session.actAsRole("authenticated");
        assertThat(session.rows(EVERYTHING)).isEmpty();
    }

    @Test
    void malformed_claims_are_an_error_and_no_way_in() {
        session.actAs("bob");
        assertThat(session.refused(EVERYTHING).state()).isEqualTo("22P02");
    }

    @ParameterizedTest
    @ValueSource(strings = {"workflow_executions", "node_execution_results", "execution_logs", "workflow_recorders"})
    void anon_is_refused_whatever_it_tries(String table) {
        session.actAsRole("anon");
        for (String statement : List.of(
                "select from " + table,
                "insert into " + table + " default values",
                "update " + table + " set id = id",
                "delete from " + table,
                "truncate " + table)) {
            assertThat(session.refused(statement).state()).as(statement).isEqualTo("42501");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select from workflow_recorders",
                "insert into workflow_recorders (id) values ('x')",
                "update workflow_recorders set heartbeat_at = now()",
                "delete from workflow_recorders"
            })
    void end_users_have_no_business_with_the_leases_of_recorders(String statement) {
        session.actAs(ALICE);
        assertThat(session.refused(statement).state()).isEqualTo("42501");
    }

    @Test
    void the_service_role_works_for_everybody() {
        session.actAsRole("service_role");
        assertThat(session.rows(EVERYTHING))
                .containsAll(OF_ALICE)
                .containsAll(OF_BOB)
                .containsAll(OF_NOBODY);
        assertThat(session.changed("update workflow_executions set error = 'x' where id in ('bob-1', 'nobody-1')"))
                .isEqualTo(2);
        session.run("insert into workflow_recorders (id) values ('recorder');"
                + "update workflow_recorders set heartbeat_at = now();"
                + "delete from workflow_recorders; delete from workflow_executions");
        assertThat(session.rows(EVERYTHING)).isEmpty();
    }

    @Test
    void users_write_and_delete_their_own_history() {
        session.actAs(ALICE);
        session.run("""
                insert into workflow_executions (id, workflow_id, user_id) values ('mine', 'w', '%s');
                insert into node_execution_results (id, execution_id, node_id, status)
                values ('mine-result', 'mine', 'n', 'failed');
                insert into execution_logs (id, execution_id, node_result_id, level, message)
                values ('mine-log', 'mine', 'mine-result', 'info', 'm');
                """.formatted(ALICE));
        assertThat(session.changed("update workflow_executions set status = 'failed' where id = 'mine'"))
                .isEqualTo(1);
        assertThat(session.changed("update node_execution_results set error = 'x' where id = 'mine-result'"))
                .isEqualTo(1);
        assertThat(session.changed("update execution_logs set message = 'x' where id = 'mine-log'"))
                .isEqualTo(1);
        assertThat(session.changed("delete from workflow_executions where id = 'mine'"))
                .isEqualTo(1);
        assertThat(session.rows(EVERYTHING)).isEqualTo(OF_ALICE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            insert for another user    | insert into workflow_executions (workflow_id, user_id) values ('w', '00000000-0000-4000-8000-00000000000b')
            insert for nobody          | insert into workflow_executions (workflow_id) values ('w')
            give an execution away     | update workflow_executions set user_id = '00000000-0000-4000-8000-00000000000b' where id = 'alice-1'
            give all away              | update workflow_executions set user_id = '00000000-0000-4000-8000-00000000000b'
            move all results           | update node_execution_results set execution_id = 'nobody-1'
            move all logs              | update execution_logs set execution_id = 'nobody-1', node_result_id = null
            disown an execution        | update workflow_executions set user_id = null where id = 'alice-2'
            result for another user    | insert into node_execution_results (execution_id, node_id, status) values ('bob-1', 'n', 'success')
            result for nobody          | insert into node_execution_results (execution_id, node_id, status) values ('nobody-1', 'n', 'success')
            move a result              | update node_execution_results set execution_id = 'bob-1' where id = 'alice-mail'
            log for another user       | insert into execution_logs (execution_id, level, message) values ('bob-1', 'info', 'm')
            move a log                 | update execution_logs set execution_id = 'bob-1' where id = 'alice-log-2'
            move a log with its result | update execution_logs set execution_id = 'bob-1', node_result_id = 'bob-fetch' where id = 'alice-log-1'
            """)
    void a_user_cannot_write_into_the_history_of_others(String what, String statement) {
        session.actAs(ALICE);
        assertThat(session.refused(statement))
                .as(what)
                .matches(e -> e.message().contains("row-level security"))
                .returns("42501", Refusal::state);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            workflow_executions    | error   | bob-1
            node_execution_results | error   | bob-fetch
            execution_logs         | message | bob-log-1
            workflow_executions    | error   | nobody-1
            node_execution_results | error   | nobody-sweep
            execution_logs         | message | nobody-log-1
            """)
    void a_user_cannot_change_or_delete_rows_of_others(String table, String column, String id) {
        String update = "update %s set %s = 'edited' where id = '%s'".formatted(table, column, id);
        String delete = "delete from %s where id = '%s'".formatted(table, id);
        session.actAs(ALICE);
        assertThat(session.changed(update)).isZero();
        assertThat(session.changed(delete)).isZero();

        session.actAsOwner();
        assertThat(session.changed(update)).isEqualTo(1);
        assertThat(session.changed(delete)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "truncate workflow_executions cascade",
                "truncate execution_logs",
                "create trigger t after insert on execution_logs for each row"
                        + " execute function workflow_executions_complete()",
                "alter table execution_logs disable row level security",
                "drop policy execution_logs_select on execution_logs",
                "drop table execution_logs"
            })
    void nobody_gets_around_the_policies(String statement) {
        for (String role : List.of("anon", "authenticated", "service_role")) {
            session.actAsRole(role);
            assertThat(session.refused(statement).state()).as(role).isEqualTo("42501");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"workflow_executions", "node_execution_results", "execution_logs"})
    void end_users_cannot_probe_for_rows_of_others_with_a_foreign_key(String table) {
        session.run("grant create on schema public to authenticated");
        session.actAs(ALICE);
        assertThat(session.refused("create table probe (id text references " + table + ")")
                        .message())
                .contains("permission denied for table " + table);
    }
}
