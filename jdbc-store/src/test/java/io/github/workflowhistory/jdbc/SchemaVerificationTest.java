package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.SchemaCatalog.Fact;
import io.github.workflowhistory.jdbc.SchemaFinding.Kind;
import io.github.workflowhistory.jdbc.SchemaFinding.Severity;
import io.github.workflowhistory.jdbc.WorkflowSchema.Consent;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Whatever is damaged is found, singly, and mended by what the finding says. */
@Isolated("it changes the roles anon and authenticated, which belong to the whole server")
class SchemaVerificationTest {
    private static final String SCHEMA = "We ird";

    private static TestDatabase database;
    private static WorkflowSchema schema;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("verify").inSchema(SCHEMA).install();
        PGSimpleDataSource dataSource = database.dataSource();
        dataSource.setCurrentSchema("\"We ird\""); // so that the damages below need not name it
        schema = WorkflowSchema.of(dataSource).inSchema(SCHEMA);
    }

    @AfterEach
    void repair() {
        database.execute("""
                drop view if exists "We ird".extra_view;
                drop materialized view if exists "We ird".extra_rows;
                drop table if exists "We ird".extra;
                alter table if exists "We ird".workflow_recorders owner to current_user;
                alter role anon noinherit nosuperuser nobypassrls;
                alter role authenticated noinherit nosuperuser nobypassrls""");
        schema.verify().stream()
                .filter(finding -> finding.kind() == Kind.END_USER_ROLE)
                .forEach(finding -> database.execute(finding.mend()));
        if (!schema.verify().isEmpty()) {
            database.execute("drop schema \"We ird\" cascade");
            database.install();
        }
    }

    @Test
    void a_clean_installation_has_no_finding() {
        assertThat(schema.verify()).isEmpty();
    }

    /** What the script makes and the list leaves out, or the other way round, is seen here. */
    @Test
    void the_list_of_what_is_expected_is_what_the_script_makes() {
        SchemaCatalog found = new SchemaCheck(
                        Transactions.over(database.dataSource()::getConnection, new SchemaName(SCHEMA)))
                .look()
                .catalog();
        SchemaCatalog expected = SchemaCatalog.expected("\"We ird\"", "\"We ird\".users");
        Set<String> kinds =
                Set.of("usage", "table", "column", "constraint", "index", "policy", "trigger", "grant", "function");

        List<Fact> made = found.facts().stream()
                .filter(fact -> kinds.contains(fact.kind()))
                .filter(fact -> !fact.kind().equals("function"))
                .toList();

        assertThat(made).containsExactlyInAnyOrderElementsOf(expected.facts());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            TABLE_MISSING | execution_logs | drop table execution_logs
            VERSION_MISSING | | comment on table workflow_recorders is null
            VERSION_OLDER | | comment on table workflow_recorders is 'Workflow History schema 1: leases'
            COLUMN_MISSING | workflow_executions.final_output | alter table workflow_executions drop column final_output
            COLUMN_MISSING | execution_logs.data | alter table execution_logs drop column data
            COLUMN_TYPE | execution_logs.message | alter table execution_logs alter message type char(9)
            COLUMN_TYPE | workflow_executions.final_output | alter table workflow_executions alter final_output type json
            COLUMN_TYPE | workflow_executions.final_output | alter table workflow_executions drop final_output, add final_output jsonb generated always as ('1'::jsonb) stored
            COLUMN_NULLABILITY | execution_logs.message | alter table execution_logs alter message drop not null
            COLUMN_NULLABILITY | workflow_executions.user_id | alter table workflow_executions alter user_id set not null
            COLUMN_DEFAULT | execution_logs.id | alter table execution_logs alter id drop default
            COLUMN_DEFAULT | workflow_executions.status | alter table workflow_executions alter status drop default
            HOST_COLUMN_REQUIRED | workflow_executions.tenant | alter table workflow_executions add tenant text not null
            KEY_MISSING | execution_logs.execution_logs_pkey | alter table execution_logs drop constraint execution_logs_pkey
            CHECK_MISSING | workflow_executions.workflow_executions_status_check | alter table workflow_executions drop constraint workflow_executions_status_check
            CHECK_MISSING | execution_logs.execution_logs_level_check | alter table execution_logs drop constraint execution_logs_level_check, add constraint execution_logs_level_check check (level <> '')
            FOREIGN_KEY_MISSING | execution_logs.execution_logs_node_result_fkey | alter table execution_logs drop constraint execution_logs_node_result_fkey
            FOREIGN_KEY_MISSING | execution_logs.execution_logs_execution_id_fkey | alter table execution_logs drop constraint execution_logs_execution_id_fkey, add constraint execution_logs_execution_id_fkey foreign key (execution_id) references workflow_executions (id)
            FOREIGN_KEY_MISSING | execution_logs.execution_logs_execution_id_fkey | alter table execution_logs drop constraint execution_logs_execution_id_fkey, add constraint execution_logs_execution_id_fkey foreign key (execution_id) references workflow_executions (id) on delete cascade not valid
            FOREIGN_KEY_MISSING | workflow_executions.workflow_executions_user_id_fkey | alter table workflow_executions drop constraint workflow_executions_user_id_fkey
            INDEX_MISSING | workflow_executions.workflow_executions_by_user | drop index workflow_executions_by_user
            INDEX_ALTERED | workflow_executions.workflow_executions_open | drop index workflow_executions_open; create index workflow_executions_open on workflow_executions (recorder_id)
            INDEX_ALTERED | execution_logs.execution_logs_by_time | update pg_index set indisvalid = false where indexrelid = 'execution_logs_by_time'::regclass
            TRIGGER_MISSING | workflow_executions.workflow_executions_complete | drop trigger workflow_executions_complete on workflow_executions
            TRIGGER_MISSING | workflow_executions.workflow_executions_complete | drop trigger workflow_executions_complete on workflow_executions; create trigger workflow_executions_complete before insert on workflow_executions for each row execute function workflow_executions_complete()
            TRIGGER_DISABLED | workflow_executions.workflow_executions_complete | alter table workflow_executions disable trigger workflow_executions_complete
            FUNCTION_ALTERED | workflow_executions_complete() | create or replace function workflow_executions_complete() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as 'begin return new; end'
            FUNCTION_ALTERED | workflow_executions_complete() | alter function workflow_executions_complete() security definer
            FUNCTION_ALTERED | workflow_executions_complete() | alter function workflow_executions_complete() reset search_path
            ROW_LEVEL_SECURITY_OFF | node_execution_results | alter table node_execution_results disable row level security
            POLICY_MISSING | execution_logs.execution_logs_select | drop policy execution_logs_select on execution_logs
            POLICY_ALTERED | workflow_executions.workflow_executions_select | alter policy workflow_executions_select on workflow_executions using (auth.uid() is not null)
            POLICY_ALTERED | workflow_executions.workflow_executions_service_role | alter policy workflow_executions_service_role on workflow_executions using (false)
            POLICY_UNSCOPED | workflow_executions.workflow_executions_delete | alter policy workflow_executions_delete on workflow_executions using (true)
            POLICY_UNSCOPED | execution_logs.execution_logs_service_role | alter policy execution_logs_service_role on execution_logs to public
            POLICY_UNSCOPED | execution_logs.everybody | create policy everybody on execution_logs for select using (true)
            POLICY_UNSCOPED | execution_logs.visitors | create policy visitors on execution_logs for insert to anon, service_role with check (level = 'info')
            POLICY_UNSCOPED | workflow_executions.Over there | create policy "Over there" on workflow_executions to authenticated using (status = 'success')
            POLICY_UNSCOPED | execution_logs.sham | create policy sham on execution_logs to authenticated using (length(id) > 0)
            POLICY_UNSCOPED | execution_logs.sham | create policy sham on execution_logs to authenticated using ((select true))
            POLICY_UNSCOPED | execution_logs.sham | create policy sham on execution_logs to authenticated using (exists (select from generate_series(1, 2)))
            POLICY_UNSCOPED | execution_logs.sham | create policy sham on execution_logs to authenticated using ((select extract(year from "timestamp") > 0))
            POLICY_UNSCOPED | execution_logs.sham | create policy sham on execution_logs to authenticated using ("timestamp" < current_date)
            POLICY_UNSCOPED | execution_logs.sham | create policy sham on execution_logs to authenticated using (message <> 'auth.uid() = (SELECT 1 FROM public.users)')
            GRANT_TOO_WIDE | execution_logs.anon | grant select on execution_logs to anon
            GRANT_TOO_WIDE | workflow_executions.public | grant update (status) on workflow_executions to public
            GRANT_TOO_WIDE | execution_logs.authenticated | grant truncate on execution_logs to authenticated
            GRANT_TOO_WIDE | execution_logs.authenticated | grant references on execution_logs to authenticated
            GRANT_TOO_WIDE | execution_logs.authenticated | grant trigger on execution_logs to authenticated
            GRANT_TOO_WIDE | execution_logs.authenticated | grant select on execution_logs to authenticated with grant option
            GRANT_TOO_WIDE | workflow_recorders.authenticated | grant select on workflow_recorders to authenticated
            GRANT_MISSING | execution_logs.authenticated | revoke insert on execution_logs from authenticated
            GRANT_MISSING | workflow_recorders.service_role | revoke delete on workflow_recorders from service_role
            GRANT_MISSING | | revoke usage on schema "We ird" from authenticated
            TABLE_OWNER | execution_logs | alter table execution_logs owner to pg_monitor
            TABLE_OWNER | workflow_recorders | alter table workflow_recorders owner to authenticated
            END_USER_ROLE | role authenticated | alter role authenticated bypassrls
            END_USER_ROLE | role anon | alter role anon superuser bypassrls
            END_USER_ROLE | role authenticated | alter role authenticated inherit; grant service_role to authenticated
            END_USER_ROLE | role anon | alter role anon inherit; grant pg_monitor to anon; alter table workflow_recorders owner to pg_monitor
            END_USER_ROLE | role anon | alter role anon inherit; grant pg_monitor to anon; create policy heads on execution_logs for select to pg_read_all_stats using (true)
            PARTITION_OPEN | extra | create table extra () inherits (execution_logs)
            PARTITION_OPEN | extra | create table extra () inherits (execution_logs); alter table extra enable row level security; grant delete on extra to anon
            PARTITION_OPEN | extra | create table extra () inherits (execution_logs); alter table extra enable row level security; grant select (id) on extra to public
            VIEW_OPEN | extra_view | create view extra_view as select * from workflow_executions; grant select on extra_view to public
            VIEW_OPEN | extra_view | create table extra () inherits (execution_logs); alter table extra enable row level security; create view extra_view as select * from extra; grant select on extra_view to authenticated
            VIEW_OPEN | extra_view | create materialized view extra_rows as select id from execution_logs; create view extra_view as select * from extra_rows; grant delete on extra_view to anon; grant usage on schema "We ird" to anon
            VIEW_OPEN | extra_rows | create materialized view extra_rows as select id from execution_logs; grant select (id) on extra_rows to authenticated
            """)
    void each_damage_is_found_alone_and_its_mend_mends_it(Kind kind, String object, String damage) {
        damage(damage);
        List<SchemaFinding> findings = schema.verify();

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).as(finding.toString()).isEqualTo(kind);
            assertThat(finding.object())
                    .isEqualTo(
                            object != null && object.startsWith("role ")
                                    ? object
                                    : "\"We ird\"" + (object == null ? "" : "." + object));
        });
        database.execute(findings.get(0).mend());

        assertThat(schema.verify()).isEmpty();
    }

    private static void damage(String sql) {
        PGSimpleDataSource dataSource = database.dataSource();
        dataSource.setCurrentSchema("\"We ird\"");
        TestDatabase.execute(dataSource, sql);
    }

    @Test
    void a_schema_that_is_not_there_is_made_by_the_mend() {
        TestDatabase empty = TestDatabase.create("verify_missing").installUsers();
        WorkflowSchema missing = WorkflowSchema.of(empty.dataSource()).inSchema("elsewhere");
        SchemaFinding finding = missing.verify().get(0);
        assertThat(missing.verify()).hasSize(1);
        assertThat(finding.kind()).isEqualTo(Kind.SCHEMA_MISSING);
        empty.execute("create schema elsewhere; create table elsewhere.users (id uuid primary key)");
        assertThat(missing.verify()).extracting(SchemaFinding::kind).containsOnly(Kind.TABLE_MISSING);

        empty.execute(finding.mend());

        assertThat(missing.verify()).isEmpty();
    }

    @Test
    void newer_tables_are_not_looked_at() {
        database.execute("comment on table \"We ird\".workflow_recorders is 'Workflow History schema 99: leases';"
                + "alter table \"We ird\".execution_logs alter message drop not null");
        assertThat(schema.verify()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.VERSION_NEWER);
            assertThat(finding.message()).contains("version 99");
        });
    }

    @Test
    void another_encoding_is_found() {
        TestDatabase latin = TestDatabase.create("verify_latin", "encoding 'LATIN1' locale 'C' template template0")
                .install();
        assertThat(WorkflowSchema.of(latin.dataSource()).verify())
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.ENCODING));
    }

    @Test
    void a_collation_is_advice() {
        damage("alter table node_execution_results alter node_id type text collate \"ucs_basic\"");
        SchemaFinding finding = schema.verify().get(0);
        assertThat(finding.kind()).isEqualTo(Kind.COLLATION);
        assertThat(finding.severity()).isEqualTo(Severity.ADVICE);
        database.execute(finding.mend());
        assertThat(schema.verify()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create policy team on execution_logs for select to authenticated using (auth.uid() is not null)",
                "create policy team on execution_logs to authenticated using (exists (select from users))",
                "create policy team on execution_logs to authenticated using (level = current_setting('app.level'))",
                "create policy team on execution_logs to authenticated using (pg_has_role('pg_monitor', 'member'))",
                "create policy team on execution_logs to authenticated using (current_user = 'postgres')",
                "create function mine(text) returns bool return true;"
                        + "create policy team on execution_logs to authenticated using (mine(execution_id))",
                "create policy auditors on execution_logs for select to service_role using (true)",
                "create view extra_view as select * from execution_logs",
                "create table extra () inherits (execution_logs); alter table extra enable row level security;"
                        + "grant select on extra to service_role",
                "create policy fence on execution_logs as restrictive to authenticated using (true)",
                "create index host_index on execution_logs (level)",
                "alter table execution_logs add tenant text not null default 'acme'",
                "grant select (id) on execution_logs to authenticated",
                "alter table execution_logs add constraint host_check check (message <> '')"
            })
    void what_the_host_adds_is_its_own_business(String addition) {
        damage(addition);
        assertThat(schema.verify()).isEmpty();
        database.execute("drop schema \"We ird\" cascade");
        database.install();
    }

    @Test
    void a_role_without_rights_may_verify_under_a_hostile_search_path() {
        TestDatabase hostile = TestDatabase.create("verify_hostile").install();
        hostile.execute(Resources.text("/io/github/workflowhistory/jdbc/schema/decoys.sql")
                + "do $$ begin if not exists (select from pg_roles where rolname = 'history_verifier') then"
                + " create role history_verifier login password 'secret'; end if; end $$");
        PGSimpleDataSource verifier = hostile.dataSource("history_verifier", "secret");
        verifier.setOptions("-c search_path=evil,pg_catalog,public");

        assertThat(WorkflowSchema.of(verifier).verify()).isEmpty();
    }

    @Test
    void recreating_needs_consent_and_leaves_nothing() {
        database.store().record(Records.execution("gone", 1));
        schema.recreate(Consent.DROP_ALL_HISTORY);
        assertThat(database.store().findExecution("gone")).isEmpty();
        assertThat(schema.verify()).isEmpty();
    }
}
