package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryOrder;
import io.github.workflowhistory.testkit.TimelineLines.About;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An execution as plain text, for people: each node a bar on the time axis with its status and duration, its logs under
 * it, the totals below. The {@linkplain HistoryAssertions assertions} print it when they fail.
 *
 * <pre>
 * execution id-000001 of import-orders: partial, 1.20 s, started 2026-01-01T00:00:00Z
 *   +0 ms INFO  starting
 *   fetch success     700 ms |============        |
 *     +200 ms WARN  the shop is slow
 *   index failed      500 ms |           =========| IllegalStateException: no index
 *     caused by: IOException: disk full
 *   mail  skipped            |                   :| nothing new
 * 3 node results: 1 success, 1 failed, 1 skipped; 2 log entries: 1 info, 1 warn
 * </pre>
 *
 * <p>Long texts are cut, and there are 100 lines at most, so that the timeline of any execution can stand in an error
 * message: what tells of failed nodes stays longest, log entries of other nodes go first. Immutable.
 */
public final class Timeline {
    /** The width of {@link #toString()}, in characters. */
    public static final int DEFAULT_WIDTH = 120;

    private static final int SMALLEST_WIDTH = 60;
    private static final int SMALLEST_BAR = 20;
    private static final int MOST_LINES = 100;
    private static final int MOST_LOGS = 20;
    private static final int MOST_CAUSES = 3;
    private static final int LONGEST_NAME = 30;

    private final ExecutionDetails details;
    private final Map<String, List<ExecutionLog>> logsOfRuns;
    private final Instant start;
    private final Instant end;

    private Timeline(ExecutionDetails details) {
        this.details = details;
        this.logsOfRuns = details.logs().stream()
                .filter(log -> log.nodeRunId() != null)
                .collect(Collectors.groupingBy(
                        log -> Objects.requireNonNull(log.nodeRunId()), LinkedHashMap::new, Collectors.toList()));
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
        TimelineLines lines = new TimelineLines();
        addLogs(lines, About.LOG, "  ", columns, logsOfNoRun());
        addNodes(lines, columns);
        addOpenRuns(lines, columns);
        List<String> all = new ArrayList<>();
        all.add(headline());
        all.addAll(lines.atMost(
                MOST_LINES - 2, details.nodeResults().size(), details.logs().size()));
        all.add(totals());
        return String.join("\n", all);
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
            line.append(", error: ")
                    .append(TimelineText.oneLine(TimelineText.shortClassName(execution.error()), DEFAULT_WIDTH));
        }
        return line.toString();
    }

    private void addNodes(TimelineLines lines, int columns) {
        List<NodeResult> nodes = details.nodeResults().stream()
                .sorted(Comparator.comparing(Timeline::startOf).thenComparing(HistoryOrder.NODE_RESULTS))
                .toList();
        int nameWidth = Math.max(1, Math.min(LONGEST_NAME, longest(nodes, Timeline::name)));
        int besideTexts =
                columns - nameWidth - 25 - longest(nodes, node -> error(node).get(0));
        int barWidth = Math.max(SMALLEST_BAR, Math.min(columns - nameWidth - 60, besideTexts));
        for (NodeResult node : nodes) {
            boolean failed = node.status() == NodeStatus.FAILED;
            About belongings = failed ? About.FAILURE : About.LOG;
            String line = nodeLine(node, nameWidth, barWidth);
            int room = Math.max(20, columns - line.length());
            List<String> error = error(node);
            lines.addNode(
                    failed ? About.FAILED_NODE : About.OTHER_NODE,
                    (line + TimelineText.oneLine(error.get(0), room)).stripTrailing());
            // What had to be cut stands once more below, where it has the whole width.
            List<String> below = error.get(0).length() > room ? error : error.subList(1, error.size());
            for (String text : below.subList(Math.max(0, below.size() - MOST_CAUSES), below.size())) {
                lines.addNote(belongings, "    " + TimelineText.oneLine(text, columns - 4));
            }
            addLogs(lines, belongings, "    ", columns, logsOfRuns.getOrDefault(node.id(), List.of()));
        }
    }

    private static int longest(List<NodeResult> nodes, Function<NodeResult, String> text) {
        return nodes.stream().mapToInt(node -> text.apply(node).length()).max().orElse(0);
    }

    /** The error of a node, or why it was skipped, then the causes, each for a line of its own. */
    private static List<String> error(NodeResult node) {
        return node.error() == null ? List.of("") : TimelineText.errorAndCauses(node.error());
    }

    private String nodeLine(NodeResult node, int nameWidth, int barWidth) {
        return String.format(
                Locale.ROOT,
                "  %-" + nameWidth + "s %-7s %10s |%s| ",
                TimelineText.oneLine(name(node), LONGEST_NAME),
                node.status().code(),
                node.duration() == null ? "" : TimelineText.duration(node.duration()),
                TimelineText.bar(
                        barWidth,
                        fraction(startOf(node)),
                        fraction(node.finishedAt()),
                        node.status() == NodeStatus.SKIPPED));
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

    private void addOpenRuns(TimelineLines lines, int columns) {
        Set<String> ended = details.nodeResults().stream().map(NodeResult::id).collect(Collectors.toSet());
        logsOfRuns.forEach((run, logs) -> {
            if (!ended.contains(run)) {
                lines.addNote(About.OTHER_NODE, "  (node run " + run + ", which has no result)");
                addLogs(lines, About.LOG, "    ", columns, logs);
            }
        });
    }

    private List<ExecutionLog> logsOfNoRun() {
        return details.logs().stream().filter(log -> log.nodeRunId() == null).toList();
    }

    private void addLogs(TimelineLines lines, About about, String indent, int columns, List<ExecutionLog> logs) {
        for (ExecutionLog log : logs.subList(0, Math.min(MOST_LOGS, logs.size()))) {
            String line = indent + offset(log.timestamp()) + " "
                    + String.format(Locale.ROOT, "%-5s ", log.level().name());
            String data = log.data() == null ? "" : " " + log.data();
            String text = TimelineText.oneLine(log.message() + data, Math.max(20, columns - line.length()));
            lines.addLog(about, line + text);
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
