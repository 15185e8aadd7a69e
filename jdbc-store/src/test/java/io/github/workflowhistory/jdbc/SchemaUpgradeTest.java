package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.SchemaCatalog.Fact;
import io.github.workflowhistory.jdbc.SchemaFinding.Severity;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every version of the script that was ever shipped can be upgraded; a frozen copy of each is kept. */
class SchemaUpgradeTest {
    static List<Integer> versions() {
        return IntStream.rangeClosed(1, WorkflowSchema.VERSION).boxed().toList();
    }

    private static String shipped(int version) {
        return Resources.text("/io/github/workflowhistory/jdbc/schema/shipped/version-" + version + ".sql");
    }

    @Test
    void the_script_changes_with_its_version_only() {
        assertThat(WorkflowSchema.recreateScript("public"))
                .as(
                        "A changed script needs a new WorkflowSchema.VERSION, an upgrade from the older ones, and a copy in"
                                + " shipped/version-N.sql. Only a version that was never released may be changed, with its copy")
                .isEqualTo(shipped(WorkflowSchema.VERSION));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_shipped_version_becomes_the_current_one_and_keeps_its_rows(int version) {
        TestDatabase database = TestDatabase.create("upgrade").installUsers();
        database.execute(shipped(version));
        database.execute(Resources.text("/io/github/workflowhistory/jdbc/schema/history-of-two-users.sql"));
        List<String> rows = rows(database);
        WorkflowSchema schema = WorkflowSchema.of(database.dataSource());
        assertThat(schema.installedVersion()).hasValue(version);

        assertThat(schema.install()).isEmpty();

        assertThat(schema.installedVersion()).hasValue(WorkflowSchema.VERSION);
        assertThat(schema.verify()).isEmpty();
        assertThat(rows(database)).isEqualTo(rows).isNotEmpty();
        List<Fact> upgraded = facts(database);
        database.installTables();
        assertThat(upgraded).isEqualTo(facts(database));
    }

    @Test
    void an_upgrade_replaces_only_what_is_still_ours_and_grants_nothing_again() {
        TestDatabase database = TestDatabase.create("upgrade_host").installUsers();
        database.execute(shipped(1));
        database.execute("""
                alter policy execution_logs_select on execution_logs using (auth.uid() is not null);
                alter policy workflow_executions_insert on workflow_executions with check (auth.uid() is not null);
                create policy team on execution_logs for select to authenticated using (auth.uid() is null);
                revoke delete on execution_logs from authenticated""");

        WorkflowSchema.of(database.dataSource()).install();

        assertThat(database.query("select with_check from pg_policies where policyname = 'workflow_executions_insert'"))
                .containsExactly("(auth.uid() IS NOT NULL)");
        assertThat(database.query("select qual from pg_policies where policyname = 'execution_logs_select'"))
                .containsExactly("(auth.uid() IS NOT NULL)");
        assertThat(database.query("select 1 from pg_policies where policyname = 'team'"))
                .hasSize(1);
        assertThat(database.value("select has_table_privilege('authenticated', 'execution_logs', 'delete')"))
                .isEqualTo("f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application-tables.sql", "loose-application-tables.sql"})
    void adopted_tables_have_nothing_that_is_broken(String tables) {
        TestDatabase database = TestDatabase.create("adopted").installUsers();
        database.execute(Resources.text("/io/github/workflowhistory/jdbc/schema/" + tables));
        WorkflowSchema schema = WorkflowSchema.of(database.dataSource());
        schema.install();
        assertThat(schema.verify())
                .filteredOn(f -> f.severity() == Severity.ERROR)
                .isEmpty();
    }

    private static List<String> rows(TestDatabase database) {
        return database.query("""
                select cast(t as text) from workflow_executions as t
                union all select cast(t as text) from node_execution_results as t
                union all select cast(t as text) from execution_logs as t
                order by 1""");
    }

    private static List<Fact> facts(TestDatabase database) {
        return new SchemaCheck(Transactions.over(database.dataSource()::getConnection, SchemaName.PUBLIC))
                .look().catalog().facts().stream()
                        .sorted((a, b) -> a.toString().compareTo(b.toString()))
                        .toList();
    }
}
