package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that another application wrote, by the guide's columns alone, beside the library. */
class GuideRowsTest {
    private static TestDatabase database;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("guide_rows").install();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void an_execution_with_its_results_and_logs_is_read_like_any_other() {
        database.execute("""
                insert into workflow_executions (id, workflow_id, status, started_at)
                  values ('exec_1732412345678_k3j9x2a1b', 'w', 'running', '2024-11-24T01:39:05.678Z');
                insert into node_execution_results (id, execution_id, node_id, status, output_data, duration_ms)
                  values ('n', 'exec_1732412345678_k3j9x2a1b', 'fetch', 'success', '{"rows": 1e2}', 12);
                insert into execution_logs (id, execution_id, node_result_id, level, message, "timestamp")
                  values ('1', 'exec_1732412345678_k3j9x2a1b', 'n', 'info', 'of the node', '2024-11-24T01:39:06Z');
                insert into execution_logs (id, execution_id, level, message, "timestamp")
                  values ('2', 'exec_1732412345678_k3j9x2a1b', 'warn', 'of all', '2024-11-24T01:39:07Z');
                update workflow_executions set status = 'success', completed_at = '2024-11-24T01:39:15.679Z'""");

        ExecutionDetails details =
                database.store().findDetails("exec_1732412345678_k3j9x2a1b").orElseThrow();

        assertThat(details.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(details.execution().duration()).isEqualTo(Duration.ofMillis(10_001));
        assertThat(details.nodeResults()).singleElement().satisfies(result -> {
            assertThat(result.nodeName()).isEqualTo("fetch");
            assertThat(result.output()).isEqualTo(Json.parse("{\"rows\": 100}"));
            assertThat(result.attempt()).isEqualTo(1);
            assertThat(result.startedAt()).isNull();
        });
        assertThat(details.logsOf("n"))
                .singleElement()
                .satisfies(log -> assertThat(log.message()).isEqualTo("of the node"));
        assertThat(database.store()
                        .listLogs(LogQuery.ofExecution("exec_1732412345678_k3j9x2a1b")
                                .ofNodeRun("n")))
                .isEqualTo(details.logsOf("n"));
        assertThat(database.store().listExecutions(ExecutionQuery.all()))
                .containsExactly(details.execution().summary());
    }

    @Test
    void logs_without_a_node_result_are_read_like_any_others_by_everybody_who_may() {
        UUID user = database.newUser();
        database.execute("""
                insert into workflow_executions (id, workflow_id, user_id) values ('e', 'w', '%s');
                insert into node_execution_results (id, execution_id, node_id, status) values ('n', 'e', 'n', 'success');
                insert into execution_logs (execution_id, node_result_id, level, message, data, "timestamp") values
                  ('e', null, 'info', 'first', null, '2024-11-24T01:39:06Z'),
                  ('e', 'n', 'info', 'second', null, '2024-11-24T01:39:07Z'),
                  ('e', null, 'error', 'third', '{"code": 7}', '2024-11-24T01:39:08Z')""".formatted(user));

        for (ExecutionStore store : List.of(database.store(), database.store().actingAs(user))) {
            List<ExecutionLog> logs = store.listLogs(LogQuery.ofExecution("e"));
            assertThat(logs).extracting(ExecutionLog::message).containsExactly("first", "second", "third");
            assertThat(logs).extracting(ExecutionLog::nodeRunId).containsExactly(null, "n", null);
            assertThat(logs).extracting(ExecutionLog::id).doesNotContainNull().doesNotHaveDuplicates();
            assertThat(logs.get(2).data()).isEqualTo(Json.parse("{\"code\": 7}"));
            assertThat(store.findDetails("e").orElseThrow().logs()).isEqualTo(logs);
            assertThat(store.listLogs(LogQuery.ofExecution("e").atLeast(LogLevel.ERROR)))
                    .containsExactly(logs.get(2));
        }
    }

    @Test
    void the_library_goes_on_with_an_execution_of_the_application() {
        database.execute("insert into workflow_executions (id, workflow_id) values ('e', 'w')");

        database.store().record(Records.rest("e", 1));

        assertThat(database.store().findDetails("e").orElseThrow().execution().status())
                .isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void an_execution_of_more_days_than_the_column_holds_is_computed_from_its_times() {
        database.execute("""
                insert into workflow_executions (id, workflow_id, status, started_at, completed_at)
                  values ('e', 'w', 'failed', '2024-01-01T00:00:00Z', '2024-02-10T00:00:00Z')""");

        assertThat(database.value("select duration_ms from workflow_executions"))
                .isEqualTo("2147483647");
        assertThat(database.store().findExecution("e").orElseThrow().duration()).isEqualTo(Duration.ofDays(40));
    }

    @Test
    void an_end_without_a_time_is_read_as_it_is() {
        database.execute("""
                alter table workflow_executions disable trigger user;
                insert into workflow_executions (id, workflow_id, status, created_at)
                  values ('e', 'w', 'success', '2024-01-01T00:00:00Z');
                alter table workflow_executions enable trigger user""");

        WorkflowExecution execution = database.store().findExecution("e").orElseThrow();

        assertThat(execution.completedAt()).isNull();
        assertThat(execution.createdAt()).isEqualTo(Instant.parse("2024-01-01T00:00:00Z"));
        database.store().record(Records.ended("e"));
        assertThat(database.store().findExecution("e").orElseThrow().completedAt())
                .isEqualTo(Records.at(1_000));
    }

    @Test
    void what_cannot_be_history_is_an_error_that_names_the_row() {
        database.execute("""
                alter table workflow_executions drop constraint workflow_executions_status_check;
                insert into workflow_executions (id, workflow_id, status) values ('odd', 'w', 'paused');
                insert into workflow_executions (id, workflow_id, created_at) values ('late', 'w', 'infinity');
                insert into workflow_executions (id, workflow_id) values ('e', 'w');
                insert into execution_logs (id, execution_id, level, message) values (' ', 'e', 'info', 'm')""");

        assertThatThrownBy(() -> database.store().findExecution("odd"))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("the row of workflow_executions with id 'odd'")
                .hasMessageContaining("unknown execution status 'paused'");
        assertThatThrownBy(() -> database.store().record(Records.ended("odd")))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("'odd'");
        assertThatThrownBy(() -> database.store().findExecution("late"))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("createdAt must be in the years 1 to 9999");
        assertThatThrownBy(() -> database.store().findDetails("e"))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("the row of execution_logs with id ' '")
                .hasMessageContaining("log id must not be blank");
    }
}
