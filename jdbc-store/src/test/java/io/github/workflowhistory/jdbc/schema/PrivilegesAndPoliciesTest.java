package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalog of the installed schema: who holds which privilege, and how policies and functions are written. */
class PrivilegesAndPoliciesTest extends InstalledSchema {
    @Test
    void privileges_are_exactly_those_that_are_meant() {
        assertThat(Catalog.privileges(session)).containsExactlyElementsOf(Catalog.INTENDED_PRIVILEGES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"workflow_executions", "node_execution_results", "execution_logs", "workflow_recorders"})
    void row_level_security_is_on(String table) {
        assertThat(session.row("select relrowsecurity from pg_class where oid = ?::regclass", table))
                .isEqualTo("t");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            workflow_executions    | SELECT
            workflow_executions    | INSERT
            workflow_executions    | UPDATE
            workflow_executions    | DELETE
            node_execution_results | SELECT
            node_execution_results | INSERT
            node_execution_results | UPDATE
            node_execution_results | DELETE
            execution_logs         | SELECT
            execution_logs         | INSERT
            execution_logs         | UPDATE
            execution_logs         | DELETE
            """)
    void each_command_has_one_policy_for_signed_in_users_that_asks_for_the_user_once(String table, String command) {
        // PostgreSQL prints "(select auth.uid())" with an alias.
        assertThat(session.row("""
                        select roles, permissive, qual is null, with_check is null,
                               coalesce(qual, with_check) like '%( SELECT auth.uid() AS uid)%'
                        from pg_policies
                        where schemaname = 'public' and tablename = ? and cmd = ?
                        """, table, command))
                .isEqualTo("{authenticated} | PERMISSIVE | %s | %s | t"
                        .formatted(command.equals("INSERT") ? "t" : "f", command.matches("INSERT|UPDATE") ? "f" : "t"));
    }

    @Test
    void an_update_checks_the_new_row_at_least_as_strictly_as_the_old_one() {
        assertThat(session.rows("select tablename from pg_policies where cmd = 'UPDATE'"
                        + " and (with_check = qual or starts_with(with_check, '(' || qual || ' AND ('))"))
                .containsExactlyInAnyOrder("workflow_executions", "node_execution_results", "execution_logs");
    }

    @Test
    void no_policy_is_for_everybody() {
        assertThat(session.rows("select distinct roles from pg_policies where schemaname = 'public'"))
                .containsExactlyInAnyOrder("{authenticated}", "{service_role}");
    }

    @Test
    void a_policy_that_is_always_true_is_for_the_service_role_alone() {
        assertThat(session.rows(
                        "select distinct roles, cmd from pg_policies where qual = 'true' or with_check = 'true'"))
                .containsExactly("{service_role} | ALL");
    }

    @Test
    void the_user_is_looked_up_once_per_query_and_not_once_per_row() {
        session.actAs(Session.ALICE);
        for (String table : new String[] {"workflow_executions", "node_execution_results", "execution_logs"}) {
            assertThat(session.rows("explain (costs off) select from " + table))
                    .anyMatch(line -> line.contains("InitPlan"));
        }
    }

    @Test
    void functions_pin_their_search_path_and_run_as_their_caller() {
        assertThat(session.rows("""
                        select p.proname, p.proconfig, p.prosecdef
                        from pg_proc p
                        where p.pronamespace in ('public'::regnamespace, 'auth'::regnamespace)
                          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
                        """))
                .containsExactlyInAnyOrder(
                        "workflow_executions_complete | {\"search_path=pg_catalog, pg_temp\"} | f",
                        "uid | {\"search_path=pg_catalog, pg_temp\"} | f");
    }

    @Test
    void nobody_may_call_the_function_of_the_trigger() {
        assertThat(session.rows("""
                        select r.name
                        from unnest(array['anon', 'authenticated', 'service_role']) as r (name)
                        where has_function_privilege(r.name, 'workflow_executions_complete()', 'execute')
                        """)).isEmpty();
    }
}
