package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An execution as plain text, for people: each node a bar on the time axis with its status and duration, its logs under
 * it, the totals below. The {@linkplain HistoryAssertions assertions} print it when they fail.
 *
 * <pre>
 * execution id-000001 of import-orders: partial, 1.20 s, started 2026-01-01T00:00:00Z
 *   +0 ms INFO  starting
 *   fetch   success  700 ms |================            |
 *     +200 ms WARN  the shop is slow
 *   index   failed   500 ms |                 ===========| IllegalStateException: no index
 *   mail    skipped         |                           :| nothing new
 * 3 node results: 1 success, 1 failed, 1 skipped; 2 log entries: 1 info, 1 warn
 * </pre>
 *
 * <p>Long texts and long lists are cut, so that the timeline of any execution can stand in an error message. Immutable.
 */
public final class Timeline {
    /** The width of {@link #toString()}, in characters. */
    public static final int DEFAULT_WIDTH = 120;

    private static final int SMALLEST_WIDTH = 60;
    private static final int MOST_NODES = 100;
    private static final int MOST_LOGS = 20;
    private static final int LONGEST_NAME = 30;

    private final ExecutionDetails details;
    private final Instant start;
    private final Instant end;

    private Timeline(ExecutionDetails details) {
        this.details = details;
        this.start = times().min(Comparator.naturalOrder()).orElseThrow();
        this.end = times().max(Comparator.naturalOrder()).orElseThrow();
    }

    /**
     * The timeline of an execution.
     *
     * @param details the execution with its node results and logs
     * @return its timeline
     */
    public static Timeline of(ExecutionDetails details) {
        return new Timeline(Objects.requireNonNull(details, "details must not be null"));
    }

    /**
     * Renders the timeline.
     *
     * @param width how long a line may be, in characters; at least 60 are used. The lines of nodes and the messages of
     *     logs keep to it, the first and the last line may be longer
     * @return several lines, separated by {@code "\n"}, without one at the end
     */
    public String render(int width) {
        int columns = Math.max(width, SMALLEST_WIDTH);
        List<String> lines = new ArrayList<>();
        lines.add(headline());
        addLogs(lines, "  ", columns, logs(log -> log.nodeRunId() == null));
        addNodes(lines, columns);
        addOpenRuns(lines, columns);
        lines.add(totals());
        return String.join("\n", lines);
    }

    /**
     * The timeline in {@value #DEFAULT_WIDTH} columns.
     *
     * @return see {@link #render}
     */
    @Override
    public String toString() {
        return render(DEFAULT_WIDTH);
    }

    private Stream<Instant> times() {
        WorkflowExecution execution = details.execution();
        Instant first = execution.startedAt() != null ? execution.startedAt() : execution.createdAt();
        Instant last = execution.completedAt() != null ? execution.completedAt() : first;
        return Stream.concat(
                Stream.of(first, last),
                details.nodeResults().stream().flatMap(node -> Stream.of(startOf(node), node.finishedAt())));
    }

    private static Instant startOf(NodeResult node) {
        if (node.startedAt() != null) {
            return node.startedAt();
        }
        return node.duration() == null ? node.finishedAt() : node.finishedAt().minus(node.duration());
    }

    private String headline() {
        WorkflowExecution execution = details.execution();
        StringBuilder line = new StringBuilder("execution ")
                .append(execution.id())
                .append(" of ")
                .append(execution.workflowId())
                .append(": ")
                .append(execution.status().code());
        if (execution.duration() != null) {
            line.append(", ").append(TimelineText.duration(execution.duration()));
        }
        line.append(execution.startedAt() == null ? ", recorded " : ", started ")
                .append(execution.startedAt() == null ? execution.createdAt() : execution.startedAt());
        if (execution.isAbandoned()) {
            line.append(", abandoned");
        }
        if (execution.error() != null) {
            line.append(", error: ").append(TimelineText.oneLine(execution.error(), DEFAULT_WIDTH));
        }
        return line.toString();
    }

    private void addNodes(List<String> lines, int columns) {
        List<NodeResult> nodes = details.nodeResults().stream()
                .sorted(Comparator.comparing(Timeline::startOf).thenComparing(HistoryOrder.NODE_RESULTS))
                .toList();
        int nameWidth = Math.min(
                LONGEST_NAME,
                nodes.stream().mapToInt(node -> name(node).length()).max().orElse(0));
        int barWidth = Math.max(20, columns - nameWidth - 60);
        for (NodeResult node : nodes.subList(0, Math.min(MOST_NODES, nodes.size()))) {
            lines.add(nodeLine(node, nameWidth, barWidth, columns));
            addLogs(lines, "    ", columns, logs(log -> node.id().equals(log.nodeRunId())));
        }
        if (nodes.size() > MOST_NODES) {
            lines.add("  ... and " + (nodes.size() - MOST_NODES) + " more node results");
        }
    }

    private String nodeLine(NodeResult node, int nameWidth, int barWidth, int columns) {
        String line = String.format(
                Locale.ROOT,
                "  %-" + Math.max(1, nameWidth) + "s %-7s %10s |%s|",
                TimelineText.oneLine(name(node), LONGEST_NAME),
                node.status().code(),
                node.duration() == null ? "" : TimelineText.duration(node.duration()),
                TimelineText.bar(
                        barWidth,
                        fraction(startOf(node)),
                        fraction(node.finishedAt()),
                        node.status() == NodeStatus.SKIPPED));
        return node.error() == null
                ? line
                : line + " " + TimelineText.oneLine(node.error(), Math.max(20, columns - line.length() - 1));
    }

    private static String name(NodeResult node) {
        return node.attempt() == 1 ? node.nodeId() : node.nodeId() + " #" + node.attempt();
    }

    /** Where on the axis an instant lies, from 0 to 1. */
    private double fraction(Instant time) {
        Duration whole = Duration.between(start, end);
        return whole.isZero() ? 0 : seconds(Duration.between(start, time)) / seconds(whole);
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }

    private void addOpenRuns(List<String> lines, int columns) {
        Set<String> ended = details.nodeResults().stream().map(NodeResult::id).collect(Collectors.toSet());
        List<String> open = details.logs().stream()
                .map(ExecutionLog::nodeRunId)
                .filter(run -> run != null && !ended.contains(run))
                .distinct()
                .toList();
        for (String run : open) {
            lines.add("  (node run " + run + ", which has no result)");
            addLogs(lines, "    ", columns, logs(log -> run.equals(log.nodeRunId())));
        }
    }

    private List<ExecutionLog> logs(Predicate<ExecutionLog> which) {
        return details.logs().stream().filter(which).toList();
    }

    private void addLogs(List<String> lines, String indent, int columns, List<ExecutionLog> logs) {
        for (ExecutionLog log : logs.subList(0, Math.min(MOST_LOGS, logs.size()))) {
            String line = indent + offset(log.timestamp()) + " "
                    + String.format(Locale.ROOT, "%-5s ", log.level().name());
            String data = log.data() == null ? "" : " " + log.data();
            lines.add(line + TimelineText.oneLine(log.message() + data, Math.max(20, columns - line.length())));
        }
        if (logs.size() > MOST_LOGS) {
            lines.add(indent + "... and " + (logs.size() - MOST_LOGS) + " more log entries");
        }
    }

    private String offset(Instant time) {
        Duration offset = Duration.between(start, time);
        return offset.isNegative()
                ? "-" + TimelineText.duration(offset.negated())
                : "+" + TimelineText.duration(offset);
    }

    private String totals() {
        String nodes = counts(Stream.of(NodeStatus.values())
                .map(status -> new Count(
                        status.code(),
                        details.nodeResults().stream()
                                .filter(node -> node.status() == status)
                                .count())));
        String logs = counts(Stream.of(LogLevel.values())
                .map(level -> new Count(
                        level.code(),
                        details.logs().stream()
                                .filter(log -> log.level() == level)
                                .count())));
        return TimelineText.number(details.nodeResults().size(), "node result") + nodes + "; "
                + TimelineText.number(details.logs().size(), "log entry") + logs;
    }

    private record Count(String what, long number) {}

    private static String counts(Stream<Count> counts) {
        String text = counts.filter(count -> count.number() > 0)
                .map(count -> count.number() + " " + count.what())
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "" : ": " + text;
    }
}
