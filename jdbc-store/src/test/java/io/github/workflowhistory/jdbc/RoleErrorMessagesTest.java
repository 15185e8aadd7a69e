package io.github.workflowhistory.jdbc;

import static io.github.workflowhistory.jdbc.Failures.failure;
import static io.github.workflowhistory.jdbc.Failures.recording;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Whatever a role lacks, the error names it and the grant, or says what to connect as instead. */
class RoleErrorMessagesTest {
    @Test
    void a_role_without_rights() {
        TestDatabase database = TestDatabase.create("grants").install();
        String role = database.name() + "_role";
        database.execute("create role " + role + " login password 'secret'");
        DataSource connections = database.dataSource(role, "secret");
        String mend = "As the owner of the tables run: grant service_role to " + role
                + "; Or make a login that may only record: recorder-role.sql";

        HistoryStoreException failure = recording(database, connections);
        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure).hasMessageContaining(mend);

        // Rights on the tables do not help where no policy is for the role.
        database.execute("grant select, insert, update, delete on workflow_executions, node_execution_results,"
                + " execution_logs, workflow_recorders to " + role);
        assertThat(recording(database, connections))
                .hasMessageContaining("row-level security")
                .hasMessageContaining("for which there is no policy. " + mend)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION));
        assertThatThrownBy(() -> database.store(connections).listExecutions(ExecutionQuery.all()))
                .hasMessageContaining("cannot list executions: nothing can be found. Row level security hides all rows")
                .hasMessageContaining(mend);
        assertThatThrownBy(() -> database.store(connections).findExecution("e")).hasMessageContaining(mend);
        assertThatThrownBy(() -> database.store(connections).deleteExecution("e"))
                .hasMessageContaining(mend);

        database.execute("grant service_role to " + role);
        database.store(connections).record(Records.execution("e", 1));
        assertThat(database.store(connections).findDetails("e")).isPresent();
        assertThat(database.store(connections).findDetails("f")).isEmpty();
    }

    @Test
    void a_role_that_inherits_nothing() {
        TestDatabase database = TestDatabase.create("noinherit").install();
        String role = database.name() + "_role";
        database.execute(
                "create role %1$s login noinherit password 'secret'; grant service_role to %1$s".formatted(role));

        String message =
                recording(database, database.dataSource(role, "secret")).getMessage();

        database.execute(message.substring(message.indexOf("run: ") + 5, message.indexOf(" Or make")));
        database.store(database.dataSource(role, "secret")).record(Records.running("e"));
    }

    /** Nobody may grant it the rights of a role that works for all users: each end user would have them. */
    @ParameterizedTest
    @ValueSource(strings = {"anon", "authenticated"})
    void a_session_in_a_role_of_end_users(String role) {
        TestDatabase database = TestDatabase.create("end_users_" + role).install();
        String mend = "The session works as " + role + ", the role of end users, who must not be granted more: connect"
                + " as a role that works for all users (one made by recorder-role.sql, or a member of service_role);"
                + " what one end user may do is for actingAs(userId)";
        PGSimpleDataSource nobody = database.dataSource();
        nobody.setOptions("-c role=" + role);
        PGSimpleDataSource somebody = database.dataSource();
        somebody.setOptions("-c role=%s -c request.jwt.claims={\"sub\":\"%s\"}".formatted(role, database.newUser()));

        for (DataSource connections : List.of(nobody, somebody)) {
            ExecutionLeases leases = database.store(connections).leases().orElseThrow();
            assertSaysInsteadOfAGrant(mend, failure(() -> leases.renew("recorder")));
        }
        assertSaysInsteadOfAGrant(mend, recording(database, nobody));
        if (role.equals("authenticated")) {
            assertThatThrownBy(() -> database.store(nobody).listExecutions(ExecutionQuery.all()))
                    .hasMessageContaining(
                            "hides all rows from the store's role, because the session names no user. " + mend);
        }
    }

    private static void assertSaysInsteadOfAGrant(String mend, HistoryStoreException failure) {
        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure).hasMessageContaining(mend).message().doesNotContain("grant ");
    }

    @Test
    void a_role_that_row_level_security_does_not_bind_and_lacks_grants() {
        TestDatabase database = TestDatabase.create("bypass").install();
        String role = database.name() + "_no_service_role";
        // The right to change one column is enough where the store changes no other.
        database.execute("""
                create role %1$s login bypassrls password 'secret';
                grant select, insert, update, delete on workflow_executions, workflow_recorders to %1$s;
                grant select, insert, update (node_result_id) on execution_logs to %1$s;
                grant select on node_execution_results to %1$s""".formatted(role));
        DataSource connections = database.dataSource(role, "secret");

        assertThat(recording(database, connections))
                .hasMessageEndingWith("As the owner of the tables run: grant insert on"
                        + " public.node_execution_results to " + role + "; (SQLSTATE 42501)");

        database.execute("revoke all on all tables in schema public from " + role);
        assertThat(recording(database, connections))
                .hasMessageContaining(
                        "grant select, insert, update, delete on public.workflow_executions to " + role + ";")
                .hasMessageContaining("grant select, insert on public.node_execution_results to " + role + ";")
                .hasMessageContaining("grant select, insert, update on public.execution_logs to " + role + ";");
    }

    @Test
    void a_recorder_role_that_lacks_a_grant() {
        try (RecorderRole role =
                new RecorderRole(TestDatabase.create("recorder_grants").install())) {
            role.database.execute("revoke insert on execution_logs from " + role.quoted());

            assertThat(recording(role.database, role.dataSource()))
                    .hasMessageContaining("run recorder-role.sql again")
                    .message()
                    .doesNotContain("grant ");

            role.run();
            role.database.store(role.dataSource()).record(Records.execution("e", 1));
        }
    }

    @Test
    void a_role_that_may_not_use_the_schema() {
        TestDatabase database = TestDatabase.create("usage").inSchema("We ird").install();
        String role = database.name() + "_role";
        database.execute("create role " + role + " login bypassrls password 'secret'");

        assertThat(recording(database, database.dataSource(role, "secret")))
                .hasMessageContaining("grant usage on schema \"We ird\" to " + role + ";")
                .hasMessageContaining("on \"We ird\".execution_logs to");
    }

    @Test
    void a_row_that_row_level_security_refuses() {
        TestDatabase database = TestDatabase.create("refused").install();
        String role = database.name() + "_role";
        database.execute("create role " + role + " login password 'secret'; grant authenticated to " + role);
        PGSimpleDataSource ofOneUser = database.dataSource(role, "secret");
        ofOneUser.setOptions("-c request.jwt.claims={\"sub\":\"%s\"}".formatted(database.newUser()));

        HistoryStoreException failure = recording(database, ofOneUser);

        assertThat(failure.kind()).isEqualTo(Kind.DATA);
        assertThat(failure).hasMessageContaining("row-level security").hasMessageContaining("own executions");
        assertThat(database.store(ofOneUser).listExecutions(ExecutionQuery.all()))
                .isEmpty();
    }
}
