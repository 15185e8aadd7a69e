package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.jdbc.SchemaFinding.Kind;
import io.github.workflowhistory.jdbc.SchemaFinding.Severity;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What verification says of the role that asks for it: whether a store of that role would see anything. */
class VerifyingRoleTest {
    private static TestDatabase database;

    private String role;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("verifying").install();
        database.execute("create policy of_monitors on workflow_executions for select to pg_monitor using (false)");
    }

    @BeforeEach
    void createRole() {
        role = "wh_verifier_" + UUID.randomUUID().toString().replace("-", "");
        database.execute("create role %s login password 'secret'".formatted(role));
    }

    @AfterEach
    void dropRole() {
        database.execute("reassign owned by %1$s to current_user; drop owned by %1$s; drop role %1$s".formatted(role));
    }

    private PGSimpleDataSource asRole() {
        return database.dataSource(role, "secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grant select, insert, update, delete on workflow_executions, node_execution_results, execution_logs,"
                        + " workflow_recorders to %s",
                "grant select (id) on workflow_executions to %s",
                "alter role %1$s createrole createdb; grant pg_read_all_data to %1$s",
                "grant authenticated to %s"
            })
    void a_role_that_may_read_and_sees_nothing_is_told_before_its_store_is_refused(String rights) {
        database.execute(rights.formatted(role));

        assertThat(WorkflowSchema.of(asRole()).verify())
                .singleElement()
                .returns(Kind.ROLE_SHUT_OUT, SchemaFinding::kind)
                .returns(Severity.ADVICE, SchemaFinding::severity)
                .returns("role " + role, SchemaFinding::object)
                .returns(
                        "-- For a store, make a login that may only record, by recorder-role.sql; or: grant"
                                + " service_role to " + role + ";",
                        SchemaFinding::mend);
        assertThatThrownBy(() -> database.store(asRole()).findExecution("e"))
                .hasMessageContaining("grant service_role to " + role + ";");

        database.execute("grant service_role to " + role);
        assertThat(WorkflowSchema.of(asRole()).verify()).isEmpty();
        assertThat(database.store(asRole()).findExecution("e")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grant service_role to %s",
                "alter role %1$s bypassrls; grant pg_read_all_data to %1$s",
                "alter role %s superuser",
                "alter table workflow_executions owner to %1$s; alter table node_execution_results owner to %1$s;"
                        + " alter table execution_logs owner to %1$s; alter table workflow_recorders owner to %1$s"
            })
    void a_role_that_sees_the_rows_is_told_nothing(String rights) {
        database.execute(rights.formatted(role));

        assertThat(WorkflowSchema.of(asRole()).verify()).isEmpty();
        assertThatCode(() -> database.store(asRole()).findExecution("e")).doesNotThrowAnyException();
    }

    /** Whoever works with no rows cannot be misled by rows that are not there. What the host allows it knows itself. */
    @ParameterizedTest
    @ValueSource(strings = {"alter role %s createrole createdb", "grant pg_monitor, pg_read_all_data to %s"})
    void a_role_that_may_not_read_or_has_a_policy_of_the_hosts_is_told_nothing(String rights) {
        database.execute(rights.formatted(role));

        assertThat(WorkflowSchema.of(asRole()).verify()).isEmpty();
    }

    @Test
    void a_recorder_role_is_told_nothing() {
        try (RecorderRole recorder = new RecorderRole(database)) {
            assertThat(WorkflowSchema.of(recorder.dataSource()).verify()).isEmpty();
        }
    }

    /** Whose rows depend on who the user is, and to which nobody should give more. */
    @Test
    void the_role_of_end_users_is_told_nothing() {
        PGSimpleDataSource endUsers = database.dataSource();
        endUsers.setOptions("-c role=authenticated");

        assertThat(TestDatabase.value(endUsers, "select current_user")).isEqualTo("authenticated");
        assertThat(WorkflowSchema.of(endUsers).verify()).isEmpty();
    }

    @Test
    void a_store_for_end_users_alone_opens_all_the_same() {
        database.execute("grant authenticated to " + role);
        DataSource login = asRole();

        JdbcExecutionStore store =
                JdbcExecutionStore.builder(login).schemaMode(SchemaMode.VERIFY).build();

        UUID ada = database.newUser();
        store.actingAs(ada).record(TwoUsers.execution("of ada", ada));
        assertThat(store.actingAs(ada).findExecution("of ada")).isPresent();
    }
}
