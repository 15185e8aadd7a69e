package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both scripts on a PostgreSQL that is not Supabase and has none of the roles. Roles belong to the whole server, so the
 * ones that are there step aside under another name; the transaction that is rolled back keeps that to itself.
 */
class PlainInstallTest {
    private static final List<String> ROLES = List.of("anon", "authenticated", "service_role");

    private static SchemaDatabase database;

    private Session session;

    @BeforeAll
    static void create_database() {
        SchemaDatabase.withAuth().close(); // so that every test finds the roles of the server
        database = SchemaDatabase.empty();
    }

    @AfterAll
    static void drop_database() {
        database.close();
    }

    @BeforeEach
    void put_the_roles_aside() {
        session = database.session();
        for (String role : ROLES) {
            session.run("alter role %s rename to aside_%1$s".formatted(role));
        }
        session.run("create role installer login createrole");
    }

    @AfterEach
    void take_it_back() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void both_scripts_install_and_keep_users_apart(boolean superuser) {
        if (!superuser) {
            session.run("alter database " + session.row("select current_database()") + " owner to installer");
            session.run("alter schema public owner to installer");
            session.logInAs("installer");
        }

        assertThat(session.run(Scripts.AUTH)).isEmpty();
        session.run(Scripts.WHOLE);
        session.run(Scripts.resource("history-of-two-users.sql"));
        assertThat(session.rows("select id from workflow_executions")).contains("alice-1", "bob-1", "nobody-1");
        assertThat(Catalog.privileges(session)).containsExactlyElementsOf(Catalog.INTENDED_PRIVILEGES);

        session.actAs(Session.ALICE);
        assertThat(session.rows("select id from execution_logs"))
                .containsExactlyInAnyOrder("alice-log-1", "alice-log-2");
        assertThat(session.refused("select from users").state()).isEqualTo("42501");
        session.actAsRole("anon");
        assertThat(session.refused("select from workflow_executions").state()).isEqualTo("42501");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_service_role_sees_everything_with_and_without_the_attribute(boolean superuser) {
        if (!superuser) {
            session.run("alter database " + session.row("select current_database()") + " owner to installer");
            session.run("alter schema public owner to installer");
            session.logInAs("installer");
        }
        session.run(Scripts.AUTH);
        session.run(Scripts.WHOLE);
        session.run(Scripts.resource("history-of-two-users.sql"));
        assertThat(session.row("select rolbypassrls from pg_roles where rolname = 'service_role'"))
                .isEqualTo(superuser ? "t" : "f");

        session.actAsRole("service_role");
        assertThat(session.rows("select id from workflow_executions")).contains("alice-1", "bob-1", "nobody-1");
        assertThat(session.changed("update execution_logs set message = 'x' where id = 'nobody-log-1'"))
                .isEqualTo(1);
        session.run("insert into workflow_recorders (id) values ('r'); delete from workflow_executions;"
                + "delete from users");
    }

    @Test
    void the_roles_are_for_nobody_to_log_in_with() {
        session.run(Scripts.AUTH);
        assertThat(session.rows("""
                        select rolname, rolcanlogin, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls
                        from pg_roles where rolname in ('anon', 'authenticated', 'service_role') order by 1
                        """))
                .containsExactly(
                        "anon | f | f | f | f | f | f",
                        "authenticated | f | f | f | f | f | f",
                        "service_role | f | f | f | f | f | t");
    }

    @Test
    void the_script_for_plain_postgres_changes_nothing_that_exists() {
        session.run("""
                create role authenticated login;
                create schema auth;
                create function auth.uid() returns uuid language sql as 'select null::uuid';
                create table users (id uuid primary key, name text);
                insert into users values ('00000000-0000-4000-8000-00000000000a', 'Alice');
                """);
        session.run(Scripts.AUTH);
        assertThat(session.run(Scripts.AUTH)).isEmpty();

        assertThat(session.row("select rolcanlogin from pg_roles where rolname = 'authenticated'"))
                .isEqualTo("t");
        assertThat(session.row("select auth.uid() is null, prosrc from pg_proc where oid = 'auth.uid()'::regprocedure"))
                .isEqualTo("t | select null::uuid");
        assertThat(session.rows("select * from users")).containsExactly(Session.ALICE + " | Alice");
        assertThat(session.run(Scripts.PART_2)).isEmpty();
    }

    @Test
    void generous_default_privileges_do_not_open_the_users() {
        session.run("create role anon; create role authenticated;"
                + "alter default privileges in schema public grant all on tables to public, anon, authenticated");
        session.run(Scripts.AUTH);
        session.actAsRole("authenticated");
        assertThat(session.refused("select from users").state()).isEqualTo("42501");
    }

    @Test
    void without_the_right_to_make_extensions_it_says_so_and_goes_on() {
        session.run(Scripts.AUTH);
        session.run("grant create on schema public to installer; grant references on users to installer;"
                + "grant usage on schema auth to installer");
        session.logInAs("installer");

        assertThat(session.run(Scripts.PART_2))
                .singleElement()
                .asString()
                .contains("pgcrypto was not created", "permission denied", "does not need it");
        assertThat(session.row("select count(*) from workflow_executions")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\": \"00000000-0000-4000-8000-00000000000a\"}",
                "{\"role\": \"authenticated\", \"sub\": \"00000000-0000-4000-8000-00000000000A\", \"aud\": [1]}"
            })
    void the_user_is_the_subject_of_the_claims(String claims) {
        session.run(Scripts.AUTH);
        session.row("select set_config('request.jwt.claims', ?, true)", claims);
        assertThat(session.row("select auth.uid()")).isEqualTo(Session.ALICE);
        session.row("select set_config('request.jwt.claim.sub', ?, true)", Session.BOB);
        assertThat(session.row("select auth.uid()")).isEqualTo(Session.BOB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"sub\": null}"})
    void without_a_subject_there_is_no_user(String claims) {
        session.run(Scripts.AUTH);
        assertThat(session.row("select auth.uid()")).isEqualTo("null");
        session.row("select set_config('request.jwt.claims', ?, true)", claims);
        assertThat(session.row("select auth.uid()")).isEqualTo("null");
    }
}
