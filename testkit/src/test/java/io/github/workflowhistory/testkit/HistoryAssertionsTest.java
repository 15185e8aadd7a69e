package io.github.workflowhistory.testkit;

import static io.github.workflowhistory.testkit.HistoryAssertions.assertThat;
import static io.github.workflowhistory.testkit.HistoryAssertions.assertThatExecution;
import static io.github.workflowhistory.testkit.HistoryAssertions.assertThatLatestExecution;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class HistoryAssertionsTest {
    private static final ExecutionDetails DETAILS = TestRecords.partial();

    @Test
    void what_is_so_passes() {
        assertThat(DETAILS)
                .hasStatus(ExecutionStatus.PARTIAL)
                .partiallySucceeded()
                .belongsTo(TestRecords.ADA)
                .isOfWorkflow("import-orders")
                .hasDuration(Duration.ofMillis(1_200))
                .hasOutput(List.of(1, 2))
                .hasOutput(Json.parse("[1.0, 2]"))
                .ranNodes("index", "fetch")
                .ranNodesInOrder("fetch", "index")
                .skippedNode("mail")
                .skippedNode("mail", "nothing new")
                .hasNodeResults(3)
                .logged("shop is slow")
                .logged(LogLevel.DEBUG, "still")
                .didNotLog("finished")
                .hasLogs(3)
                .node("fetch")
                .succeeded()
                .hasName("Fetch orders")
                .hasOutput(3)
                .isAttempt(1)
                .hasDuration(Duration.ofMillis(700))
                .hasDurationOfAtLeast(Duration.ofMillis(700))
                .logged("slow")
                .logged(LogLevel.WARN, "slow")
                .hasLogs(1)
                .node("index")
                .failed()
                .failedWith("no index")
                .hasNoOutput()
                .inExecution()
                .node("mail", 2)
                .wasSkipped("nothing");
    }

    @Test
    void executions_by_themselves_and_in_lists_are_covered() {
        WorkflowExecution running = WorkflowExecution.running("e", "w", null, TestRecords.START);
        assertThat(running).isRunning().belongsToNobody().hasNoOutput().hasNoError();
        assertThat(running.summary()).isRunning().isOfWorkflow("w");
        assertThat(WorkflowExecution.queued("q", "w", null, TestRecords.START)).isQueued();
        assertThat(DETAILS.execution()).hasOutput(List.of(1, 2));
        assertThat(DETAILS.nodeResults().get(1)).failedWith("IllegalStateException");
        assertThat(DETAILS.logs().get(1))
                .hasLevel(LogLevel.WARN)
                .hasMessage("the shop is slow")
                .hasMessageContaining("slow")
                .hasData(Map.of("seconds", 7))
                .belongsToNodeRun("id-000002");
        assertThat(DETAILS.logs().get(0)).hasNoData().belongsToNoNodeRun();
    }

    @TestFactory
    Stream<DynamicTest> what_is_not_so_fails_and_says_what_is() {
        ExecutionSummary summary = DETAILS.execution().summary();
        NodeResult fetch = DETAILS.nodeResults().get(0);
        ExecutionLog entry = DETAILS.logs().get(1);
        return Stream.of(
                failing(
                        "the status of execution 'id-000001' to be SUCCESS, but it is PARTIAL",
                        () -> assertThat(DETAILS).succeeded()),
                failing(
                        "the status of execution 'id-000001' to be FAILED",
                        () -> assertThat(summary).failed()),
                failing(
                        "the status of execution 'id-000001' to be FAILED",
                        () -> assertThat(DETAILS.execution()).failedWith("x")),
                failing(
                        "the status of execution 'id-000001' to be QUEUED",
                        () -> assertThat(DETAILS).isQueued()),
                failing(
                        "the user of execution 'id-000001' to be none",
                        () -> assertThat(DETAILS).belongsToNobody()),
                failing(
                        "the user of execution 'id-000001'",
                        () -> assertThat(DETAILS).belongsTo(new UUID(0, 0))),
                failing(
                        "the workflow of execution 'id-000001' to be \"x\"",
                        () -> assertThat(DETAILS).isOfWorkflow("x")),
                failing(
                        "the duration of execution 'id-000001' to be PT1S",
                        () -> assertThat(DETAILS).hasDuration(Duration.ofSeconds(1))),
                failing(
                        "the error of execution 'id-000001' to be none",
                        () -> assertThat(DETAILS).hasNoError()),
                failing("to be abandoned", () -> assertThat(DETAILS).wasAbandoned()),
                failing(
                        "the output of execution 'id-000001' to be [1], but it is [1,2]",
                        () -> assertThat(DETAILS).hasOutput(List.of(1))),
                failing(
                        "the output of execution 'id-000001' to be none",
                        () -> assertThat(DETAILS).hasNoOutput()),
                failing(
                        "the nodes that ran of execution 'id-000001' to be [fetch], but it is [fetch, index]:"
                                + " 'index' ran as well",
                        () -> assertThat(DETAILS).ranNodes("fetch")),
                failing(
                        "to be [mail, fetch, absent, index], but it is [fetch, index]:"
                                + " 'mail' was skipped, 'absent' has no result\n",
                        () -> assertThat(DETAILS).ranNodes("mail", "fetch", "absent", "index")),
                failing(
                        "[fetch, mail], but it is [fetch, index]: 'mail' was skipped, 'index' ran as well\n",
                        () -> assertThat(DETAILS).ranNodesInOrder("fetch", "mail")),
                failing(
                        "[index, fetch], but it is [fetch, index]\n",
                        () -> assertThat(DETAILS).ranNodesInOrder("index", "fetch")),
                failing("the number of node results", () -> assertThat(DETAILS).hasNodeResults(2)),
                failing(
                        "the status of node 'fetch' to be SKIPPED",
                        () -> assertThat(DETAILS).skippedNode("fetch")),
                failing(
                        "to have a reason with \"old\", but it is \"nothing new\"",
                        () -> assertThat(DETAILS).skippedNode("mail", "old")),
                failing(
                        "a result of node 'absent', but it has none",
                        () -> assertThat(DETAILS).node("absent")),
                failing("attempt 1 of node 'mail'", () -> assertThat(DETAILS).node("mail", 1)),
                failing(
                        "to have logged \"absent\", but it has not",
                        () -> assertThat(DETAILS).logged("absent")),
                failing("at level error", () -> assertThat(DETAILS).logged(LogLevel.ERROR, "slow")),
                failing(
                        "not to have logged \"slow\", but it has",
                        () -> assertThat(DETAILS).didNotLog("slow")),
                failing("the number of log entries", () -> assertThat(DETAILS).hasLogs(4)),
                failing(
                        "node 'fetch' to have logged \"starting\"",
                        () -> assertThat(DETAILS).node("fetch").logged("starting")),
                failing(
                        "node 'mail' (attempt 2)",
                        () -> assertThat(DETAILS).node("mail").succeeded()),
                failing(
                        "to have an error with \"absent\"",
                        () -> assertThat(DETAILS).node("index").failedWith("absent")),
                failing(
                        "the output of node 'fetch' to be 4, but it is 3",
                        () -> assertThat(fetch).hasOutput(4)),
                failing(
                        "at least PT1S, but its duration is PT0.7S",
                        () -> assertThat(fetch).hasDurationOfAtLeast(Duration.ofSeconds(1))),
                failing("the name of node 'fetch'", () -> assertThat(fetch).hasName("x")),
                failing(
                        "the level of log entry 'id-000006' to be INFO",
                        () -> assertThat(entry).hasLevel(LogLevel.INFO)),
                failing(
                        "the data of log entry 'id-000006' to be none",
                        () -> assertThat(entry).hasNoData()),
                failing(
                        "the node run of log entry 'id-000006' to be none",
                        () -> assertThat(entry).belongsToNoNodeRun()),
                failing(
                        "the message of log entry 'id-000006'",
                        () -> assertThat(entry).hasMessage("the shop")));
    }

    private static DynamicTest failing(String message, ThrowingCallable assertion) {
        return DynamicTest.dynamicTest(
                message,
                () -> assertThatThrownBy(assertion)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining(message));
    }

    @Test
    void a_failure_shows_the_timeline_of_the_execution() {
        String timeline = Timeline.of(DETAILS).toString();
        List<Consumer<ExecutionDetails>> assertions = List.of(
                details -> assertThat(details).succeeded(),
                details -> assertThat(details).logged("absent"),
                details -> assertThat(details).node("absent"),
                details -> assertThat(details).node("fetch").failed(),
                details -> assertThat(details).node("fetch").logged("absent"));

        for (Consumer<ExecutionDetails> assertion : assertions) {
            assertThatThrownBy(() -> assertion.accept(DETAILS)).hasMessageEndingWith(timeline);
        }
    }

    @Test
    void a_failure_tells_an_ide_what_was_expected_and_what_was_found() {
        assertThatThrownBy(() -> assertThat(DETAILS).succeeded())
                .hasFieldOrPropertyWithValue("expected.value", ExecutionStatus.SUCCESS)
                .hasFieldOrPropertyWithValue("actual.value", ExecutionStatus.PARTIAL);
    }

    @Test
    void percent_signs_in_what_was_recorded_do_no_harm() {
        WorkflowExecution execution = WorkflowExecution.running("100%s %n", "%d", null, TestRecords.START);

        assertThatThrownBy(() -> assertThat(execution).succeeded()).hasMessageContaining("execution '100%s %n'");
        assertThatThrownBy(() -> assertThat(execution).wasAbandoned()).hasMessageContaining("execution '100%s %n'");
    }

    @Test
    void a_description_comes_first() {
        assertThatThrownBy(() -> assertThat(DETAILS).as("the nightly import").succeeded())
                .hasMessageStartingWith("[the nightly import] expected the status");
    }

    @Test
    void an_execution_is_read_from_a_store_by_id_or_as_the_latest() {
        InMemoryExecutionStore store = new InMemoryExecutionStore();
        assertThatThrownBy(() -> assertThatLatestExecution(store))
                .hasMessageContaining("there is none")
                .hasMessageContaining("not built with synchronous()")
                .hasMessageContaining("call its flush(");
        assertThatThrownBy(() -> assertThatExecution(store, "e"))
                .hasMessageContaining("the store is empty")
                .hasMessageContaining("call its flush(");

        store.record(WorkflowExecution.running("e", "w", null, TestRecords.START));
        store.record(WorkflowExecution.running("f", "x", null, TestRecords.at(1)));
        store.record(NodeResult.of("r", "e", "fetch", NodeStatus.SUCCESS, TestRecords.at(2)));
        store.record(ExecutionChange.ended("e", ExecutionStatus.SUCCESS, TestRecords.at(3)));

        assertThatExecution(store, "e").succeeded().ranNodes("fetch");
        assertThatLatestExecution(store).isRunning().isOfWorkflow("x");
        assertThatThrownBy(() -> assertThatExecution(store, "g"))
                .hasMessageContaining("'g'")
                .hasMessageContaining("the newest are 'f' (x), 'e' (w)");
        assertThatCode(() -> assertThatExecution(store, "f").ranNodes()).doesNotThrowAnyException();
    }
}
