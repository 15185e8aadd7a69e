package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.RejectionListener;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Keeps what a recorder tells its two listeners. */
final class Told implements RecorderListener, RejectionListener {
    record Rejection(HistoryBatch lost, RuntimeException cause) {}

    record Retry(Kind kind, RuntimeException cause, int failures, Duration pause) {}

    private final List<Rejection> rejections = new ArrayList<>();
    private final List<Retry> retries = new ArrayList<>();
    private final List<RecordCounts> flushed = new ArrayList<>();
    private final List<RecordCounts> rejected = new ArrayList<>();
    private final List<RecordCounts> dropped = new ArrayList<>();
    private final List<Boolean> connections = new ArrayList<>();
    private int closed;
    private volatile Runnable afterDrop = () -> {};
    private @Nullable Supplier<PipelineStats> stats;

    @Override
    public synchronized void rejected(HistoryBatch lost, RuntimeException cause) {
        rejections.add(new Rejection(lost, cause));
    }

    @Override
    public synchronized void started(Supplier<PipelineStats> supplier) {
        stats = supplier;
    }

    @Override
    public synchronized void flushed(RecordCounts records, long bytes, Duration took) {
        flushed.add(records);
    }

    @Override
    public synchronized void retried(Kind kind, RuntimeException cause, int failures, Duration pause) {
        retries.add(new Retry(kind, cause, failures, pause));
    }

    @Override
    public synchronized void rejected(RecordCounts records, RuntimeException cause) {
        rejected.add(records);
    }

    @Override
    public void dropped(RecordCounts records) {
        synchronized (this) {
            dropped.add(records);
        }
        // It may wait for what tells something else.
        afterDrop.run();
    }

    /** Does something whenever records were dropped, on the thread that hands them over. */
    void afterDrop(Runnable step) {
        afterDrop = step;
    }

    @Override
    public synchronized void connectionChanged(boolean connected) {
        connections.add(connected);
    }

    @Override
    public synchronized void closed() {
        closed++;
    }

    synchronized List<Rejection> rejections() {
        return List.copyOf(rejections);
    }

    List<String> rejectedLogIds() {
        return rejections().stream()
                .flatMap(rejection -> rejection.lost().logs().stream())
                .map(ExecutionLog::id)
                .toList();
    }

    List<String> rejectedExecutionIds() {
        return rejections().stream()
                .flatMap(rejection -> rejection.lost().executions().stream())
                .map(WorkflowExecution::id)
                .toList();
    }

    synchronized List<Retry> retries() {
        return List.copyOf(retries);
    }

    synchronized List<Boolean> connections() {
        return List.copyOf(connections);
    }

    synchronized int closings() {
        return closed;
    }

    synchronized @Nullable Supplier<PipelineStats> stats() {
        return stats;
    }

    synchronized RecordCounts flushedCounts() {
        return sum(flushed);
    }

    synchronized RecordCounts rejectedCounts() {
        return sum(rejected);
    }

    synchronized RecordCounts droppedCounts() {
        return sum(dropped);
    }

    private static RecordCounts sum(List<RecordCounts> counts) {
        return new RecordCounts(
                sum(counts, RecordCounts::executions),
                sum(counts, RecordCounts::nodeResults),
                sum(counts, RecordCounts::logs));
    }

    private static long sum(List<RecordCounts> counts, ToLongFunction<RecordCounts> part) {
        return counts.stream().mapToLong(part).sum();
    }
}
