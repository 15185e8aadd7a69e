package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tables that an application made from the guide's columns alone, adopted: their ids compare as in American English. */
class AdoptedTablesContractTest extends PostgresContract {
    private static final String GUIDE_TABLES = """
            create table workflow_executions (
              id text collate "en-US-x-icu" primary key,
              workflow_id text collate "en-US-x-icu" not null,
              user_id uuid references users (id),
              status text not null,
              started_at timestamptz,
              completed_at timestamptz,
              duration_ms integer,
              final_output jsonb,
              error text,
              created_at timestamptz default now());
            create table node_execution_results (
              id text collate "en-US-x-icu" primary key,
              execution_id text collate "en-US-x-icu" not null references workflow_executions (id) on delete cascade,
              node_id text collate "en-US-x-icu" not null,
              node_name text,
              status text not null,
              output_data jsonb,
              error text,
              duration_ms integer);
            create table execution_logs (
              id text collate "en-US-x-icu" primary key,
              execution_id text collate "en-US-x-icu" not null references workflow_executions (id) on delete cascade,
              node_result_id text collate "en-US-x-icu" references node_execution_results (id),
              level text not null,
              message text not null,
              data jsonb,
              "timestamp" timestamptz default now())""";

    @Override
    TestDatabase createDatabase() {
        TestDatabase database = TestDatabase.create("adopted").installUsers();
        database.execute(GUIDE_TABLES);
        WorkflowSchema.of(database.dataSource()).install();
        return database;
    }

    @Test
    void ids_compare_by_the_locale() {
        assertThat(database().query("""
                                select distinct collation_name from information_schema.columns
                                where table_name in ('workflow_executions', 'node_execution_results', 'execution_logs')
                                  and column_name in ('id', 'execution_id', 'node_run_id', 'node_result_id')""")).containsExactly("en-US-x-icu");
    }
}
