package io.github.workflowhistory.examples.traces;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.examples.traces.Trace.Task;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A trace as history: one execution, a node result per task, a log per task.
 *
 * <p>{@code WorkflowHistory} records what happens now, by its own clock. What happened long ago has times and ids of its
 * own, so this makes the records itself and gives them to the store in batches. Each batch takes effect whole or not at
 * all, and one that comes again changes nothing: an import that was cut off is completed by running it again.
 */
final class TraceHistory {
    private static final int TASKS_PER_BATCH = 1_000;

    private TraceHistory() {}

    /** The batches, which are to be recorded in this order. */
    static List<HistoryBatch> batches(Trace trace) throws TraceException {
        TimeLine timeLine = TimeLine.of(trace);
        List<HistoryBatch> batches = new ArrayList<>();
        HistoryBatch.Builder batch = HistoryBatch.builder().add(started(trace, timeLine));
        for (int i = 0; i < timeLine.tasks().size(); i++) {
            if (i > 0 && i % TASKS_PER_BATCH == 0) {
                batches.add(batch.build());
                batch = HistoryBatch.builder();
            }
            TimeLine.Entry entry = timeLine.tasks().get(i);
            batch.add(result(trace, entry, i)).add(log(trace, entry, i));
        }
        // In one batch with its start, the end becomes part of the same row.
        batches.add(batch.add(ended(trace, timeLine)).build());
        return batches;
    }

    private static WorkflowExecution started(Trace trace, TimeLine timeLine) {
        return WorkflowExecution.running(trace.id(), trace.workflow(), null, timeLine.start());
    }

    private static ExecutionChange ended(Trace trace, TimeLine timeLine) {
        // A trace has only tasks that did their work.
        return ExecutionChange.ended(trace.id(), ExecutionStatus.SUCCESS, timeLine.end())
                .withDuration(Duration.between(timeLine.start(), timeLine.end()))
                .withFinalOutput(trace.about());
    }

    private static NodeResult result(Trace trace, TimeLine.Entry entry, int position) {
        Task task = entry.task();
        return new NodeResult(
                resultId(trace, position),
                trace.id(),
                task.id(),
                task.name(),
                NodeStatus.SUCCESS,
                task.measurements(),
                null,
                entry.start(),
                entry.end(),
                task.runtime(),
                1);
    }

    private static ExecutionLog log(Trace trace, TimeLine.Entry entry, int position) {
        Trace.Files files = entry.task().files();
        return new ExecutionLog(
                resultId(trace, position) + "/log",
                trace.id(),
                resultId(trace, position),
                LogLevel.INFO,
                "started: " + files.read().size() + " files to read, "
                        + files.written().size() + " to write",
                Json.of(files),
                entry.start());
    }

    /**
     * Derived from the trace, so that the same file gives the same ids. Results are read by the time they finished,
     * equal times by id: with its position in it, parents come before their children even where a task took no time.
     */
    private static String resultId(Trace trace, int position) {
        return String.format(Locale.ROOT, "%s/%06d", trace.id(), position);
    }
}
