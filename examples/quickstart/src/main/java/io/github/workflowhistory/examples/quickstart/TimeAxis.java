package io.github.workflowhistory.examples.quickstart;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Places times on a line of characters. */
record TimeAxis(Instant start, Instant end, int width) {

    /** The axis from the first to the last moment that the history knows of an execution. */
    static TimeAxis of(ExecutionDetails details, int width) {
        WorkflowExecution execution = details.execution();
        Instant start = execution.startedAt() != null ? execution.startedAt() : execution.createdAt();
        Instant end = execution.completedAt() != null ? execution.completedAt() : start;
        for (NodeResult node : details.nodeResults()) {
            start = startOf(node).isBefore(start) ? startOf(node) : start;
            end = node.finishedAt().isAfter(end) ? node.finishedAt() : end;
        }
        return new TimeAxis(start, end, width);
    }

    /** When a node started. That may never have been recorded: applications can write the tables themselves. */
    static Instant startOf(NodeResult node) {
        if (node.startedAt() != null) {
            return node.startedAt();
        }
        return node.duration() != null ? node.finishedAt().minus(node.duration()) : node.finishedAt();
    }

    /** A bar of at least one character, with blanks on both sides. */
    String bar(NodeResult node) {
        int from = Math.min(position(startOf(node)), width - 1);
        int to = Math.max(position(node.finishedAt()), from + 1);
        String mark = node.status() == NodeStatus.SKIPPED ? "·" : "█";
        return " ".repeat(from) + mark.repeat(to - from) + " ".repeat(width - to);
    }

    /** The axis itself, with the time that it spans at its end. */
    String scale() {
        String span = " " + Texts.duration(Duration.between(start, end));
        return "0 " + "─".repeat(Math.max(0, width - 2 - span.length())) + span;
    }

    private int position(Instant time) {
        long whole = Math.max(1, ChronoUnit.MICROS.between(start, end));
        return (int) Math.round((double) width * ChronoUnit.MICROS.between(start, time) / whole);
    }
}
