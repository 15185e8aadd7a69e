package io.github.workflowhistory.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void each_node_is_a_bar_with_its_logs_under_it_and_the_totals_below() {
        assertThat(Timeline.of(TestRecords.partial()).render(84)).isEqualTo("""
                        execution id-000001 of import-orders: partial, 1.20 s, started 2026-01-01T00:00:00Z, error: 1 of 3 nodes failed
                          +0 ms INFO  starting
                          fetch   success     700 ms |============        |
                            +200 ms WARN  the shop is slow {"seconds":7}
                          index   failed      500 ms |           =========| IllegalStateException: no index
                          mail #2 skipped            |                   :| nothing new
                          (node run id-000099, which has no result)
                            +900 ms DEBUG still running
                        3 node results: 1 success, 1 failed, 1 skipped; 3 log entries: 1 debug, 1 info, 1 warn""");
    }

    @Test
    void an_execution_without_anything_has_a_timeline() {
        WorkflowExecution queued = WorkflowExecution.queued("e", "w", null, START);

        assertThat(Timeline.of(new ExecutionDetails(queued, List.of(), List.of())))
                .hasToString("execution e of w: queued, recorded 2026-01-01T00:00:00Z\n0 node results; 0 log entries");
    }

    @Test
    void a_node_without_times_is_drawn_where_it_finished() {
        WorkflowExecution running = WorkflowExecution.running("e", "w", null, START);
        ExecutionDetails details = new ExecutionDetails(
                running,
                List.of(
                        NodeResult.of("1", "e", "early", NodeStatus.SUCCESS, START),
                        NodeResult.of("2", "e", "late", NodeStatus.SUCCESS, START.plusSeconds(10))),
                List.of());

        assertThat(Timeline.of(details).render(1).lines())
                .contains(
                        "  early success            |=                   |",
                        "  late  success            |                   =|");
    }

    @Test
    void nodes_that_ended_before_the_execution_began_do_not_break_the_axis() {
        WorkflowExecution running = WorkflowExecution.running("e", "w", null, START);
        ExecutionDetails details = new ExecutionDetails(
                running,
                List.of(new NodeResult(
                        "1",
                        "e",
                        "odd",
                        "Odd",
                        NodeStatus.SUCCESS,
                        null,
                        null,
                        START.plusSeconds(5),
                        START.minusSeconds(5),
                        Duration.ofDays(400),
                        1)),
                List.of(ExecutionLog.of("l", "e", LogLevel.INFO, "before", START.minusSeconds(3_600))));

        assertThat(Timeline.of(details).toString()).contains("24 d 20 h").contains("-59 min 55 s INFO  before");
    }

    @Test
    void long_lists_and_long_texts_are_cut() {
        List<ExecutionLog> logs = new ArrayList<>();
        List<NodeResult> nodes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            logs.add(ExecutionLog.of("l" + i, "e", LogLevel.INFO, "\uD83D\uDE80\n".repeat(10_000), START));
            nodes.add(NodeResult.of("r" + i, "e", "node" + "x".repeat(i / 10), NodeStatus.SUCCESS, START));
        }
        ExecutionDetails details = new ExecutionDetails(WorkflowExecution.running("e", "w", null, START), nodes, logs);

        List<String> lines = Timeline.of(details).render(90).lines().toList();

        assertThat(lines).hasSize(100).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(90));
        assertThat(lines.get(98)).isEqualTo("  ... and 903 more node results, 1000 more log entries");
        assertThat(lines.get(1)).contains("node ");
        assertThat(Timeline.of(new ExecutionDetails(details.execution(), List.of(), logs))
                        .render(90)
                        .lines())
                .hasSize(23)
                .contains("  ... and 980 more log entries")
                .filteredOn(line -> line.contains("INFO"))
                .hasSize(20)
                .allSatisfy(line -> assertThat(line)
                        .hasSizeLessThanOrEqualTo(90)
                        .endsWith("...")
                        .doesNotContain("\uD83D..."));
    }

    @Test
    void a_node_that_failed_is_shown_with_its_error_its_causes_and_its_log_among_any_number_of_others() {
        List<ExecutionLog> logs = new ArrayList<>();
        List<NodeResult> nodes = new ArrayList<>();
        for (int i = 0; i < 201; i++) {
            NodeStatus status = i == 170 ? NodeStatus.FAILED : NodeStatus.SUCCESS;
            nodes.add(result("r" + i, "order-" + i, status, i == 170 ? "no such order" : null, START.plusMillis(i)));
            for (int j = 0; j < 20; j++) {
                logs.add(new ExecutionLog(
                        "l" + i + "-" + j, "e", "r" + i, LogLevel.INFO, "looked at " + i, null, START.plusMillis(i)));
            }
        }

        List<String> lines =
                Timeline.of(details(nodes, logs)).toString().lines().toList();

        assertThat(lines).hasSize(100);
        assertThat(lines).filteredOn(line -> line.endsWith("| no such order")).hasSize(1);
        assertThat(lines)
                .filteredOn(line -> line.contains("looked at"))
                .hasSize(20)
                .allSatisfy(line -> assertThat(line).contains("looked at 170"));
        assertThat(lines.get(98)).isEqualTo("  ... and 124 more node results, 4000 more log entries");
    }

    @Test
    void more_failures_than_there_are_lines_are_counted() {
        List<NodeResult> nodes = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            nodes.add(result("ok" + i, "fine", NodeStatus.SUCCESS, null, START));
            nodes.add(result("r" + i, "broken", NodeStatus.FAILED, "no\ncaused by: that", START.plusMillis(1)));
        }

        List<String> lines =
                Timeline.of(details(nodes, List.of())).toString().lines().toList();

        assertThat(lines).hasSize(100);
        assertThat(lines.subList(1, 98)).allSatisfy(line -> assertThat(line).contains("broken"));
        assertThat(lines.get(98)).isEqualTo("  ... and 203 more node results");
        assertThat(lines.get(99)).contains("150 failed");
    }

    @Test
    void an_error_is_told_with_short_class_names_and_has_the_room_that_it_needs() {
        String error = "java.lang.IllegalStateException: the mail server does not answer\n"
                + "caused by: com.acme.Mail$Failure: a: b\ncaused by: java.net.ConnectException";

        assertThat(Timeline.of(details(List.of(result("r", "mail", NodeStatus.FAILED, error, START)), List.of()))
                        .toString())
                .contains("""
                        | IllegalStateException: the mail server does not answer
                            caused by: Mail$Failure: a: b
                            caused by: ConnectException
                        """);
    }

    @Test
    void an_error_that_is_too_long_for_the_line_of_its_node_stands_below_it() {
        String error = "java.io.IOException: " + "a".repeat(60) + " the end";

        assertThat(Timeline.of(details(List.of(result("r", "mail", NodeStatus.FAILED, error, START)), List.of()))
                        .render(90))
                .contains("""
                        |=                   | IOException: aaaaaaaaaaaaaaaaaaaaaaaaa...
                            IOException: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa the end
                        """);
    }

    @Test
    void a_text_that_only_looks_like_a_class_keeps_all_its_words() {
        assertThat(TimelineText.shortClassName("see example.org: Nothing")).isEqualTo("see example.org: Nothing");
        assertThat(TimelineText.shortClassName("orders.Csv is missing")).isEqualTo("orders.Csv is missing");
        assertThat(TimelineText.shortClassName("a.b.C")).isEqualTo("C");
    }

    @Test
    void without_texts_beside_them_the_bars_take_the_width() {
        List<NodeResult> nodes = List.of(result("r", "mail", NodeStatus.SUCCESS, null, START));

        assertThat(Timeline.of(details(nodes, List.of())).toString().lines())
                .contains("  mail success            |=" + " ".repeat(55) + "|");
    }

    private static ExecutionDetails details(List<NodeResult> nodes, List<ExecutionLog> logs) {
        return new ExecutionDetails(WorkflowExecution.running("e", "w", null, START), nodes, logs);
    }

    private static NodeResult result(String id, String node, NodeStatus status, @Nullable String error, Instant end) {
        return new NodeResult(id, "e", node, node, status, null, error, null, end, null, 1);
    }

    @Test
    void durations_are_told_in_two_units_at_most() {
        assertThat(TimelineText.duration(Duration.ofMillis(999))).isEqualTo("999 ms");
        assertThat(TimelineText.duration(Duration.ofMillis(1_999))).isEqualTo("1.99 s");
        assertThat(TimelineText.duration(Duration.ofMillis(59_999))).isEqualTo("59.99 s");
        assertThat(TimelineText.duration(Duration.ofSeconds(125))).isEqualTo("2 min 5 s");
        assertThat(TimelineText.duration(Duration.ofMinutes(61))).isEqualTo("1 h 1 min");
        assertThat(TimelineText.duration(Duration.ofDays(40))).isEqualTo("40 d 0 h");
    }
}
