package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole script in the SQL editor of a Supabase project, whose role is no superuser. */
class SupabaseInstallTest {
    private static final String AUTH_SCHEMA = """
            select 'relation', relname, relacl::text from pg_class where relnamespace = 'auth'::regnamespace
            union all
            select 'function', proname, proacl::text from pg_proc where pronamespace = 'auth'::regnamespace
            union all
            select 'schema', nspname, nspacl::text from pg_namespace where nspname = 'auth'
            order by 1, 2
            """;

    private static SchemaDatabase database;

    private Session session;

    /** What a project grants on new tables: older ones everything, newer ones nothing. */
    enum DefaultPrivileges {
        GENEROUS,
        NONE;

        String sql() {
            return this == NONE ? "" : """
                    alter default privileges for role supabase_postgres in schema public
                      grant all on tables to anon, authenticated, service_role;
                    alter default privileges for role supabase_postgres in schema public
                      grant all on functions to anon, authenticated, service_role;
                    """;
        }
    }

    @BeforeAll
    static void create_database() {
        SchemaDatabase.withAuth().close(); // the roles of the server
        database = SchemaDatabase.empty();
    }

    @AfterAll
    static void drop_database() {
        database.close();
    }

    @BeforeEach
    void make_a_project() {
        session = database.session();
        session.run(Scripts.resource("supabase-project.sql"));
        session.run("alter database " + session.row("select current_database()") + " owner to supabase_postgres");
    }

    @AfterEach
    void take_it_back() {
        session.close();
    }

    @ParameterizedTest
    @EnumSource
    void the_whole_script_installs_without_a_superuser(DefaultPrivileges defaults) {
        session.run(defaults.sql());
        session.logInAs("supabase_postgres");
        assertThat(session.row("select rolsuper from pg_roles where rolname = current_user"))
                .isEqualTo("f");

        assertThat(session.run(Scripts.WHOLE)).allMatch(notice -> notice.endsWith("does not exist, skipping"));
        assertThat(session.run(Scripts.WHOLE)).isEmpty();
        assertThat(session.run(Scripts.PART_2)).isEmpty();
        assertThat(session.rows("select distinct relowner::regrole from pg_class where relname in"
                        + " ('workflow_executions', 'node_execution_results', 'execution_logs', 'workflow_recorders')"))
                .containsExactly("supabase_postgres");
    }

    @ParameterizedTest
    @EnumSource
    void privileges_do_not_depend_on_the_projects_defaults(DefaultPrivileges defaults) {
        session.run(defaults.sql());
        session.logInAs("supabase_postgres");
        session.run("create table other (id int)");
        assertThat(session.row("select has_table_privilege('anon', 'other', 'truncate')"))
                .isEqualTo(defaults == DefaultPrivileges.GENEROUS ? "t" : "f");

        session.run(Scripts.WHOLE);

        assertThat(Catalog.privileges(session)).containsExactlyElementsOf(Catalog.INTENDED_PRIVILEGES);
        assertThat(session.rows("""
                        select r.name
                        from unnest(array['public', 'anon', 'authenticated', 'service_role']) as r (name)
                        where has_function_privilege(r.name, 'workflow_executions_complete()', 'execute')
                        """)).isEmpty();
    }

    @Test
    void users_are_those_of_the_project_and_kept_apart() {
        session.logInAs("supabase_postgres");
        session.run(Scripts.WHOLE);
        assertThat(session.row("select confrelid::regclass from pg_constraint"
                        + " where conname = 'workflow_executions_user_id_fkey'"))
                .isEqualTo("auth.users");
        session.run(Scripts.resource("history-of-two-users.sql").replace("into users", "into auth.users"));
        assertThat(session.rows("select id from workflow_executions")).contains("alice-1", "bob-1", "nobody-1");

        session.actAs(Session.BOB);
        assertThat(session.rows("select id from workflow_executions")).containsExactly("bob-1");
        assertThat(session.rows("select id from execution_logs")).containsExactly("bob-log-1");
        session.actAsRole("service_role");
        assertThat(session.rows("select id from workflow_executions")).contains("alice-1", "bob-1", "nobody-1");
        session.actAsRole("anon");
        assertThat(session.refused("select from workflow_executions").state()).isEqualTo("42501");
    }

    @Test
    void a_table_of_users_in_the_schema_comes_before_that_of_supabase() {
        session.logInAs("supabase_postgres");
        session.run("create table public.users (id uuid primary key references auth.users)");
        session.run(Scripts.WHOLE);
        assertThat(session.row("select confrelid::regclass from pg_constraint"
                        + " where conname = 'workflow_executions_user_id_fkey'"))
                .isEqualTo("users");
    }

    @Test
    void nothing_is_made_or_changed_in_schema_auth() {
        List<String> before = session.rows(AUTH_SCHEMA);
        session.logInAs("supabase_postgres");
        assertThat(session.refused("create table auth.mine (id int)").state()).isEqualTo("42501");

        session.run(Scripts.AUTH);
        session.run(Scripts.WHOLE);

        session.run("reset session authorization");
        assertThat(session.rows(AUTH_SCHEMA)).isEqualTo(before);
        assertThat(session.row("select to_regclass('public.users') is null")).isEqualTo("t");
        assertThat(session.row("select extnamespace::regnamespace from pg_extension where extname = 'pgcrypto'"))
                .isEqualTo("extensions");
    }
}
