package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What a store says about its tables when it is opened. */
class SchemaModeTest {
    private static JdbcExecutionStore open(TestDatabase database, SchemaMode mode) {
        return JdbcExecutionStore.builder(database.dataSource())
                .schemaMode(mode)
                .build();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            drop table execution_logs, node_execution_results, workflow_executions, workflow_recorders | table workflow_executions does not exist | WorkflowSchema.install()
            comment on table workflow_recorders is 'Workflow History schema 1: x'  | of the older version 1 | WorkflowSchema.install()
            comment on table workflow_recorders is 'Workflow History schema 99: x' | newer than the version | Update the library
            alter table execution_logs disable row level security | row level security is off | alter table public.execution_logs enable row level security;
            """)
    void a_wrong_schema_is_said_at_once_with_the_mend(String damage, String problem, String mend) {
        TestDatabase database = TestDatabase.create("mode").install();
        database.execute(damage);

        assertThatThrownBy(() -> open(database, SchemaMode.VERIFY))
                .isInstanceOfSatisfying(
                        HistoryStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION))
                .hasMessageContaining(problem)
                .hasMessageContaining(mend);
        assertThatCode(() -> open(database, SchemaMode.TRUST)).doesNotThrowAnyException();
    }

    @Test
    void advice_keeps_no_store_from_opening() {
        TestDatabase database = TestDatabase.create("mode_advice").install();
        database.execute("revoke delete on execution_logs from authenticated");
        open(database, SchemaMode.VERIFY).record(Records.execution("e", 1));
    }

    @Test
    void installing_makes_the_tables() {
        TestDatabase database = TestDatabase.create("mode_install").installUsers();
        open(database, SchemaMode.INSTALL).record(Records.execution("e", 1));
        assertThat(database.store().findExecution("e")).isPresent();
    }

    @Test
    void a_database_that_is_away_is_checked_when_it_is_back() {
        TestDatabase database = TestDatabase.create("mode_away").install();
        database.execute("alter table execution_logs disable row level security");
        PGSimpleDataSource dataSource = database.dataSource();
        int[] ports = dataSource.getPortNumbers();
        dataSource.setPortNumbers(new int[] {1});
        JdbcExecutionStore store = JdbcExecutionStore.builder(dataSource)
                .schemaMode(SchemaMode.VERIFY)
                .build();
        assertThatThrownBy(() -> store.findExecution("e"))
                .isInstanceOfSatisfying(
                        HistoryStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONNECTION));

        dataSource.setPortNumbers(ports);
        assertThatThrownBy(() -> store.record(Records.execution("e", 100)))
                .hasMessageContaining("row level security is off");
        assertThatThrownBy(() -> store.leases().orElseThrow().renew("recorder"))
                .hasMessageContaining("row level security is off");
        assertThatThrownBy(() -> store.actingAs(UUID.randomUUID()).findExecution("e"))
                .hasMessageContaining("row level security is off");
        database.execute("alter table execution_logs enable row level security");
        store.record(Records.execution("e", 100));
    }
}
