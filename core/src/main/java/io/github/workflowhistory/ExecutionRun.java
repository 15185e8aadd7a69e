package io.github.workflowhistory;

import io.github.workflowhistory.HistoryClock.Stopwatch;
import io.github.workflowhistory.store.ExecutionChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One execution while it runs: records its nodes, its log and its end.
 *
 * <p>The first call that ends it wins; later ones are ignored. Nothing is bound to a thread: nodes may run in parallel,
 * and the execution may be ended by another thread than the one that began it. No method throws because the history
 * cannot be written.
 */
public final class ExecutionRun implements HistoryLog, AutoCloseable {
    private final RecordingContext context;
    private final String id;
    private final Stopwatch stopwatch;
    private final boolean attached;
    private final NodeTally tally = new NodeTally();
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * A handle.
     *
     * @param attached whether the execution began elsewhere, so that other nodes than those of this handle belong to it
     */
    ExecutionRun(RecordingContext context, String id, Stopwatch stopwatch, boolean attached) {
        this.context = context;
        this.id = id;
        this.stopwatch = stopwatch;
        this.attached = attached;
    }

    /**
     * The id of the execution.
     *
     * @return the id by which it is read
     */
    public String id() {
        return id;
    }

    NodeTally tally() {
        return tally;
    }

    // -- nodes

    /**
     * Runs a node and records its result. What the body returns is the node's output; what it throws ends the node as
     * failed and goes on to the caller unchanged.
     *
     * @param nodeId the node, by the rule of {@link Ids}; also its name
     * @param body the work
     * @param <T> what the work returns
     * @param <X> what it may throw
     * @return what the body returned
     * @throws X what the body threw
     * @throws IllegalArgumentException when the node id is refused
     */
    public <T extends @Nullable Object, X extends Throwable> T call(String nodeId, Body<NodeRun, T, X> body) throws X {
        return call(nodeId, nodeId, body);
    }

    /**
     * As {@link #call(String, Body)}, with a name for people.
     *
     * @param nodeId the node, by the rule of {@link Ids}
     * @param nodeName its name
     * @param body the work
     * @param <T> what the work returns
     * @param <X> what it may throw
     * @return what the body returned
     * @throws X what the body threw
     * @throws IllegalArgumentException when the node id is refused
     */
    public <T extends @Nullable Object, X extends Throwable> T call(
            String nodeId, String nodeName, Body<NodeRun, T, X> body) throws X {
        Objects.requireNonNull(body, "body must not be null");
        NodeRun node = begin(nodeId, nodeName);
        try {
            T output = body.apply(node);
            node.success(output);
            return output;
        } catch (Throwable e) {
            RecordingContext.alongside(e, () -> node.failed(e));
            throw e;
        }
    }

    /**
     * Runs a node that has no output; otherwise as {@link #call(String, Body)}.
     *
     * @param nodeId the node, by the rule of {@link Ids}; also its name
     * @param action the work
     * @param <X> what it may throw
     * @throws X what the action threw
     * @throws IllegalArgumentException when the node id is refused
     */
    public <X extends Throwable> void run(String nodeId, Action<NodeRun, X> action) throws X {
        run(nodeId, nodeId, action);
    }

    /**
     * Runs a node that has no output; otherwise as {@link #call(String, String, Body)}.
     *
     * @param nodeId the node, by the rule of {@link Ids}
     * @param nodeName its name
     * @param action the work
     * @param <X> what it may throw
     * @throws X what the action threw
     * @throws IllegalArgumentException when the node id is refused
     */
    public <X extends Throwable> void run(String nodeId, String nodeName, Action<NodeRun, X> action) throws X {
        Objects.requireNonNull(action, "action must not be null");
        NodeRun node = begin(nodeId, nodeName);
        try {
            action.accept(node);
            node.success();
        } catch (Throwable e) {
            RecordingContext.alongside(e, () -> node.failed(e));
            throw e;
        }
    }

    /**
     * Begins a node that other code ends: for callbacks and engines.
     *
     * @param nodeId the node, by the rule of {@link Ids}; also its name
     * @return the run, which is to be ended or closed
     * @throws IllegalArgumentException when the node id is refused
     */
    public NodeRun begin(String nodeId) {
        return begin(nodeId, nodeId);
    }

    /**
     * Begins a node that other code ends, with a name for people.
     *
     * @param nodeId the node, by the rule of {@link Ids}
     * @param nodeName its name
     * @return the run, which is to be ended or closed
     * @throws IllegalArgumentException when the node id is refused
     */
    public NodeRun begin(String nodeId, String nodeName) {
        Ids.requireValid("node id", nodeId);
        Objects.requireNonNull(nodeName, "nodeName must not be null");
        return begin(new NodeRun(context, this, nodeId, context.encoder.text(nodeName), 1));
    }

    NodeRun begin(NodeRun node) {
        tally.opened(node);
        return node;
    }

    /**
     * Records a node that does not run.
     *
     * @param nodeId the node, by the rule of {@link Ids}; also its name
     * @param reason why it is skipped
     * @throws IllegalArgumentException when the node id is refused
     */
    public void skip(String nodeId, String reason) {
        skip(nodeId, nodeId, reason);
    }

    /**
     * Records a node that does not run, with a name for people.
     *
     * @param nodeId the node, by the rule of {@link Ids}
     * @param nodeName its name
     * @param reason why it is skipped
     * @throws IllegalArgumentException when the node id is refused
     */
    public void skip(String nodeId, String nodeName, String reason) {
        Objects.requireNonNull(reason, "reason must not be null");
        begin(nodeId, nodeName).skipped(reason);
    }

    // -- log

    @Override
    public void log(LogLevel level, String message, @Nullable Object data) {
        Objects.requireNonNull(level, "level must not be null");
        Objects.requireNonNull(message, "message must not be null");
        context.log(id, null, level, message, data);
    }

    @Override
    public Logger logger() {
        return logger(RunLogger.DEFAULT_HOST);
    }

    @Override
    public Logger logger(Logger host) {
        return new RunLogger(Objects.requireNonNull(host, "host must not be null"), context, id, null);
    }

    // -- end

    /**
     * Ends the execution with the status that follows from its nodes: success when each succeeded or was skipped,
     * partial when some failed and some succeeded, failed when some failed and none succeeded. A node that is still open
     * is recorded as failed. For an execution that was {@linkplain WorkflowHistory#attach attached} the node results in
     * the store count, so this reads them.
     *
     * @param output the final output: anything that the payload codec can write, or null when there is none
     */
    public void complete(@Nullable Object output) {
        end(null, output, null);
    }

    /** As {@link #complete(Object)}, without an output. */
    public void complete() {
        end(null, null, null);
    }

    /**
     * Ends the execution as success, whatever its nodes did.
     *
     * @param output the final output, or null when there is none
     */
    public void success(@Nullable Object output) {
        end(ExecutionStatus.SUCCESS, output, null);
    }

    /**
     * Ends the execution as partial, whatever its nodes did.
     *
     * @param output the final output, or null when there is none
     */
    public void partial(@Nullable Object output) {
        end(ExecutionStatus.PARTIAL, output, null);
    }

    /**
     * Ends the execution as failed.
     *
     * @param error what went wrong
     */
    public void failed(String error) {
        Objects.requireNonNull(error, "error must not be null");
        end(ExecutionStatus.FAILED, null, context.encoder.text(error));
    }

    /**
     * Ends the execution as failed.
     *
     * @param error what was thrown; its class, message and causes are recorded
     */
    public void failed(Throwable error) {
        Objects.requireNonNull(error, "error must not be null");
        end(ExecutionStatus.FAILED, null, context.encoder.error(error));
    }

    /**
     * Lets go of the execution without ending it, to continue it elsewhere with {@link WorkflowHistory#attach}. It comes
     * out of the lease of this history, so that it may wait for as long as it takes. This handle ends nothing any more;
     * nodes that are open may still be ended.
     *
     * @return the id of the execution
     */
    public String detach() {
        if (ended.compareAndSet(false, true)) {
            context.backend.release(id);
        }
        return id;
    }

    /** Ends the execution as failed, with an error that says so, when nobody has ended it or let go of it. */
    @Override
    public void close() {
        failed("The execution was closed without having been completed.");
    }

    /** Runs the work of the execution and ends it by how the work ends. */
    <X extends Throwable> void perform(Action<ExecutionRun, X> action) throws X {
        try {
            action.accept(this);
            complete();
        } catch (Throwable e) {
            RecordingContext.alongside(e, () -> failed(e));
            throw e;
        }
    }

    /** Runs the work of the execution and ends it by how the work ends, with what it returns as the output. */
    <T extends @Nullable Object, X extends Throwable> T performBody(Body<ExecutionRun, T, X> body) throws X {
        try {
            T output = body.apply(this);
            complete(output);
            return output;
        } catch (Throwable e) {
            RecordingContext.alongside(e, () -> failed(e));
            throw e;
        }
    }

    private void end(@Nullable ExecutionStatus stated, @Nullable Object output, @Nullable String error) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        List<NodeResult> orphans = new ArrayList<>();
        tally.executionEnds().forEach(node -> node.orphaned(orphans::add));
        boolean isBuffered = context.backend.isBuffered();
        boolean readsStatus = attached && stated == null;
        List<Runnable> steps = new ArrayList<>();
        if (!isBuffered) {
            // One by one, so that a result which the store refuses costs no other record.
            orphans.forEach(orphan -> steps.add(() -> context.record(orphan)));
        } else if (readsStatus) {
            steps.add(() -> context.record(orphans, null));
        }
        List<NodeResult> left = isBuffered && !readsStatus ? orphans : List.of();
        steps.add(() -> context.guarded(() -> recordEnd(stated, output, error, left)));
        performAll(steps);
    }

    /** Every step, also when one before it could not be made durable: the end must not be missing for that. */
    private static void performAll(List<Runnable> steps) {
        RuntimeException failure = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void recordEnd(
            @Nullable ExecutionStatus stated,
            @Nullable Object output,
            @Nullable String error,
            List<NodeResult> orphans) {
        // Both before the store is read and the output turned into JSON, which take time but are not the host's work.
        Instant completedAt = context.clock.now();
        Duration duration = stopwatch.elapsed(completedAt);
        ExecutionStatus status =
                stated != null ? stated : attached ? AttachedStatus.of(context, id, tally.status()) : tally.status();
        Instant startedAt = stopwatch.startedAt();
        ExecutionChange change = ExecutionChange.ended(
                        id, status, completedAt.isBefore(startedAt) ? startedAt : completedAt)
                .withFinalOutput(context.payload(output))
                .withError(error);
        if (attached) {
            context.backend.withLease(lease -> lease.forget(id));
        }
        // Another process may have started an attached execution; the store knows when, so it computes the duration.
        ExecutionChange end = attached ? change : change.withDuration(duration);
        if (orphans.isEmpty()) {
            context.record(end);
        } else {
            context.record(orphans, end);
        }
    }
}
