package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.START;
import static io.github.workflowhistory.testkit.contract.Samples.WORKFLOW;
import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.fullResult;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the read side answers. */
public abstract class ReadingRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected ReadingRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void a_new_store_is_empty() {
        assertThat(listedIds()).isEmpty();
        assertGone("anything");
    }

    @Test
    void an_execution_comes_back_with_everything_that_was_in_it() {
        WorkflowExecution full = full("full", newUser());
        record(full, running("bare"));

        assertThat(execution("full")).isEqualTo(full);
        assertThat(execution("bare")).isEqualTo(running("bare"));
    }

    @Test
    void details_hold_the_execution_with_its_node_results_and_logs() {
        record(running("e"), running("f"), result("rf", "f"), log("lf", "f"));
        record(fullResult("r", "e", NodeStatus.FAILED), nodeLog("l1", "e", "r"), log("l2", "e"));

        assertThat(details("e"))
                .isEqualTo(new ExecutionDetails(
                        running("e"),
                        List.of(fullResult("r", "e", NodeStatus.FAILED)),
                        List.of(log("l2", "e"), nodeLog("l1", "e", "r"))));
    }

    @Test
    void a_list_shows_everything_but_the_payload() {
        WorkflowExecution full = full("full", newUser());
        record(full);
        record(running("bare"));

        assertThat(store().listExecutions(ExecutionQuery.all()))
                .containsExactlyInAnyOrder(full.summary(), running("bare").summary());
    }

    @Test
    void a_list_can_be_restricted_to_a_user() {
        UUID ada = newUser();
        UUID bob = newUser();
        record(running("a1", ada), running("b1", bob), running("nobodys"), running("a2", ada));

        assertThat(ids(ExecutionQuery.all().ofUser(ada))).containsExactly("a2", "a1");
        assertThat(ids(ExecutionQuery.all().ofUser(bob))).containsExactly("b1");
        assertThat(ids(ExecutionQuery.all().ofUser(UUID.randomUUID()))).isEmpty();
        assertThat(ids(ExecutionQuery.all())).containsExactly("nobodys", "b1", "a2", "a1");
    }

    @Test
    void a_list_can_be_restricted_to_a_workflow() {
        UUID ada = newUser();
        record(running("e1", ada), running("e2"));
        record(WorkflowExecution.running("e3", "another", ada, START));

        assertThat(ids(ExecutionQuery.all().ofWorkflow(WORKFLOW))).containsExactly("e2", "e1");
        assertThat(ids(ExecutionQuery.all().ofWorkflow("another"))).containsExactly("e3");
        assertThat(ids(ExecutionQuery.all().ofWorkflow("another").ofUser(ada))).containsExactly("e3");
        assertThat(ids(ExecutionQuery.all().ofWorkflow("ANOTHER"))).isEmpty();
        assertThat(ids(ExecutionQuery.all().ofWorkflow("anothe%"))).isEmpty();
    }

    @Test
    void a_list_ends_at_its_limit() {
        List<WorkflowExecution> executions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            executions.add(WorkflowExecution.queued("e" + i, WORKFLOW, null, at(i)));
        }
        record(executions);

        assertThat(ids(ExecutionQuery.all().limit(3))).containsExactly("e59", "e58", "e57");
        assertThat(ids(ExecutionQuery.all())).hasSize(ExecutionQuery.DEFAULT_LIMIT);
        assertThat(ids(ExecutionQuery.all().limit(1_000))).hasSize(60);
        assertThat(ids(ExecutionQuery.all().ofWorkflow(WORKFLOW).limit(1))).containsExactly("e59");
    }

    @Test
    void a_list_shows_what_became_of_an_execution() {
        record(WorkflowExecution.queued("e", WORKFLOW, null, START));
        record(Samples.end("e", ExecutionStatus.FAILED).withStartedAt(at(1)).withError("no route to shop"));

        assertThat(store().listExecutions(ExecutionQuery.all()))
                .containsExactly(execution("e").summary())
                .extracting(ExecutionSummary::status, ExecutionSummary::error)
                .containsExactly(tuple(ExecutionStatus.FAILED, "no route to shop"));
    }

    @Test
    void logs_can_be_restricted_to_a_level() {
        List<LogLevel> levels = List.of(LogLevel.DEBUG, LogLevel.INFO, LogLevel.WARN, LogLevel.ERROR);
        record(running("e"));
        levels.forEach(
                level -> record(ExecutionLog.of(level.code(), "e", level, "message", at(levels.indexOf(level)))));

        for (int i = 0; i < levels.size(); i++) {
            assertThat(store().listLogs(LogQuery.ofExecution("e").atLeast(levels.get(i))))
                    .extracting(ExecutionLog::level)
                    .isEqualTo(levels.subList(i, levels.size()));
        }
    }

    @Test
    void all_restrictions_of_a_log_query_apply_together() {
        List<LogLevel> levels = List.of(LogLevel.DEBUG, LogLevel.INFO, LogLevel.WARN, LogLevel.ERROR);
        record(running("e"), running("f"), nodeLog("other", "f", "r"));
        for (int i = 0; i < 40; i++) {
            record(new ExecutionLog(
                    String.format("%02d", i), "e", i % 2 == 0 ? "r" : null, levels.get(i % 4), "message", null, at(i)));
        }

        LogQuery query =
                LogQuery.ofExecution("e").ofNodeRun("r").atLeast(LogLevel.WARN).limit(3);
        assertThat(store().listLogs(query)).extracting(ExecutionLog::id).containsExactly("02", "06", "10");
        assertThat(store().listLogs(LogQuery.ofExecution("missing"))).isEmpty();
    }

    @Test
    void lists_cannot_be_changed() {
        record(running("e"), result("r", "e"), log("l", "e"));

        assertUnmodifiable(store().listExecutions(ExecutionQuery.all()));
        assertUnmodifiable(logs("e"));
        assertUnmodifiable(details("e").logs());
        assertUnmodifiable(details("e").nodeResults());
    }

    @Test
    void what_was_read_does_not_change_when_more_is_recorded() {
        record(running("e"), log("l1", "e"));
        ExecutionDetails details = details("e");
        List<ExecutionLog> logs = logs("e");
        List<ExecutionSummary> list = store().listExecutions(ExecutionQuery.all());

        record(running("f"), log("l2", "e"), Samples.end("e", ExecutionStatus.SUCCESS));

        assertThat(details.logs()).hasSize(1);
        assertThat(logs).hasSize(1);
        assertThat(list).containsExactly(running("e").summary());
    }

    @Test
    void an_id_that_breaks_the_rule_is_refused() {
        for (String id : List.of("", "  ", "a\u0000b", "a\uD800", "x".repeat(513), "\u20AC".repeat(171))) {
            assertThatIllegalArgumentException().isThrownBy(() -> store().findExecution(id));
            assertThatIllegalArgumentException().isThrownBy(() -> store().findDetails(id));
            assertThatIllegalArgumentException().isThrownBy(() -> store().deleteExecution(id));
        }
    }

    @Test
    @SuppressWarnings("NullAway") // null is refused, which is the point
    void null_is_refused() {
        assertThatNullPointerException().isThrownBy(() -> store().record((HistoryBatch) null));
        assertThatNullPointerException().isThrownBy(() -> store().findExecution(null));
        assertThatNullPointerException().isThrownBy(() -> store().findDetails(null));
        assertThatNullPointerException().isThrownBy(() -> store().listExecutions(null));
        assertThatNullPointerException().isThrownBy(() -> store().listLogs(null));
        assertThatNullPointerException().isThrownBy(() -> store().deleteExecution(null));
    }

    private List<String> ids(ExecutionQuery query) {
        return store().listExecutions(query).stream().map(ExecutionSummary::id).toList();
    }

    private static <T> void assertUnmodifiable(List<T> list) {
        assertThat(list).isNotEmpty();
        assertThatThrownBy(() -> list.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> list.add(list.get(0))).isInstanceOf(UnsupportedOperationException.class);
    }

    private static WorkflowExecution full(String id, UUID user) {
        return new WorkflowExecution(
                id,
                WORKFLOW,
                user,
                ExecutionStatus.FAILED,
                at(1),
                at(2),
                Duration.ofMillis(3),
                Json.parse("{\"a\": [1, 2]}"),
                "error",
                at(4),
                "recorder",
                at(5));
    }
}
