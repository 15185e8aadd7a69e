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

        assertThat(lines)
                .hasSizeLessThan(130)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(90));
        assertThat(lines).contains("  ... and 980 more log entries", "  ... and 900 more node results");
        assertThat(lines.get(1)).endsWith("...").doesNotContain("\uD83D...");
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
