package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.WorkflowSchema;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where something is missing or in the way: one error that says what and how to mend it, and nothing changed. */
class PrerequisitesTest {
    private final SchemaDatabase database = SchemaDatabase.withAuth();
    private final Session session = database.session();

    @BeforeEach
    void a_role_without_rights() {
        session.run("create role stranger login; grant create on schema public to stranger");
    }

    @AfterEach
    void drop_database() {
        session.close();
        database.close();
    }

    @Test
    void a_server_that_has_nothing_gets_one_error_that_names_the_script() {
        try (SchemaDatabase bare = SchemaDatabase.empty();
                Session plain = bare.autoCommit()) {
            Refusal refusal = plain.refused(Scripts.WHOLE);
            assertThat(refusal.message())
                    .startsWith("the Workflow History schema needs what this database does not have: ")
                    .contains("a table public.users or auth.users", "the function auth.uid()");
            assertThat(refusal.hint()).contains("run plain-postgres-auth.sql first");
            assertThat(plain.rows("select relname from pg_class where relnamespace = 'public'::regnamespace"))
                    .isEmpty();
            assertThat(plain.rows("select extname from pg_extension")).containsExactly("plpgsql");

            plain.run(Scripts.AUTH + Scripts.WHOLE);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            drop table users                                     | a table public.users or auth.users
            drop function auth.uid()                             | the function auth.uid()
            drop schema auth cascade                             | the function auth.uid()
            alter role anon rename to aside                      | the role anon
            alter role authenticated rename to aside             | the role authenticated
            drop table users; create view users as select 1      | a table public.users or auth.users
            """)
    void what_is_missing_is_named(String damage, String missing) {
        session.run(damage);
        Refusal refusal = session.refused(Scripts.PART_2);
        assertThat(refusal.message()).contains(missing);
        assertThat(refusal.hint()).contains("plain-postgres-auth.sql", "Part 2 changed nothing");
    }

    @Test
    void users_in_schema_auth_serve_where_only_they_exist() {
        session.run("drop table users; create table auth.users (id uuid primary key)");
        session.run(Scripts.PART_2);
        assertThat(session.row("select confrelid::regclass from pg_constraint"
                        + " where conname = 'workflow_executions_user_id_fkey'"))
                .isEqualTo("auth.users");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id text primary key", "id bigint primary key", "user_id uuid primary key"})
    void users_without_an_id_of_type_uuid_are_refused(String columns) {
        session.run("drop table users; create table users (" + columns + ")");
        assertThat(session.refused(Scripts.PART_2))
                .returns("42804", Refusal::state)
                .matches(e -> e.message().contains("public.users: it has no column id of type uuid"));
        assertThat(session.row("select to_regclass('workflow_executions') is null"))
                .isEqualTo("t");
    }

    @Test
    void a_newer_version_is_left_alone() {
        session.run(Scripts.PART_2);
        session.run("comment on table workflow_recorders is 'Workflow History schema 12: whatever';"
                + "drop index workflow_executions_by_user");
        assertThat(session.refused(Scripts.PART_2))
                .returns("55000", Refusal::state)
                .matches(e -> e.message().contains("holds version 12")
                        && e.message().contains("newer than version " + WorkflowSchema.VERSION));
        assertThat(session.row("select to_regclass('workflow_executions_by_user') is null"))
                .isEqualTo("t");
    }

    @Test
    void a_comment_of_somebody_else_is_no_version() {
        session.run(Scripts.PART_2);
        session.run("comment on table workflow_recorders is 'ours, schema 99'");
        assertThat(session.run(Scripts.PART_2)).isEmpty();
    }

    @Test
    void tables_of_another_owner_are_refused() {
        session.run(Scripts.PART_2);
        session.run("alter table execution_logs owner to authenticated");
        session.logInAs("stranger");
        Refusal refusal = session.refused(Scripts.PART_2);
        assertThat(refusal)
                .returns("42501", Refusal::state)
                .matches(e -> e.message().contains("the role stranger may not change")
                        && e.message().contains("public.execution_logs belongs to authenticated"));
        assertThat(refusal.hint()).contains("owner");
    }

    @Test
    void who_may_not_refer_to_the_users_is_told_which_grant_is_missing() {
        session.logInAs("stranger");
        Refusal refusal = session.refused(Scripts.PART_2);
        assertThat(refusal.message()).contains("the role stranger lacks REFERENCES on public.users");
        assertThat(refusal.hint())
                .contains("grant references on public.users to stranger", "grant usage on schema auth to stranger");

        session.run("reset session authorization");
        session.run("grant references on public.users to stranger; grant usage on schema auth to stranger");
        session.logInAs("stranger");
        session.run(Scripts.PART_2);
    }

    @Test
    void users_that_row_level_security_hides_from_the_installer_can_still_be_referred_to() {
        session.run("""
                insert into users (id) values ('%s');
                alter table users enable row level security;
                grant references, select on users to stranger;
                grant usage on schema auth to stranger;
                create table workflow_executions (id text primary key, workflow_id text, user_id uuid, status text,
                  started_at timestamptz, completed_at timestamptz, duration_ms integer, final_output jsonb, error text);
                insert into workflow_executions values ('e', 'w', '%1$s', 'queued');
                alter table workflow_executions owner to stranger;
                """.formatted(Session.ALICE));
        session.logInAs("stranger");
        session.run(Scripts.PART_2);
        assertThat(session.rows("select id, user_id from workflow_executions"))
                .isEqualTo(List.of("e | " + Session.ALICE));
    }
}
