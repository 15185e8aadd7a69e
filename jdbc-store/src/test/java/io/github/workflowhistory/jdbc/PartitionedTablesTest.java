package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.jdbc.SchemaFinding.Kind;
import io.github.workflowhistory.jdbc.SchemaFinding.Severity;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Tables that an application partitioned, where the default privileges open every new table to everybody. */
class PartitionedTablesTest {
    private TestDatabase database;
    private WorkflowSchema schema;

    @BeforeEach
    void make_partitions() {
        database = TestDatabase.create("partitioned").installUsers();
        database.execute("alter default privileges grant all on tables to anon, authenticated, service_role");
        database.execute(Resources.text("/io/github/workflowhistory/jdbc/schema/application-tables.sql"));
        database.execute("""
                alter table execution_logs rename to unpartitioned_logs;
                alter table unpartitioned_logs drop constraint execution_logs_pkey;
                create table execution_logs (like unpartitioned_logs including defaults, primary key (id))
                  partition by hash (id);
                create table logs_0 partition of execution_logs for values with (modulus 2, remainder 0);
                create table logs_1 partition of execution_logs for values with (modulus 2, remainder 1)
                  partition by hash (id);
                create table logs_1_all partition of logs_1 for values with (modulus 1, remainder 0);
                insert into execution_logs select * from unpartitioned_logs;
                drop table unpartitioned_logs;
                create table old_results () inherits (node_execution_results)""");
        schema = WorkflowSchema.of(database.dataSource());
    }

    private static final String[] PARTITIONS = {"logs_0", "logs_1", "logs_1_all", "old_results"};

    @Test
    void adoption_closes_the_partitions_to_end_users() {
        for (String partition : PARTITIONS) {
            TestDatabase.value(as("anon"), "select count(*) from " + partition);
        }

        schema.install();

        assertClosed();
        assertThat(schema.verify())
                .filteredOn(f -> f.severity() == Severity.ERROR)
                .isEmpty();
    }

    @Test
    void through_the_table_everything_goes_on() {
        schema.install();
        assertThat(database.value("select count(*) from execution_logs")).isEqualTo("3");
        UUID user = database.newUser();
        ExecutionStore store = database.store().actingAs(user);

        store.record(TwoUsers.execution("e", user));

        assertThat(store.listLogs(LogQuery.ofExecution("e"))).hasSize(1);
        assertThat(TestDatabase.value(as("authenticated"), "select count(*) from execution_logs"))
                .isEqualTo("0");
        assertThat(store.deleteExecution("e")).isTrue();
        assertThat(database.value("select count(*) from execution_logs")).isEqualTo("3");
    }

    @Test
    void a_partition_that_is_added_later_is_found_and_closed_by_the_next_run() {
        schema.install();
        database.execute("create table younger_results () inherits (old_results)");
        assertThat(schema.verify())
                .filteredOn(finding -> finding.severity() == Severity.ERROR)
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.PARTITION_OPEN))
                .returns("public.younger_results", SchemaFinding::object);

        database.execute(WorkflowSchema.script("public"));

        assertClosed();
        assertThat(schema.verify())
                .filteredOn(f -> f.severity() == Severity.ERROR)
                .isEmpty();
    }

    @Test
    void a_partition_of_another_owner_is_named_before_anything_is_changed() {
        String role = "wh_installer_" + UUID.randomUUID().toString().replace("-", "");
        database.execute("""
                create role %1$s;
                grant create, usage on schema public to %1$s;
                grant references on users to %1$s;
                grant usage on schema auth to %1$s;
                alter table workflow_executions owner to %1$s;
                alter table node_execution_results owner to %1$s;
                alter table execution_logs owner to %1$s""".formatted(role));
        try {
            assertThatThrownBy(() -> TestDatabase.execute(as(role), WorkflowSchema.script("public")))
                    .hasMessageContaining("public.logs_0 belongs to");
        } finally {
            database.execute(
                    "reassign owned by %1$s to current_user; drop owned by %1$s; drop role %1$s".formatted(role));
        }
    }

    private void assertClosed() {
        for (String role : new String[] {"anon", "authenticated"}) {
            for (String partition : PARTITIONS) {
                for (String attempt : new String[] {"select from ", "delete from ", "truncate "}) {
                    assertThatThrownBy(() -> TestDatabase.execute(as(role), attempt + partition))
                            .as(role + ": " + attempt + partition)
                            .hasMessageContaining("permission denied for table " + partition);
                }
            }
        }
        assertThat(database.query("select relname from pg_class where relkind in ('r', 'p') and not relrowsecurity"
                        + " and relnamespace = 'public'::regnamespace"))
                .containsExactly("users");
    }

    private PGSimpleDataSource as(String role) {
        PGSimpleDataSource dataSource = database.dataSource();
        dataSource.setOptions("-c role=" + role);
        return dataSource;
    }
}
