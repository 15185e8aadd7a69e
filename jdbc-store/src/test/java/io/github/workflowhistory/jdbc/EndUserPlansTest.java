package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an end user reads comes by the same indexes as without policies, and the user is looked up once per query. */
class EndUserPlansTest {
    private static final UUID USER = UUID.fromString("c4ca4238-a0b9-2382-0dcc-509a6f75849b"); // md5 of 1

    private static TwoUsers users;
    private static Jdbi jdbi;

    @BeforeAll
    static void fill() {
        users = new TwoUsers("end_user_plans");
        users.database.execute("""
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
        jdbi = Jdbi.create(users.dataSource()).installPlugin(new PostgresPlugin());
    }

    @AfterAll
    static void close() {
        users.close();
    }

    /** The plan under the role and the claims of the user. */
    private static String plan(String sql, Consumer<Query> parameters) {
        EndUser user = new EndUser(USER, SchemaName.PUBLIC);
        return jdbi.inTransaction(handle -> {
            try (Query query =
                    handle.createQuery(user.opening() + "explain (costs off) " + SchemaName.PUBLIC.in(sql))) {
                user.bind(query);
                parameters.accept(query);
                List<String> lines = query.execute((executed, context) -> {
                    Results results = new Results(executed.get());
                    for (int i = 0; i < EndUser.RESULTS; i++) {
                        results.skip();
                    }
                    return results.rows(row -> row.getString(1));
                });
                return lines.stream().collect(Collectors.joining("\n"));
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
    void the_newest_executions() {
        assertThat(plan(ExecutionQuery.all().ofUser(USER)))
                .contains("Index Scan Backward using workflow_executions_by_user", "InitPlan")
                .doesNotContain("Sort");
    }

    @Test
    void a_list_that_names_no_user_is_asked_for_the_end_user() {
        JdbcExecutionStore store = JdbcExecutionStore.create(users.dataSource());

        assertThat(((JdbcExecutionStore) store.actingAs(USER))
                        .ownOf(ExecutionQuery.all().limit(7)))
                .isEqualTo(ExecutionQuery.all().ofUser(USER).limit(7));
        assertThat(store.ownOf(ExecutionQuery.all())).isEqualTo(ExecutionQuery.all());
    }

    @Test
    void one_execution() {
        assertThat(plan(ExecutionReads.FIND, query -> query.bind("id", "e1")))
                .contains("Index Scan using workflow_executions_pkey", "InitPlan")
                .doesNotContain("Seq Scan");
    }

    @Test
    void the_node_results_of_an_execution() {
        assertThat(plan(ExecutionReads.RESULTS_OF, query -> query.bind("id", "e1")))
                .contains("Index Scan on node_execution_results_execution_id_id_key", "InitPlan")
                .doesNotContain("Seq Scan");
    }

    @Test
    void the_whole_log_of_an_execution() {
        assertThat(plan(ExecutionReads.LOGS_OF, query -> query.bind("id", "e1")))
                .contains("execution_logs_by", "workflow_executions", "InitPlan")
                .doesNotContain("Seq Scan");
    }

    @Test
    void the_newest_entries_of_the_log_of_an_execution() {
        assertThat(plan(LogQuery.ofExecution("e1").atLeast(LogLevel.INFO).limit(10)))
                .contains("Index Scan using execution_logs_by_time", "InitPlan")
                .doesNotContain("Sort")
                .doesNotContain("Seq Scan on execution_logs");
    }

    @Test
    void the_log_of_a_node_run() {
        assertThat(plan(LogQuery.ofExecution("e1").ofNodeRun("run 7")))
                .contains("execution_logs_by_node_result", "execution_logs_by_node_run")
                .doesNotContain("Seq Scan on execution_logs");
    }
}
