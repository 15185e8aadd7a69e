package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The plans of what is read most: by an index, in its order, without sorting. */
class IndexUseTest {
    private static TestDatabase database;
    private static Jdbi jdbi;

    @BeforeAll
    static void fill() {
        database = TestDatabase.create("plans").install();
        database.execute("""
                insert into users (id) select md5(i::text)::uuid from generate_series(1, 20) as i;
                insert into workflow_executions (id, workflow_id, user_id, created_at)
                  select 'e' || i, 'w' || i % 20, md5((i % 20 + 1)::text)::uuid, now() - i * interval '1 minute'
                  from generate_series(1, 20000) as i;
                insert into node_execution_results (id, execution_id, node_id, status)
                  select 'e' || i % 200 || '-' || i, 'e' || i % 200 + 1, 'n', 'success' from generate_series(1, 20000) as i;
                insert into execution_logs (id, execution_id, node_result_id, node_run_id, level, message, "timestamp")
                  select 'l' || i, 'e' || i % 50 + 1, null, 'run ' || i % 500, 'info', 'm', now() + i * interval '1 ms'
                  from generate_series(1, 40000) as i;
                analyze""");
        jdbi = Jdbi.create(database.dataSource()).installPlugin(new PostgresPlugin());
    }

    private static String plan(String sql, Consumer<Query> parameters) {
        return jdbi.withHandle(handle -> {
            try (Query query = handle.createQuery("explain (costs off) " + SchemaName.PUBLIC.in(sql))) {
                parameters.accept(query);
                return query.mapTo(String.class).stream().collect(Collectors.joining("\n"));
            }
        });
    }

    private static String plan(ExecutionQuery query) {
        return plan(ExecutionReads.sql(query), statement -> ExecutionReads.bind(query, statement));
    }

    private static String plan(LogQuery query) {
        return plan(ExecutionReads.sql(query), statement -> ExecutionReads.bind(query, statement));
    }

    @Test
    void the_newest_executions_of_all() {
        assertThat(plan(ExecutionQuery.all()))
                .contains("Index Scan Backward using workflow_executions_by_creation")
                .doesNotContain("Sort");
    }

    @Test
    void the_newest_executions_of_a_user() {
        assertThat(plan(ExecutionQuery.all().ofUser(new UUID(1, 1))))
                .contains("Index Scan Backward using workflow_executions_by_user")
                .doesNotContain("Sort");
    }

    @Test
    void the_newest_executions_of_a_workflow() {
        assertThat(plan(ExecutionQuery.all().ofWorkflow("w1")))
                .contains("Index Scan Backward using workflow_executions_by_workflow")
                .doesNotContain("Sort");
    }

    @Test
    void the_log_of_an_execution() {
        assertThat(plan(LogQuery.ofExecution("e1").atLeast(LogLevel.INFO).limit(10)))
                .contains("Index Scan using execution_logs_by_time")
                .doesNotContain("Sort");
    }

    @Test
    void the_log_of_a_node_run() {
        assertThat(plan(LogQuery.ofExecution("e1").ofNodeRun("run 7")))
                .contains("execution_logs_by_node_result", "execution_logs_by_node_run")
                .doesNotContain("Seq Scan");
    }
}
