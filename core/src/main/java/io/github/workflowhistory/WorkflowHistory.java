package io.github.workflowhistory;

import io.github.workflowhistory.HistoryClock.Stopwatch;
import io.github.workflowhistory.pipeline.NotDurableException;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.PipelineStats;
import io.github.workflowhistory.pipeline.RecorderListener;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.ExecutionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way in: records the executions of workflows. One per application; safe for use by many threads.
 *
 * <pre>{@code
 * WorkflowHistory history = WorkflowHistory.builder(store).build();
 *
 * Summary summary = history.record("import-orders", userId, run -> {
 *     List<Order> orders = run.call("fetch", "Fetch orders", node -> {
 *         node.info("asking the shop", Map.of("since", since));
 *         return shop.fetch(since);
 *     });
 *     if (orders.isEmpty()) {
 *         run.skip("mail", "nothing new");
 *     } else {
 *         run.run("mail", node -> mailer.send(orders));
 *     }
 *     return new Summary(orders.size());
 * });
 * }</pre>
 *
 * <p><b>History never breaks the host.</b> Only misuse throws: null where a value must be, and ids that break the rule
 * of {@link Ids}. Calls put what happened into a bounded buffer and return; a thread of the history's own writes it to
 * the store, in batches, and tries again for as long as the store is away. A call waits only when the buffer is full,
 * and then at most {@link PipelineSettings#maxBlock()}. What cannot be recorded goes to the {@link RejectionListener},
 * and the work goes on.
 *
 * <p>A store that acts as an end user is never buffered: calls write at once, on the calling thread.
 *
 * <p><b>Close it</b> when the last execution has ended: it writes what is left. A JVM that ends by itself or by a signal
 * closes it, too, by a shutdown hook.
 *
 * <p><b>A process that dies leaves its executions running.</b> So a history keeps a lease in the store, if the store has
 * {@link ExecutionLeases}, and ends executions of processes that have lost theirs, see
 * {@link PipelineSettings.Builder#abandonAfter}.
 */
public final class WorkflowHistory implements AutoCloseable {
    private static final String NOT_BEGUN =
            "The start of this execution could not be made durable in time, so its work was not begun.";
    private static final WorkflowHistory NOOP =
            builder(NoopStore.INSTANCE).synchronous().build();

    private final RecordingContext context;

    private WorkflowHistory(RecordingContext context) {
        this.context = context;
    }

    /**
     * Starts to set up a history.
     *
     * @param store where it is kept; this library never closes it, nor what is behind it
     * @return a builder with the defaults
     */
    public static Builder builder(ExecutionStore store) {
        return new Builder(store);
    }

    /**
     * A history that records nothing: work runs as usual, and nothing is kept.
     *
     * @return always the same instance; closing it does nothing
     */
    public static WorkflowHistory noop() {
        return NOOP;
    }

    /**
     * Runs the work of an execution and records it. What the body returns is the final output; what it throws ends the
     * execution as failed and goes on to the caller unchanged. Otherwise the status follows from the nodes, unless the
     * body has ended the execution itself; see {@link ExecutionRun#complete(Object)}.
     *
     * @param workflowId the workflow, by the rule of {@link Ids}
     * @param userId the user to whom the execution belongs, or null when it belongs to no user
     * @param body the work
     * @param <T> what the work returns
     * @param <X> what it may throw
     * @return what the body returned
     * @throws X what the body threw
     * @throws IllegalArgumentException when the workflow id is refused
     */
    public <T extends @Nullable Object, X extends Throwable> T record(
            String workflowId, @Nullable UUID userId, Body<ExecutionRun, T, X> body) throws X {
        return execution(workflowId).userId(userId).record(body);
    }

    /**
     * Runs the work of an execution that has no output and records it; otherwise as {@link #record}.
     *
     * @param workflowId the workflow, by the rule of {@link Ids}
     * @param userId the user to whom the execution belongs, or null when it belongs to no user
     * @param action the work
     * @param <X> what it may throw
     * @throws X what the action threw
     * @throws IllegalArgumentException when the workflow id is refused
     */
    public <X extends Throwable> void run(String workflowId, @Nullable UUID userId, Action<ExecutionRun, X> action)
            throws X {
        execution(workflowId).userId(userId).run(action);
    }

    /**
     * Begins an execution that other code ends: for engines and callbacks.
     *
     * @param workflowId the workflow, by the rule of {@link Ids}
     * @param userId the user to whom the execution belongs, or null when it belongs to no user
     * @return the run, which is to be ended, {@linkplain ExecutionRun#detach let go} or closed
     * @throws IllegalArgumentException when the workflow id is refused
     */
    public ExecutionRun begin(String workflowId, @Nullable UUID userId) {
        return execution(workflowId).userId(userId).begin();
    }

    /**
     * Records an execution that waits for a worker. {@link #attach} starts it, in any process. When this returns the
     * execution is in the store, unless that takes longer than {@link PipelineSettings#maxBlock()}; then it waits in the
     * buffer.
     *
     * @param workflowId the workflow, by the rule of {@link Ids}
     * @param userId the user to whom the execution belongs, or null when it belongs to no user
     * @return the id of the execution
     * @throws IllegalArgumentException when the workflow id is refused
     */
    public String recordQueued(String workflowId, @Nullable UUID userId) {
        return execution(workflowId).userId(userId).queue();
    }

    /**
     * Prepares an execution of which there is more to say, such as an id of the host's.
     *
     * @param workflowId the workflow, by the rule of {@link Ids}
     * @return what starts the execution
     * @throws IllegalArgumentException when the workflow id is refused
     */
    public ExecutionStarter execution(String workflowId) {
        return new ExecutionStarter(this, workflowId);
    }

    /**
     * Continues an execution that was queued or begun elsewhere, in another thread, process or machine. It is running
     * from now on, unless it has ended; then its end stays as it is. It comes under the lease of this history.
     *
     * @param executionId the execution, by the rule of {@link Ids}; when it does not exist, what is recorded for it goes
     *     to the rejection listener
     * @return the run, which is to be ended, {@linkplain ExecutionRun#detach let go} or closed
     * @throws IllegalArgumentException when the id is refused
     */
    public ExecutionRun attach(String executionId) {
        Ids.requireValid("execution id", executionId);
        Stopwatch stopwatch = context.clock.start();
        try {
            context.record(ExecutionChange.running(executionId, stopwatch.startedAt()));
        } catch (NotDurableException e) {
            // The caller does not do the work: whoever tries again is to find the execution free.
            context.backend.release(executionId);
            throw e;
        }
        context.backend.withLease(lease -> lease.takeOver(executionId));
        return new ExecutionRun(context, executionId, stopwatch, true);
    }

    /**
     * Continues an execution as {@link #attach(String)} does, and ends it by how the work ends, as {@link #record} does.
     *
     * @param executionId the execution
     * @param body the work
     * @param <T> what the work returns
     * @param <X> what it may throw
     * @return what the body returned
     * @throws X what the body threw
     * @throws IllegalArgumentException when the id is refused
     */
    public <T extends @Nullable Object, X extends Throwable> T attach(String executionId, Body<ExecutionRun, T, X> body)
            throws X {
        Objects.requireNonNull(body, "body must not be null");
        return attach(executionId).performBody(body);
    }

    /**
     * The store behind this history, to read from.
     *
     * @return the store that the builder was given
     */
    public ExecutionStore store() {
        return context.store;
    }

    /**
     * Where the records are that this history was handed.
     *
     * @return one consistent moment, or empty when this history has no buffer
     */
    public Optional<PipelineStats> stats() {
        return context.backend.stats();
    }

    /**
     * Ends executions that were left running by processes that have died, as failed and marked as abandoned. A history
     * does this by itself, see {@link PipelineSettings.Builder#abandonAfter}; this is for other times, and for
     * executions that name no recorder. Reads and writes the store on the calling thread.
     *
     * <p>Nothing is ended while it is too early to know: a history that keeps a lease waits until it could renew that
     * without a gap for as long as {@code olderThan}, because after an outage of the database all leases are old.
     *
     * @param olderThan how long nothing must have been heard of the recorder
     * @param scope whether to look at executions that name no recorder, too: those that other applications wrote
     * @return the ids of the executions that were ended
     * @throws IllegalArgumentException when the duration is negative, or less than three times the
     *     {@link PipelineSettings#leaseInterval()} of a history that keeps a lease: those who are alive would look dead
     * @throws io.github.workflowhistory.store.HistoryStoreException when the store cannot do it
     */
    public List<String> endAbandoned(Duration olderThan, ExecutionLeases.Scope scope) {
        Objects.requireNonNull(olderThan, "olderThan must not be null");
        Objects.requireNonNull(scope, "scope must not be null");
        return context.backend.endAbandoned(olderThan, scope, context.store.leases());
    }

    /**
     * Waits until everything recorded before this call is in the store or was rejected.
     *
     * @param timeout how long to wait at most
     * @return false when the time ran out first, or when the recorder failed
     */
    public boolean flush(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout must not be null");
        return context.flush(timeout);
    }

    /**
     * Ends this history: what is recorded from now on is ignored and counted. Writes what is in the buffer, for as long
     * as {@link PipelineSettings#closeTimeout()} allows, counts and reports what is left then, and ends its threads. Does
     * not close the store. Idempotent.
     */
    @Override
    public void close() {
        if (this != NOOP) {
            context.close();
        }
    }

    ExecutionRun start(String id, String workflowId, @Nullable UUID userId) {
        Stopwatch stopwatch = context.clock.start();
        try {
            context.record(WorkflowExecution.running(id, workflowId, userId, stopwatch.startedAt()));
        } catch (NotDurableException e) {
            if (e.isInDoubt()) {
                // The caller does not do the work, and nobody else would end what still arrives.
                context.enqueue(ExecutionChange.ended(id, ExecutionStatus.FAILED, context.clock.now())
                        .withError(NOT_BEGUN));
            }
            throw e;
        }
        return new ExecutionRun(context, id, stopwatch, false);
    }

    String queue(String id, String workflowId, @Nullable UUID userId) {
        context.recordDurably(WorkflowExecution.queued(id, workflowId, userId, context.clock.now()));
        return id;
    }

    String newId() {
        return context.newId();
    }

    /** The settings of a history. Not for use by several threads at once. */
    public static final class Builder {
        private static final int SMALLEST_LIMIT = 100;

        private final ExecutionStore store;
        private @Nullable Function<ExecutionStore, ExecutionRecorder> direct;
        private @Nullable String directBy;
        private @Nullable PipelineSettings pipeline;
        private @Nullable RecorderListener listener;
        private boolean strict;
        private PayloadCodec codec = PayloadCodec.jackson();
        private Redactor redactor = Redactor.NONE;
        private int maxJsonBytes = 1 << 20;
        private int maxTextBytes = 1 << 16;
        private LogLevel logLevel = LogLevel.DEBUG;
        private @Nullable InstantSource clock;
        private IdGenerator ids = IdGenerator.timeOrdered();
        private RejectionListener rejections = new RejectionLog();

        private Builder(ExecutionStore store) {
            this.store = Objects.requireNonNull(store, "store must not be null");
        }

        /**
         * The settings of the buffer and of the leases.
         *
         * @param settings the default is {@link PipelineSettings#defaults()}
         * @return this
         */
        public Builder pipeline(PipelineSettings settings) {
            this.pipeline = Objects.requireNonNull(settings, "settings must not be null");
            return this;
        }

        /**
         * Who watches the buffer: for metrics and alarms.
         *
         * @param listener the default is {@link RecorderListener#NOP}
         * @return this
         */
        public Builder listener(RecorderListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener must not be null");
            return this;
        }

        /**
         * Hands every record to a recorder of the host's, on the calling thread: no buffer and no lease stand in
         * between. The history never closes it.
         *
         * @param wrapper makes the recorder that all calls go to from the store; called once, by {@link #build()}
         * @return this
         */
        public Builder recorder(Function<ExecutionStore, ExecutionRecorder> wrapper) {
            this.direct = Objects.requireNonNull(wrapper, "wrapper must not be null");
            this.directBy = "recorder(…)";
            return this;
        }

        /**
         * Writes every record at the call, on the calling thread, straight into the store, without a lease: what was
         * recorded can be read at once. Made for tests.
         *
         * @return this
         */
        public Builder synchronous() {
            this.direct = itself -> itself;
            this.directBy = "synchronous()";
            return this;
        }

        /**
         * Makes recording after {@link WorkflowHistory#close()} an {@link IllegalStateException} at the call, instead of
         * something that is counted and ignored. Made for tests.
         *
         * @return this
         */
        public Builder strict() {
            this.strict = true;
            return this;
        }

        /**
         * How payloads become JSON.
         *
         * @param codec the default is {@link PayloadCodec#jackson()}
         * @return this
         */
        public Builder codec(PayloadCodec codec) {
            this.codec = Objects.requireNonNull(codec, "codec must not be null");
            return this;
        }

        /**
         * What masks payloads and texts before they are stored.
         *
         * @param redactor the default is {@link Redactor#NONE}
         * @return this
         */
        public Builder redactor(Redactor redactor) {
            this.redactor = Objects.requireNonNull(redactor, "redactor must not be null");
            return this;
        }

        /**
         * How large a payload may be. A larger one is recorded as
         * {@code {"truncated": true, "bytes": n, "preview": "…"}}.
         *
         * @param bytes of JSON in UTF-8, at least 100; the default is 1 MiB
         * @return this
         * @throws IllegalArgumentException when it is less than 100
         */
        public Builder maxPayloadBytes(int bytes) {
            this.maxJsonBytes = requireLimit("maxPayloadBytes", bytes);
            return this;
        }

        /**
         * How large a message, error or name may be. Of a larger one the head and the tail are kept, around a marker
         * that tells how much was left out.
         *
         * @param bytes of UTF-8, at least 100; the default is 64 KiB
         * @return this
         * @throws IllegalArgumentException when it is less than 100
         */
        public Builder maxTextBytes(int bytes) {
            this.maxTextBytes = requireLimit("maxTextBytes", bytes);
            return this;
        }

        /**
         * From which level on log entries are recorded.
         *
         * @param minimum the least important level to record; the default is {@link LogLevel#DEBUG}
         * @return this
         */
        public Builder logLevel(LogLevel minimum) {
            this.logLevel = Objects.requireNonNull(minimum, "minimum must not be null");
            return this;
        }

        /**
         * A clock for tests. It tells all times and, in place of the JVM's monotonic clock, all durations.
         *
         * @param clock the default is the system's clock
         * @return this
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock must not be null");
            return this;
        }

        /**
         * What makes the ids of executions, node results and log entries.
         *
         * @param ids the default is {@link IdGenerator#timeOrdered()}, which also steps in when this one throws or returns
         *     an id that breaks the rule of {@link Ids}
         * @return this
         */
        public Builder idGenerator(IdGenerator ids) {
            this.ids = Objects.requireNonNull(ids, "ids must not be null");
            return this;
        }

        /**
         * Who is told of history that could not be recorded.
         *
         * @param listener the default writes an error to the host's logging, at most one a minute
         * @return this
         */
        public Builder onRejection(RejectionListener listener) {
            this.rejections = Objects.requireNonNull(listener, "listener must not be null");
            return this;
        }

        /**
         * Makes the history, and starts its threads. A store that cannot be reached now is tried in the background.
         *
         * @return a history with these settings
         * @throws IllegalStateException when two settings contradict each other; the message names both
         */
        public WorkflowHistory build() {
            return new WorkflowHistory(new RecordingContext(
                    new HistoryClock(clock),
                    ids,
                    new PayloadEncoder(codec, redactor, maxJsonBytes, maxTextBytes),
                    store,
                    backend(),
                    logLevel,
                    rejections,
                    strict));
        }

        private RecordingBackend backend() {
            if (direct == null && store.actingUser().isPresent()) {
                synchronous();
                directBy = "a store that acts as an end user";
            }
            if (direct == null) {
                PipelineSettings settings = pipeline == null ? PipelineSettings.defaults() : pipeline;
                requireSpaceForLargest(settings.capacityBytes());
                return RecordingBackend.buffered(
                        store, settings, rejections, listener == null ? RecorderListener.NOP : listener);
            }
            if (pipeline != null) {
                throw contradiction("pipeline(…)");
            }
            if (listener != null) {
                throw contradiction("listener(…)");
            }
            return RecordingBackend.direct(
                    Objects.requireNonNull(direct.apply(store), "the recorder must not be null"));
        }

        /** What is within the limits must not be lost because the buffer could never hold it. */
        private void requireSpaceForLargest(long capacityBytes) {
            // A payload, and a name and an error beside it; a char counts as two bytes there. Details may use three
            // quarters of the buffer.
            long largest = 2 * (maxJsonBytes + 2L * maxTextBytes);
            if (largest > capacityBytes / 4 * 3) {
                throw new IllegalStateException("maxPayloadBytes " + maxJsonBytes + " and maxTextBytes " + maxTextBytes
                        + " contradict the pipeline's capacityBytes " + capacityBytes
                        + ": the largest records never fit into the buffer. Lower the limits, or raise capacityBytes to"
                        + " at least " + (largest + 2) / 3 * 4);
            }
        }

        private IllegalStateException contradiction(String other) {
            return new IllegalStateException(
                    other + " contradicts " + directBy + ", with which there is no buffer: leave one of them out");
        }

        private static int requireLimit(String name, int bytes) {
            if (bytes < SMALLEST_LIMIT) {
                throw new IllegalArgumentException(name + " must be at least " + SMALLEST_LIMIT + ", not " + bytes);
            }
            return bytes;
        }
    }
}
