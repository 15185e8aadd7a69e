package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A schema whose name needs quotes, and sessions whose search_path finds somebody else's tables, types, functions and
 * operators before those of PostgreSQL.
 */
class OtherSchemaContractTest extends PostgresContract {
    @Override
    TestDatabase createDatabase() {
        TestDatabase database = TestDatabase.create("schema").inSchema("We ird").install();
        database.execute(HOSTILE);
        return database;
    }

    @Override
    HikariDataSource createPool() {
        PGSimpleDataSource connections = database().dataSource();
        connections.setOptions("-c search_path=hostile,pg_catalog,public");
        return TestPools.pool(connections, 10, true);
    }

    private static final String HOSTILE = """
            create schema hostile;
            create table hostile.workflow_executions (id text);
            create table hostile.node_execution_results (id text);
            create table hostile.execution_logs (id text);
            create table hostile.workflow_recorders (id text);
            create table public.workflow_executions (id text);
            create domain hostile.text as pg_catalog.text check (value is null);
            create domain hostile.jsonb as pg_catalog.jsonb check (value is null);
            create domain hostile.uuid as pg_catalog.uuid check (value is null);
            create domain hostile.timestamptz as pg_catalog.timestamptz check (value is null);

            -- Also those that nullif, in, between, case x when, distinct from and join using look up.
            do $do$
            declare
              type pg_catalog.text;
              comparison pg_catalog.text;
            begin
              foreach type in array array[
                'bool', 'char', 'int4', 'int8', 'interval', 'jsonb', 'name', 'oid', 'text', 'timestamptz', 'uuid'] loop
                execute format(
                  'create function hostile.never(pg_catalog.%1$I, pg_catalog.%1$I) returns boolean language plpgsql'
                  ' immutable as $$begin raise exception %2$L; end$$', type, 'a hostile operator');
                foreach comparison in array array['=', '<>', '<', '<=', '>', '>='] loop
                  execute format('create operator hostile.%s (leftarg = pg_catalog.%2$I, rightarg = pg_catalog.%2$I,'
                    ' function = hostile.never)', comparison, type);
                end loop;
              end loop;
            end
            $do$;

            create function hostile.never(pg_catalog.timestamptz, interval) returns pg_catalog.timestamptz
              language plpgsql immutable as $$begin raise exception 'a hostile operator'; end$$;
            create operator hostile.- (leftarg = pg_catalog.timestamptz, rightarg = interval, function = hostile.never);

            create function hostile.unnest(pg_catalog.text[]) returns setof pg_catalog.text language plpgsql
              as $$begin raise exception 'a hostile function'; end$$;
            create function hostile.now() returns pg_catalog.timestamptz language plpgsql
              as $$begin raise exception 'a hostile function'; end$$;
            create function hostile.clock_timestamp() returns pg_catalog.timestamptz language plpgsql
              as $$begin raise exception 'a hostile function'; end$$;
            create function hostile.set_config(pg_catalog.text, pg_catalog.text, boolean) returns pg_catalog.text
              language plpgsql as $$begin raise exception 'a hostile function'; end$$;
            create collation hostile."C" (provider = icu, locale = 'und', deterministic = false);
            grant usage on schema hostile to authenticated""";

    @Test
    void the_search_path_is_hostile() {
        assertThat(TestDatabase.value(pool(), "show search_path")).startsWith("hostile,pg_catalog");
        assertThatThrownBy(() -> TestDatabase.value(pool(), "select 'a'::pg_catalog.text = 'a'::pg_catalog.text"))
                .hasMessageContaining("a hostile operator");
    }

    @Test
    void copy_finds_its_tables_too() {
        database().clear();
        HookedDataSource connections = new HookedDataSource(pool());
        JdbcExecutionStore store = JdbcExecutionStore.builder(connections)
                .schema("We ird")
                .copyPolicy(CopyPolicy.always())
                .build();

        store.record(Records.running("e"));
        store.record(Records.result("run", "e"));
        store.record(HistoryBatch.builder()
                .add(Records.log("l1", "e", "run"))
                .add(Records.log("l2", "e", "later"))
                .build());

        assertThat(connections.calls()).doesNotContain("rollback");
        assertThat(store.listLogs(LogQuery.ofExecution("e").ofNodeRun("run"))).hasSize(1);
        assertThat(database().value("select count(*) from \"We ird\".execution_logs"))
                .isEqualTo("2");
    }

    @Test
    void an_end_user_is_not_misled_either() {
        UUID ada = database().newUser();
        ExecutionStore acting = database().store(pool()).actingAs(ada);

        acting.record(TwoUsers.execution("of ada", ada));
        assertThat(acting.findDetails("of ada").orElseThrow().logs()).hasSize(1);
        assertThat(acting.listExecutions(ExecutionQuery.all().ofUser(ada))).hasSize(1);
        assertThat(acting.deleteExecution("of ada")).isTrue();

        database().execute("alter table \"We ird\".execution_logs disable row level security");
        try {
            assertThatThrownBy(() -> acting.findExecution("of ada"))
                    .hasMessageContaining("alter table \"We ird\".execution_logs enable row level security;");
        } finally {
            database().execute("alter table \"We ird\".execution_logs enable row level security");
        }
    }

    @Test
    void nothing_was_written_elsewhere() {
        assertThat(database().value("select count(*) from hostile.workflow_executions"))
                .isEqualTo("0");
    }
}
