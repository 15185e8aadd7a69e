package io.github.workflowhistory.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");
    private static final Terminal PLAIN = new Terminal(72, false);

    @Test
    void each_node_is_a_bar_with_its_status_and_duration_and_its_logs_below() {
        ExecutionDetails details = new ExecutionDetails(
                ended(ExecutionStatus.PARTIAL, 400),
                List.of(
                        node("n1", "Fetch", NodeStatus.SUCCESS, 0, 200, null),
                        node("n3", "Mail", NodeStatus.SKIPPED, 200, 200, "nothing new"),
                        node(
                                "n2",
                                "Index",
                                NodeStatus.FAILED,
                                100,
                                400,
                                "java.io.IOException: disk full\ncaused by: x")),
                List.of(
                        log("l1", null, LogLevel.INFO, "begins", null, 0),
                        log("l2", "n1", LogLevel.WARN, "slow", Json.of(List.of(7)), 50)));

        assertThat(Timeline.of(details, PLAIN))
                .containsExactly(
                        "import  partial",
                        "execution e1, 2026-11-25T10:00:00Z",
                        "    info  begins",
                        "",
                        "      0 ────────────────────────────────────── 400 ms",
                        "Fetch ████████████████████████                        success   200 ms",
                        "    warn  slow  [7]",
                        "Index             ███████████████████████████████████ failed    300 ms",
                        "    ✗ java.io.IOException: disk full",
                        "Mail                          ·                       skipped   < 1 ms",
                        "    – nothing new",
                        "",
                        "3 node results (1 success, 1 failed, 1 skipped), 2 logs",
                        "took 400 ms, the nodes together 500 ms",
                        "output {\"ok\":true}");
    }

    @Test
    void an_execution_without_nodes_times_or_end_can_be_drawn() {
        ExecutionDetails details =
                new ExecutionDetails(WorkflowExecution.queued("e1", "import", null, START), List.of(), List.of());

        assertThat(Timeline.of(details, PLAIN)).contains("import  queued", "took ?, the nodes together < 1 ms");
    }

    @Test
    void a_node_whose_start_was_never_recorded_begins_its_duration_before_its_end() {
        NodeResult node = new NodeResult(
                "n1", "e1", "a", "a", NodeStatus.SUCCESS, null, null, null, at(400), Duration.ofMillis(200), 1);
        ExecutionDetails details = new ExecutionDetails(ended(ExecutionStatus.SUCCESS, 400), List.of(node), List.of());

        assertThat(Timeline.of(details, PLAIN))
                .anySatisfy(line -> assertThat(line).matches("a {26,27}█{25,26} success   200 ms"));
    }

    @Test
    void lines_fit_the_terminal_and_cannot_command_it() {
        String hostile = "\u001b[2J" + "x".repeat(300);
        ExecutionDetails details = new ExecutionDetails(
                ended(ExecutionStatus.FAILED, 400),
                List.of(node("n1", hostile, NodeStatus.FAILED, 0, 400, hostile)),
                List.of(log("l1", "n1", LogLevel.INFO, hostile, Json.of(hostile), 1)));

        assertThat(Timeline.of(details, PLAIN).subList(2, 7))
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(72).doesNotContain("\u001b"));
    }

    @Test
    void colours_come_only_where_the_terminal_takes_them() {
        ExecutionDetails details = new ExecutionDetails(
                ended(ExecutionStatus.FAILED, 400),
                List.of(node("n1", "a", NodeStatus.FAILED, 0, 400, "x")),
                List.of());

        assertThat(String.join("\n", Timeline.of(details, new Terminal(72, true))))
                .contains("\u001b[31mfailed");
    }

    private static WorkflowExecution ended(ExecutionStatus status, long millis) {
        return new WorkflowExecution(
                "e1",
                "import",
                null,
                status,
                START,
                at(millis),
                Duration.ofMillis(millis),
                Json.parse("{\"ok\":true}"),
                null,
                START,
                null,
                null);
    }

    private static NodeResult node(String id, String name, NodeStatus status, long from, long to, String error) {
        return new NodeResult(
                id, "e1", id, name, status, null, error, at(from), at(to), Duration.ofMillis(to - from), 1);
    }

    private static ExecutionLog log(String id, String node, LogLevel level, String message, Json data, long at) {
        return new ExecutionLog(id, "e1", node, level, message, data, at(at));
    }

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }
}
