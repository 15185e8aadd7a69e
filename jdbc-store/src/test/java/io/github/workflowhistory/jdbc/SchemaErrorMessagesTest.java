package io.github.workflowhistory.jdbc;

import static io.github.workflowhistory.jdbc.Failures.failure;
import static io.github.workflowhistory.jdbc.Failures.recording;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with the tables, the error names them and what to run. */
class SchemaErrorMessagesTest {
    @Test
    void a_database_without_the_tables() {
        TestDatabase database = TestDatabase.create("no_tables");

        HistoryStoreException failure = recording(database, database.dataSource());

        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure)
                .hasMessageContaining("cannot record HistoryBatch[executions=1")
                .hasMessageContaining("\"public.workflow_executions\" does not exist")
                .hasMessageContaining("there is no workflow_executions, node_execution_results, execution_logs,"
                        + " workflow_recorders")
                .hasMessageContaining("run database/workflow-execution-schema.sql")
                .hasMessageContaining("WorkflowSchema.install()");
        assertThat(failure(() -> database.store().listExecutions(ExecutionQuery.all())))
                .hasMessageStartingWith("cannot list executions: ");
    }

    @Test
    void a_pool_of_one_has_a_connection_for_the_explanation() {
        TestDatabase database = TestDatabase.create("no_tables_pool");
        try (HikariDataSource pool = TestPools.pool(database.dataSource(), 1, false)) {
            assertThat(recording(database, pool)).hasMessageContaining("run database/workflow-execution-schema.sql");
        }
    }

    @Test
    void one_table_is_missing() {
        TestDatabase database = TestDatabase.create("no_logs").install();
        database.execute("drop table execution_logs");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("there is no execution_logs: run database/workflow-execution-schema.sql");
        assertThat(database.store().findExecution("e")).as("half of a batch").isEmpty();
    }

    @Test
    void another_schema_than_the_one_of_the_tables() {
        TestDatabase database = TestDatabase.create("no_schema").install().inSchema("We ird");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("schema \"We ird\" does not exist: give the store the right schema");
    }

    @Test
    void tables_that_were_made_from_the_guide_alone() {
        TestDatabase database = TestDatabase.create("guide_tables").install();
        database.execute("alter table workflow_executions drop column recorder_id cascade;"
                + " comment on table workflow_recorders is null");

        HistoryStoreException failure = recording(database, database.dataSource());

        assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
        assertThat(failure)
                .hasMessageContaining("recorder_id")
                .hasMessageContaining("were made without its script: run Part 2 of"
                        + " database/workflow-execution-schema.sql, which keeps all rows");
    }

    @Test
    void tables_of_an_older_version() {
        TestDatabase database = TestDatabase.create("older").install();
        database.execute("alter table workflow_executions drop column recorder_id cascade;"
                + " comment on table workflow_recorders is 'Workflow History schema 0: for the test'");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("are of the older version 0: run Part 2 of");
    }

    @Test
    void tables_of_a_newer_version() {
        TestDatabase database = TestDatabase.create("newer").install();
        database.execute("alter table workflow_executions drop column recorder_id cascade;"
                + " comment on table workflow_recorders is 'Workflow History schema 99: for the test'");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("are of version 99, newer than the version " + WorkflowSchema.VERSION
                        + " that this library knows: update the library");
    }

    @Test
    void tables_that_somebody_changed() {
        TestDatabase database = TestDatabase.create("changed").install();
        database.execute("alter table workflow_executions drop column recorder_id cascade");

        assertThat(recording(database, database.dataSource()))
                .hasMessageContaining("are of this version, but somebody changed them");
    }
}
