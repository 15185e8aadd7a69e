package io.github.workflowhistory;

import io.github.workflowhistory.HistoryClock.Stopwatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One attempt of one node, from its start to its {@link NodeResult}.
 *
 * <p>The first call that ends it wins; later ones are ignored. It may be begun in one thread, used in many and ended in
 * another. No method throws because the history cannot be written.
 */
public final class NodeRun implements HistoryLog, AutoCloseable {
    private final RecordingContext context;
    private final ExecutionRun execution;
    private final String id;
    private final String nodeId;
    private final String nodeName;
    private final int attempt;
    private final Stopwatch stopwatch;
    private volatile boolean keepsOutput = true;

    /** Read and written by the execution's {@link NodeTally} under its lock. */
    NodeTally.State state = NodeTally.State.OPEN;

    NodeRun(RecordingContext context, ExecutionRun execution, String nodeId, String nodeName, int attempt) {
        this.context = context;
        this.execution = execution;
        this.id = context.newId();
        this.nodeId = nodeId;
        this.nodeName = nodeName;
        this.attempt = attempt;
        this.stopwatch = context.clock.start();
    }

    /**
     * The id of this run, which is the id that its {@link NodeResult} will have.
     *
     * @return the id
     */
    public String id() {
        return id;
    }

    /**
     * The node of the workflow.
     *
     * @return its id
     */
    public String nodeId() {
        return nodeId;
    }

    /**
     * Which attempt of the node this is.
     *
     * @return 1 for the first
     */
    public int attempt() {
        return attempt;
    }

    /**
     * Keeps no output of this run, whatever it ends with: for outputs that are secret or of no use.
     *
     * @return this
     */
    public NodeRun discardOutput() {
        keepsOutput = false;
        return this;
    }

    /** Ends the run: it did its work and has no output. */
    public void success() {
        end(NodeStatus.SUCCESS, null, null);
    }

    /**
     * Ends the run: it did its work.
     *
     * @param output what it produced: anything that the payload codec can write, or null when there is none
     */
    public void success(@Nullable Object output) {
        end(NodeStatus.SUCCESS, output, null);
    }

    /**
     * Ends the run: it failed.
     *
     * @param error what went wrong
     */
    public void failed(String error) {
        Objects.requireNonNull(error, "error must not be null");
        end(NodeStatus.FAILED, null, context.encoder.text(error));
    }

    /**
     * Ends the run: it failed.
     *
     * @param error what was thrown; its class, message and causes are recorded
     */
    public void failed(Throwable error) {
        Objects.requireNonNull(error, "error must not be null");
        end(NodeStatus.FAILED, null, context.encoder.error(error));
    }

    /**
     * Ends the run: there turned out to be nothing to do.
     *
     * @param reason why it was skipped
     */
    public void skipped(String reason) {
        Objects.requireNonNull(reason, "reason must not be null");
        end(NodeStatus.SKIPPED, null, context.encoder.text(reason));
    }

    /**
     * Ends the run the way a callback is told: made for {@code future.whenComplete(node::end)}.
     *
     * @param output what it produced, or null
     * @param error what was thrown, or null when the work succeeded; of the {@link CompletionException} that a dependent
     *     stage puts around it, the cause is recorded
     */
    public void end(@Nullable Object output, @Nullable Throwable error) {
        if (error == null) {
            success(output);
        } else {
            failed(error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
        }
    }

    /**
     * Begins the next attempt after this one has failed. The failure stays in the history, but no longer counts when
     * the status of the execution is derived.
     *
     * @return the run of the next attempt
     * @throws IllegalStateException when this run has not failed, or was retried already
     */
    public NodeRun retry() {
        NodeRun next = new NodeRun(context, execution, nodeId, nodeName, attempt + 1);
        if (!execution.tally().retried(this, next)) {
            throw new IllegalStateException("attempt " + attempt + " of node " + Ids.quote(nodeId)
                    + " cannot be retried: it has not failed, or was retried before. End it with failed(…) first; when it"
                    + " was retried, go on with what retry() returned");
        }
        return next;
    }

    @Override
    public void log(LogLevel level, String message, @Nullable Object data) {
        Objects.requireNonNull(level, "level must not be null");
        Objects.requireNonNull(message, "message must not be null");
        context.log(execution.id(), id, level, message, data);
    }

    @Override
    public Logger logger() {
        return logger(RunLogger.DEFAULT_HOST);
    }

    @Override
    public Logger logger(Logger host) {
        return new RunLogger(Objects.requireNonNull(host, "host must not be null"), context, execution.id(), id);
    }

    /** Ends the run as failed, with an error that says so, when nobody has ended it. */
    @Override
    public void close() {
        failed("The node was closed without having been completed.");
    }

    /**
     * Ends the run because its execution has ended.
     *
     * @param recorder takes its result, if it has not ended before
     */
    void orphaned(Consumer<NodeResult> recorder) {
        String error = context.encoder.text("The execution ended while this node was still running.");
        end(NodeStatus.FAILED, null, error, recorder);
    }

    private void end(NodeStatus status, @Nullable Object output, @Nullable String error) {
        end(status, output, error, context::record);
    }

    private void end(
            NodeStatus status, @Nullable Object output, @Nullable String error, Consumer<NodeResult> recorder) {
        if (execution.tally().ended(this, status)) {
            context.guarded(() -> recorder.accept(result(status, output, error)));
        }
    }

    private NodeResult result(NodeStatus status, @Nullable Object output, @Nullable String error) {
        // Both before the output is turned into JSON, which takes time but is not the node's work.
        Instant finishedAt = context.clock.now();
        Duration duration = stopwatch.elapsed(finishedAt);
        return new NodeResult(
                id,
                execution.id(),
                nodeId,
                nodeName,
                status,
                keepsOutput ? context.payload(output) : null,
                error,
                stopwatch.startedAt(),
                finishedAt.isBefore(stopwatch.startedAt()) ? stopwatch.startedAt() : finishedAt,
                duration,
                attempt);
    }
}
