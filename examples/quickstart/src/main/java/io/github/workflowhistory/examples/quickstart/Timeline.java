package io.github.workflowhistory.examples.quickstart;

import static java.util.Comparator.comparing;

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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Draws an execution as a table of bars on a time axis: one line per node, its logs below it, the totals at the end. */
final class Timeline {
    private static final int LONGEST_NAME = 28;
    private static final int STATUS_WIDTH = 7;
    private static final int DURATION_WIDTH = 9;
    private static final String INDENT = "    ";

    private final Terminal terminal;
    private final ExecutionDetails details;
    private final List<NodeResult> nodes;
    private final TimeAxis axis;
    private final int nameWidth;
    private final List<String> lines = new ArrayList<>();

    private Timeline(ExecutionDetails details, Terminal terminal) {
        this.details = details;
        this.terminal = terminal;
        // The store gives them in the order in which they finished; a time line reads better by their starts.
        this.nodes = details.nodeResults().stream()
                .sorted(comparing(TimeAxis::startOf))
                .toList();
        this.nameWidth = nodes.stream()
                .mapToInt(node -> Texts.fit(node.nodeName(), LONGEST_NAME).length())
                .max()
                .orElse(0);
        int barWidth = terminal.width() - nameWidth - STATUS_WIDTH - DURATION_WIDTH - 4;
        this.axis = TimeAxis.of(details, Math.max(barWidth, 10));
    }

    /** The lines to print. */
    static List<String> of(ExecutionDetails details, Terminal terminal) {
        Timeline timeline = new Timeline(details, terminal);
        timeline.header();
        timeline.nodes.forEach(timeline::node);
        timeline.totals();
        return timeline.lines;
    }

    private void header() {
        WorkflowExecution execution = details.execution();
        Instant start = execution.startedAt() != null ? execution.startedAt() : execution.createdAt();
        lines.add(terminal.bold(Texts.fit(execution.workflowId(), 50)) + "  "
                + coloured(execution.status(), execution.status().code()));
        lines.add(terminal.faint("execution " + execution.id() + ", " + start.truncatedTo(ChronoUnit.MILLIS)));
        if (execution.error() != null) {
            addText(terminal.red("✗ "), execution.error());
        }
        logsOfNoNode().forEach(this::log);
        lines.add("");
        lines.add(terminal.faint(" ".repeat(nameWidth + 1) + axis.scale()));
    }

    private void node(NodeResult node) {
        String name = Texts.pad(Texts.fit(node.nodeName(), LONGEST_NAME), nameWidth);
        String status = Texts.pad(node.status().code(), STATUS_WIDTH);
        String duration = Texts.padLeft(Texts.duration(node.duration()), DURATION_WIDTH);
        lines.add(name + " " + coloured(node.status(), axis.bar(node)) + " " + coloured(node.status(), status)
                + terminal.faint(duration));
        if (node.error() != null) {
            addText(coloured(node.status(), node.status() == NodeStatus.FAILED ? "✗ " : "– "), node.error());
        }
        details.logsOf(node.id()).forEach(this::log);
    }

    private void log(ExecutionLog log) {
        String level = Texts.pad(log.level().code(), 6);
        Json data = log.data();
        addText(
                log.level().isAtLeast(LogLevel.WARN) ? terminal.yellow(level) : terminal.faint(level),
                log.message() + (data == null ? "" : "  " + data.text()));
    }

    private void totals() {
        WorkflowExecution execution = details.execution();
        Duration work = nodes.stream()
                .map(NodeResult::duration)
                .reduce(Duration.ZERO, (sum, next) -> next == null ? sum : sum.plus(next));
        lines.add("");
        lines.add(nodes.size() + " node results (" + count(NodeStatus.SUCCESS) + ", " + count(NodeStatus.FAILED) + ", "
                + count(NodeStatus.SKIPPED) + "), " + details.logs().size() + " logs");
        lines.add("took " + Texts.duration(execution.duration()) + ", the nodes together " + Texts.duration(work));
        Json output = execution.finalOutput();
        if (output != null) {
            lines.add(Texts.fit("output " + output.text(), terminal.width()));
        }
    }

    private String count(NodeStatus status) {
        return nodes.stream().filter(node -> node.status() == status).count() + " " + status.code();
    }

    /** The log of the execution as a whole, and that of nodes which have no result yet. */
    private List<ExecutionLog> logsOfNoNode() {
        Set<String> ids = nodes.stream().map(NodeResult::id).collect(Collectors.toSet());
        return details.logs().stream()
                .filter(log -> log.nodeRunId() == null || !ids.contains(log.nodeRunId()))
                .toList();
    }

    private void addText(String mark, String text) {
        // Two columns more than the longest mark, whose colour codes take no room on the screen.
        lines.add(INDENT + mark + Texts.fit(text, terminal.width() - INDENT.length() - 8));
    }

    private String coloured(NodeStatus status, String text) {
        return switch (status) {
            case SUCCESS -> terminal.green(text);
            case FAILED -> terminal.red(text);
            case SKIPPED -> terminal.faint(text);
        };
    }

    private String coloured(ExecutionStatus status, String text) {
        return switch (status) {
            case SUCCESS -> terminal.green(text);
            case FAILED -> terminal.red(text);
            case PARTIAL -> terminal.yellow(text);
            case QUEUED, RUNNING -> terminal.bold(text);
        };
    }
}
