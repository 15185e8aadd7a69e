package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What the role of {@code recorder-role.sql} can do, and what it cannot. */
class RecorderRoleTest {
    private static RecorderRole role;
    private static UUID ada;

    @BeforeAll
    static void install() {
        TestDatabase database = TestDatabase.create("recorder_rights").install();
        // As PostgreSQL 15 and later have it.
        database.execute("revoke create on schema public from public");
        database.execute("create table others (secret text); create table auth.users (id uuid, email text)");
        role = new RecorderRole(database);
        ada = database.newUser();
    }

    @AfterAll
    static void close() {
        role.close();
    }

    @BeforeEach
    void refill() {
        role.database.clear();
        role.database.store().record(TwoUsers.execution("e", ada));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "truncate execution_logs",
                "truncate workflow_executions cascade",
                "alter table execution_logs add column mine text",
                "alter table execution_logs disable row level security",
                "drop table execution_logs",
                "create table public.mine (id int)",
                "create index mine on execution_logs (level)",
                "create function public.mine() returns int language sql as 'select 1'",
                "create trigger mine before insert on execution_logs for each row"
                        + " execute function workflow_executions_complete()",
                "create schema mine",
                "create role mine",
                "create policy mine on execution_logs using (true)",
                "alter policy execution_logs_select on execution_logs using (true)",
                "drop policy execution_logs_select on execution_logs",
                "select * from auth.users",
                "select * from users",
                "insert into users (id) values (gen_random_uuid())",
                "delete from users",
                "select * from others",
                "set role authenticated",
                "set role service_role",
                "set session authorization postgres",
                "update workflow_executions set user_id = null",
                "update workflow_executions set id = 'other'",
                "update workflow_executions set workflow_id = 'other'",
                "update workflow_executions set created_at = now()",
                "update node_execution_results set status = 'success'",
                "delete from node_execution_results",
                "update execution_logs set message = 'other'",
                "delete from execution_logs",
                "update workflow_recorders set id = 'other'",
                "select pg_read_file('postgresql.conf')",
                "copy execution_logs to program 'true'",
                "grant select on execution_logs to public; select 1 / (has_table_privilege('anon',"
                        + " 'execution_logs', 'select')::int)"
            })
    void it_cannot(String sql) {
        String before = catalogAndRows();

        assertThatThrownBy(() -> TestDatabase.execute(role.dataSource(), sql))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("(?s)ERROR: (permission denied|must be (owner|superuser)|division by zero).*");
        assertThat(catalogAndRows()).isEqualTo(before);
    }

    private static String catalogAndRows() {
        return role.database.value("""
                select concat(
                  (select string_agg(p::text, ';' order by p.oid) from pg_policy as p),
                  (select string_agg(concat(relname, relacl, relrowsecurity), ';' order by oid) from pg_class
                   where relnamespace = 'public'::regnamespace),
                  (select string_agg(e::text, ';') from workflow_executions as e),
                  (select string_agg(r::text, ';') from node_execution_results as r),
                  (select string_agg(l::text, ';') from execution_logs as l))""");
    }

    @Test
    void it_records_reads_maintains_and_deletes_for_all_users_and_none() {
        JdbcExecutionStore store = JdbcExecutionStore.create(role.dataSource());
        store.record(Records.execution("nobody's", 3));
        store.record(Records.log("early", "e", "e-run"));
        store.record(Records.result("e-run", "e"));
        store.record(Records.rest("nobody's", 4));
        store.leases().orElseThrow().renew("recorder");
        assertThat(store.leases().orElseThrow().takeOver("e", "recorder")).isTrue();
        assertThat(store.leases().orElseThrow().release("e", "recorder")).isTrue();

        assertThat(store.findDetails("e")).isEqualTo(role.database.store().findDetails("e"));
        assertThat(store.listExecutions(ExecutionQuery.all())).hasSize(2);
        assertThat(store.deleteExecution("e")).isTrue();
        assertThat(role.database.value("select count(*) from execution_logs where execution_id = 'e'"))
                .isEqualTo("0");
        assertThat(store.leases().orElseThrow().endAbandoned(Duration.ofDays(10_000)))
                .isEmpty();
    }

    @Test
    void it_acts_as_an_end_user_only_when_that_was_granted() {
        ExecutionStore acting = JdbcExecutionStore.create(role.dataSource()).actingAs(ada);
        assertThat(catchThrowable(() -> acting.listExecutions(ExecutionQuery.all())))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("grant authenticated to " + role.quoted());

        role.database.execute("grant authenticated to " + role.quoted());
        try {
            role.database.store().record(TwoUsers.execution("nobody's", null));
            assertThat(acting.findExecution("e")).isPresent();
            assertThat(acting.findExecution("nobody's")).isEmpty();
            // Not by inheritance: what end users may do elsewhere is nothing that recording needs.
            assertThat(JdbcExecutionStore.create(role.dataSource()).findExecution("nobody's"))
                    .isPresent();
            assertThatThrownBy(() -> TestDatabase.execute(role.dataSource(), "delete from execution_logs"))
                    .hasMessageContaining("permission denied");
            // The role is still one that the script takes for a recorder's.
            role.run();
        } finally {
            role.database.execute("revoke authenticated from " + role.quoted());
        }
    }

    @Test
    void running_the_script_again_changes_nothing_and_takes_back_what_was_granted_besides() {
        String before = catalogAndRows();
        role.run();
        assertThat(catalogAndRows()).isEqualTo(before);

        role.database.execute("grant all on execution_logs to " + role.quoted());
        role.run();
        assertThatThrownBy(() -> TestDatabase.execute(role.dataSource(), "truncate execution_logs"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void two_roles_share_the_policies_and_each_goes_without_the_other() {
        try (RecorderRole second = new RecorderRole(role.database)) {
            assertThat(JdbcExecutionStore.create(second.dataSource()).findExecution("e"))
                    .isPresent();
            assertThat(JdbcExecutionStore.create(role.dataSource()).findExecution("e"))
                    .isPresent();
        }
        assertThat(JdbcExecutionStore.create(role.dataSource()).findExecution("e"))
                .isPresent();
        assertThat(role.database.query(
                        "select policyname from pg_policies where policyname like '%recorder' order by 1"))
                .isEqualTo(List.of(
                        "execution_logs_recorder",
                        "node_execution_results_recorder",
                        "workflow_executions_recorder",
                        "workflow_recorders_recorder"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"superuser", "bypassrls", "createrole", "createdb", "replication", "inherit", "nologin"})
    void a_role_that_is_more_or_less_than_a_recorder_is_refused(String attribute) {
        String other = "wh_other_" + UUID.randomUUID().toString().replace("-", "");
        role.database.execute("create role %s login noinherit %s"
                .formatted(other, attribute)
                .replace("login noinherit inherit", "login")
                .replace("login noinherit nologin", "noinherit nologin"));
        try {
            String script = WorkflowSchema.recorderRoleScript("public", other);
            assertThatThrownBy(() -> role.database.execute(script))
                    .hasMessageContaining("is not what a recorder should be")
                    .hasMessageContaining("alter role " + other);
        } finally {
            role.database.execute("drop role " + other);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service_role",
                "pg_read_all_data",
                "pg_write_all_data",
                "pg_read_server_files",
                "pg_write_server_files",
                "pg_execute_server_program",
                "wh_maker"
            })
    void a_member_of_a_role_that_may_do_everything_is_refused(String powerful) {
        String maker = "wh_maker_" + UUID.randomUUID().toString().replace("-", "");
        String granted = powerful.equals("wh_maker") ? maker : powerful;
        role.database.execute("create role %s createrole".formatted(maker));
        assertRefused("in role " + granted, "", "may become " + granted);
        role.database.execute("drop role " + maker);
    }

    /** Which PostgreSQL 14 and 15 cannot be told for one membership alone. */
    @ParameterizedTest
    @ValueSource(strings = {"pg_write_all_data", "authenticated", "pg_monitor"})
    void a_membership_that_inherits_is_refused(String granted) {
        assumeTrue(PostgresServer.shared().majorVersion() >= 16, "a membership inherits by itself since PostgreSQL 16");

        assertRefused("", "grant " + granted + " to %s with inherit true, set false", "inherits the rights of");
    }

    private static void assertRefused(String options, String grant, String saying) {
        String other = "wh_other_" + UUID.randomUUID().toString().replace("-", "");
        role.database.execute("create role %s login noinherit %s".formatted(other, options));
        try {
            role.database.execute(grant.formatted(other));
            String script = WorkflowSchema.recorderRoleScript("public", other);
            assertThatThrownBy(() -> role.database.execute(script))
                    .hasMessageContaining("the role " + other)
                    .hasMessageContaining(saying)
                    .hasMessageContaining("revoke the membership from " + other);
        } finally {
            role.database.execute("drop role " + other);
        }
    }

    /** As on Supabase, where whoever has a project is no superuser. */
    @Test
    void an_owner_of_the_tables_who_may_create_roles_can_run_it() {
        TestDatabase database = TestDatabase.create("recorder_owner").installUsers();
        String owner = "wh_owner_" + UUID.randomUUID().toString().replace("-", "");
        String recorder = owner + "_recorder";
        database.execute("""
                create role %1$s login createrole password 'secret';
                grant create on schema public to %1$s;
                grant references on users to %1$s;
                grant usage on schema auth to %1$s""".formatted(owner));
        PGSimpleDataSource asOwner = database.dataSource(owner, "secret");
        try {
            TestDatabase.execute(asOwner, WorkflowSchema.script());
            TestDatabase.execute(asOwner, WorkflowSchema.recorderRoleScript("public", recorder));
            TestDatabase.execute(asOwner, WorkflowSchema.recorderRoleScript("public", recorder));
            TestDatabase.execute(asOwner, "alter role " + recorder + " password 'secret'");

            JdbcExecutionStore store = JdbcExecutionStore.create(database.dataSource(recorder, "secret"));
            store.record(Records.execution("e", 2));
            assertThat(store.findExecution("e")).isPresent();
        } finally {
            database.execute("drop owned by %2$s; drop role %2$s; drop owned by %1$s; drop role %1$s"
                    .formatted(owner, recorder));
        }
    }

    @Test
    void without_the_tables_it_says_what_to_run_first() {
        TestDatabase empty = TestDatabase.create("recorder_empty");

        assertThatThrownBy(() -> empty.execute(role.script()))
                .hasMessageContaining("public.workflow_executions")
                .hasMessageContaining("Run workflow-execution-schema.sql first");
    }
}
