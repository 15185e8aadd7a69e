package io.github.workflowhistory;

import io.github.workflowhistory.HistoryClock.Stopwatch;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.ExecutionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
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
 * of {@link Ids}. What cannot be recorded goes to the {@link RejectionListener}, and the work goes on.
 *
 * <p>In this version every call writes at once, on the calling thread, and so takes as long as the store takes.
 */
public final class WorkflowHistory implements AutoCloseable {
    private static final WorkflowHistory NOOP = builder(NoopStore.INSTANCE).build();

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
     * Records an execution that waits for a worker. {@link #attach} starts it, in any process.
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
     * from now on, unless it has ended; then its end stays as it is.
     *
     * @param executionId the execution, by the rule of {@link Ids}; when it does not exist, what is recorded for it goes
     *     to the rejection listener
     * @return the run, which is to be ended, {@linkplain ExecutionRun#detach let go} or closed
     * @throws IllegalArgumentException when the id is refused
     */
    public ExecutionRun attach(String executionId) {
        Ids.requireValid("execution id", executionId);
        Stopwatch stopwatch = context.clock.start();
        context.record(ExecutionChange.running(executionId, stopwatch.startedAt()));
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
     * Waits until everything recorded before this call is in the store or was rejected.
     *
     * @param timeout how long to wait at most
     * @return false when the time ran out first, or when the recorder failed
     */
    public boolean flush(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout must not be null");
        return context.flush(timeout);
    }

    /** Ends this history: what is recorded from now on is ignored. Does not close the store. Idempotent. */
    @Override
    public void close() {
        if (this != NOOP) {
            context.close();
        }
    }

    ExecutionRun start(String id, String workflowId, @Nullable UUID userId) {
        Stopwatch stopwatch = context.clock.start();
        context.record(WorkflowExecution.running(id, workflowId, userId, stopwatch.startedAt()));
        return new ExecutionRun(context, id, stopwatch, false);
    }

    String queue(String id, String workflowId, @Nullable UUID userId) {
        context.record(WorkflowExecution.queued(id, workflowId, userId, context.clock.now()));
        return id;
    }

    String newId() {
        return context.newId();
    }

    /** The settings of a history. Not for use by several threads at once. */
    public static final class Builder {
        private static final int SMALLEST_LIMIT = 100;

        private final ExecutionStore store;
        private Function<ExecutionStore, ExecutionRecorder> recorder = itself -> itself;
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
         * Puts something between the API and the store: anything that is an {@link ExecutionRecorder}.
         *
         * @param wrapper makes the recorder that all calls go to from the store; called once, by {@link #build()}
         * @return this
         */
        public Builder recorder(Function<ExecutionStore, ExecutionRecorder> wrapper) {
            this.recorder = Objects.requireNonNull(wrapper, "wrapper must not be null");
            return this;
        }

        /**
         * Writes every record at the call, on the calling thread, straight into the store: what was recorded can be read
         * at once. Made for tests; replaces {@link #recorder}.
         *
         * @return this
         */
        public Builder synchronous() {
            this.recorder = itself -> itself;
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
         * Makes the history. Does not touch the store.
         *
         * @return a history with these settings
         */
        public WorkflowHistory build() {
            return new WorkflowHistory(new RecordingContext(
                    new HistoryClock(clock),
                    ids,
                    new PayloadEncoder(codec, redactor, maxJsonBytes, maxTextBytes),
                    store,
                    Objects.requireNonNull(recorder.apply(store), "the recorder must not be null"),
                    logLevel,
                    rejections));
        }

        private static int requireLimit(String name, int bytes) {
            if (bytes < SMALLEST_LIMIT) {
                throw new IllegalArgumentException(name + " must be at least " + SMALLEST_LIMIT + ", not " + bytes);
            }
            return bytes;
        }
    }
}
