package io.github.workflowhistory.examples.traces;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.examples.traces.Trace.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares what a store holds of an execution with the trace, task by task. */
final class Verification {
    private final Trace trace;
    private final ExecutionDetails stored;
    private final List<String> differences = new ArrayList<>();

    private Verification(Trace trace, ExecutionDetails stored) {
        this.trace = trace;
        this.stored = stored;
    }

    /** What differs, a line each; empty when nothing does. */
    static List<String> differences(Trace trace, ExecutionDetails stored) throws TraceException {
        Verification verification = new Verification(trace, stored);
        TimeLine timeLine = TimeLine.of(trace);
        verification.execution(timeLine);
        verification.tasks(timeLine);
        verification.order();
        return verification.differences;
    }

    private void execution(TimeLine timeLine) {
        WorkflowExecution execution = stored.execution();
        same("workflow", trace.workflow(), execution.workflowId());
        same("user", null, execution.userId());
        same("status", ExecutionStatus.SUCCESS, execution.status());
        same("start", micros(timeLine.start()), execution.startedAt());
        same("end", micros(timeLine.end()), execution.completedAt());
        same("duration", millis(Duration.between(timeLine.start(), timeLine.end())), execution.duration());
        same("output", trace.about(), execution.finalOutput());
        same("error", null, execution.error());
    }

    private void tasks(TimeLine timeLine) {
        same(
                "number of node results",
                trace.tasks().size(),
                stored.nodeResults().size());
        same("number of logs", trace.tasks().size(), stored.logs().size());
        Map<String, NodeResult> results = new HashMap<>();
        stored.nodeResults().forEach(result -> results.put(result.nodeId(), result));
        for (TimeLine.Entry entry : timeLine.tasks()) {
            NodeResult result = results.get(entry.task().id());
            if (result == null) {
                differences.add("task '" + entry.task().id() + "' is not there");
            } else {
                result(entry, result);
                log(entry, result);
            }
        }
    }

    private void result(TimeLine.Entry entry, NodeResult result) {
        Task task = entry.task();
        String what = " of task '" + task.id() + "'";
        same("name" + what, task.name(), result.nodeName());
        same("status" + what, NodeStatus.SUCCESS, result.status());
        same("attempt" + what, 1, result.attempt());
        same("start" + what, micros(entry.start()), result.startedAt());
        same("end" + what, micros(entry.end()), result.finishedAt());
        same("duration" + what, millis(task.runtime()), result.duration());
        same("output" + what, task.measurements(), result.output());
        same("error" + what, null, result.error());
    }

    private void log(TimeLine.Entry entry, NodeResult result) {
        String what = " of the log of task '" + entry.task().id() + "'";
        List<ExecutionLog> logs = stored.logsOf(result.id());
        same("number of entries" + what, 1, logs.size());
        for (ExecutionLog log : logs) {
            same("level" + what, LogLevel.INFO, log.level());
            same("time" + what, micros(entry.start()), log.timestamp());
            same("data" + what, Json.of(entry.task().files()), log.data());
        }
    }

    /** Read in the order of the store, no task may come before one of its parents, in line or in time. */
    private void order() {
        Map<String, Integer> position = new HashMap<>();
        stored.nodeResults().forEach(result -> position.put(result.nodeId(), position.size()));
        for (Task task : trace.tasks()) {
            for (String parent : task.parents()) {
                int of = position.getOrDefault(task.id(), -1);
                int ofParent = position.getOrDefault(parent, -1);
                if (of < 0 || ofParent < 0) {
                    continue; // It is missing, which has been told.
                }
                Instant start = stored.nodeResults().get(of).startedAt();
                Instant parentEnd = stored.nodeResults().get(ofParent).finishedAt();
                if (ofParent > of || start == null || start.isBefore(parentEnd)) {
                    differences.add("task '" + task.id() + "' does not come after its parent '" + parent + "'");
                }
            }
        }
    }

    private void same(String what, @Nullable Object inTrace, @Nullable Object inStore) {
        if (!Objects.equals(inTrace, inStore)) {
            differences.add(what + ": the trace says " + inTrace + ", the store " + inStore);
        }
    }

    private static Instant micros(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    private static Duration millis(Duration duration) {
        return duration.truncatedTo(ChronoUnit.MILLIS);
    }
}
