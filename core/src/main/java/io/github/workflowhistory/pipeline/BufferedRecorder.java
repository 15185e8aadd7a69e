package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.RejectionListener;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.internal.Times;
import io.github.workflowhistory.pipeline.Buffer.Answer;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A recorder that only enqueues on the calling thread, and brings records to another recorder in batches, on a thread
 * of its own. Safe for use by many threads.
 *
 * <ul>
 *   <li><b>Bounded.</b> What is not yet written holds at most {@link PipelineSettings#capacityBytes()}. When that is
 *       full, callers wait a short time to hand over executions and node results, and log entries are dropped at once,
 *       those of debug and info first. Ends of executions have a reserve, and shed their output before they are dropped.
 *   <li><b>In order.</b> The records of one execution arrive in the order in which they were handed over, and records
 *       are not dropped because the store is away: the same batch is tried again until it is there.
 *   <li><b>Isolated.</b> A record that the store refuses goes to the rejection listener and costs none of its
 *       neighbours.
 *   <li><b>Accounted for.</b> See {@link PipelineStats}.
 * </ul>
 *
 * <p>The atomicity of a {@link HistoryBatch} that is handed over ends here: its records may be written in several
 * batches.
 */
public final class BufferedRecorder implements ExecutionRecorder, AutoCloseable {
    private static final SafeLog LOG = SafeLog.of(BufferedRecorder.class);
    /** How long what follows for an execution that was refused is refused at once. */
    private static final Duration REFUSED_FOR = Duration.ofMinutes(1);
    /** How long an aborted writer has to come to its end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final String SHED =
            "The output was left out, because the history's buffer was full when the execution ended.";

    private final PipelineSettings settings;
    private final Buffer buffer;
    private final RecorderListener listener;
    private final Rejections rejections;
    private final Trouble trouble;
    private final DurableWait durableWait;
    private final RecorderThreads threads;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Starts a recorder.
     *
     * @param target where the records go: a store, or whatever else records; called by one thread for each writer of
     *     the settings
     * @param settings the settings
     * @param rejections who is told of records that the target refuses
     */
    public BufferedRecorder(ExecutionRecorder target, PipelineSettings settings, RejectionListener rejections) {
        this(target, settings, rejections, RecorderListener.NOP);
    }

    /**
     * Starts a recorder that is watched.
     *
     * @param target where the records go: a store, or whatever else records; called by one thread for each writer of
     *     the settings
     * @param settings the settings
     * @param rejections who is told of records that the target refuses
     * @param listener who watches
     */
    public BufferedRecorder(
            ExecutionRecorder target,
            PipelineSettings settings,
            RejectionListener rejections,
            RecorderListener listener) {
        this(target, settings, rejections, listener, Thread::start);
    }

    /** With a way to start threads for tests. */
    BufferedRecorder(
            ExecutionRecorder target,
            PipelineSettings settings,
            RejectionListener rejections,
            RecorderListener listener,
            Consumer<Thread> starter) {
        Objects.requireNonNull(target, "target must not be null");
        Objects.requireNonNull(rejections, "rejections must not be null");
        this.settings = Objects.requireNonNull(settings, "settings must not be null");
        this.listener = new SafeListener(Objects.requireNonNull(listener, "listener must not be null"));
        this.rejections = new Rejections(rejections, this.listener);
        this.buffer = new Buffer(settings);
        this.trouble = new Trouble(buffer::stats, this.listener);
        RefusedExecutions refused = new RefusedExecutions(REFUSED_FOR);
        this.durableWait = new DurableWait(buffer);
        this.threads = new RecorderThreads(this::close);
        for (int lane = 0; lane < settings.writers(); lane++) {
            Delivery delivery = new Delivery(target, buffer, trouble, this.listener);
            Writer writer = new Writer(lane, buffer, delivery, trouble, this.rejections, refused, settings.grace());
            threads.add(writer);
        }
        this.listener.started(buffer::stats);
        try {
            threads.start(starter);
        } catch (Throwable e) {
            // The system has no thread to spare: those that it had are not left behind.
            close();
            throw e;
        }
    }

    /**
     * Hands over what is in a batch and returns; with {@link Durability#SYNC}, when all of it is in the store. Waits
     * for space as the class comment says.
     *
     * @throws NotDurableException with {@link Durability#SYNC} only
     */
    @Override
    public void record(HistoryBatch batch) {
        List<Entry> entries = new ArrayList<>(batch.size());
        batch.executions().forEach(execution -> entries.add(Entry.of(execution)));
        batch.changes().forEach(change -> entries.add(Entry.of(change)));
        batch.nodeResults().forEach(result -> entries.add(Entry.of(result)));
        batch.logs().forEach(log -> entries.add(Entry.of(log)));
        record(entries);
    }

    /**
     * Hands over an execution; otherwise as {@link #record(HistoryBatch)}.
     *
     * @throws NotDurableException with {@link Durability#SYNC} only
     */
    @Override
    public void record(WorkflowExecution execution) {
        record(Entry.of(execution));
    }

    /**
     * Hands over a change; otherwise as {@link #record(HistoryBatch)}.
     *
     * @throws NotDurableException with {@link Durability#SYNC} only
     */
    @Override
    public void record(ExecutionChange change) {
        record(Entry.of(change));
    }

    /**
     * Hands over a node result; otherwise as {@link #record(HistoryBatch)}.
     *
     * @throws NotDurableException with {@link Durability#SYNC} only
     */
    @Override
    public void record(NodeResult result) {
        record(Entry.of(result));
    }

    /**
     * Hands over a log entry; otherwise as {@link #record(HistoryBatch)}.
     *
     * @throws NotDurableException with {@link Durability#SYNC} only
     */
    @Override
    public void record(ExecutionLog log) {
        record(Entry.of(log));
    }

    /**
     * Hands over a change and returns, whatever the durability of the settings.
     *
     * @param change the change
     */
    public void enqueue(ExecutionChange change) {
        Entry unused = offer(Entry.of(change), patience());
    }

    /**
     * Hands over an execution and waits until it is in the store, whatever the durability of the settings.
     *
     * @param execution the execution
     * @param timeout how long to wait at most, the time that it waits for space included; that alone may take
     *     {@link PipelineSettings#maxBlock()}
     * @throws NotDurableException when that cannot be had in time, or when the store refuses it
     */
    public void recordDurably(WorkflowExecution execution, Duration timeout) {
        Objects.requireNonNull(timeout, "timeout must not be null");
        recordDurably(List.of(Entry.of(execution)), timeout);
    }

    private void record(Entry entry) {
        if (settings.durability() == Durability.SYNC) {
            recordDurably(List.of(entry), settings.syncTimeout());
        } else {
            Entry unused = offer(entry, patience());
        }
    }

    private void record(List<Entry> entries) {
        if (settings.durability() == Durability.SYNC) {
            recordDurably(entries, settings.syncTimeout());
        } else {
            Patience patience = patience();
            entries.forEach(entry -> offer(entry, patience));
        }
    }

    private void recordDurably(List<Entry> entries, Duration timeout) {
        long deadline = System.nanoTime() + Times.nanos(timeout);
        List<Entry> taken = new ArrayList<>(entries.size());
        Patience patience = patience();
        entries.forEach(entry -> taken.add(offer(entry, patience)));
        if (!threads.isWriter()) {
            // What the store or a listener records on a writer can only be written when it comes back.
            durableWait.await(taken, timeout, deadline);
        }
    }

    /** How long a call on this thread may wait for space; null on a thread that makes the space. */
    private @Nullable Patience patience() {
        return threads.isWriter() ? null : new Patience(settings.maxBlock());
    }

    /** Hands over a record, and gives it back as it was taken, with its outcome when that is known already. */
    private Entry offer(Entry offered, @Nullable Patience patience) {
        Entry entry = offered;
        Answer answer = buffer.offer(entry, patience);
        if (answer == Answer.SHED_FIRST) {
            entry = entry.withoutPayload(SHED);
            answer = buffer.offer(entry, patience);
        }
        switch (answer) {
            case NO_SPACE -> {
                listener.dropped(RecordCounts.of(List.of(entry)));
                trouble.dropped();
            }
            case TOO_LARGE -> {
                HistoryStoreException cause = new HistoryStoreException(
                        Kind.DATA,
                        "a record of about " + entry.bytes + " bytes can never fit into the buffer of "
                                + settings.capacityBytes() + " bytes: raise capacityBytes, or record less at a time",
                        null);
                entry.cause = cause;
                rejections.tell(List.of(entry), cause);
            }
            case TAKEN, LATE, SHED_FIRST -> {}
        }
        return entry;
    }

    /**
     * Waits until everything accepted before this call is stored or rejected. Returns false at once on a thread of this
     * recorder, and early with the interrupt flag set when the caller is interrupted.
     */
    @Override
    public boolean flush(Duration timeout) {
        return !threads.isWriter() && buffer.flush(timeout);
    }

    /** Tells, whenever it is asked, whether everything is settled that was handed over for an execution until now. */
    BooleanSupplier settledMark(String executionId) {
        return buffer.settledMark(executionId);
    }

    /**
     * Where the records are now.
     *
     * @return one consistent moment
     */
    public PipelineStats stats() {
        return buffer.stats();
    }

    /**
     * Writes what is left, for as long as {@link PipelineSettings#closeTimeout()} allows, and ends the threads. What is
     * still not written then is dropped, counted and reported in the host's log. Records that are handed over from now
     * on are counted and ignored. Idempotent, and safe for use by many threads: each returns when it is done. A thread
     * that is interrupted while it waits gives up what is left at once; an interrupt from before has no effect, and is
     * kept.
     *
     * <p>On a thread of this recorder, where the store and listeners are called, this only begins to close, and returns.
     */
    @Override
    public void close() {
        buffer.close();
        if (threads.isWriter()) {
            // What is left can only be written when this thread comes back.
            threads.closeElsewhere();
            return;
        }
        // Whoever stops a container by interrupts does not mean that history is to be lost.
        boolean interrupted = Thread.interrupted();
        interrupted |= threads.await(settings.closeTimeout());
        if (threads.areAlive()) {
            RecordCounts left = buffer.abort();
            threads.interrupt();
            if (left != null && left.total() > 0) {
                listener.dropped(left);
                trouble.gaveUp(left.total());
                LOG.tell(log -> log.error(
                        "{} records of the history are lost: they could not be written within {} after it was closed{}."
                                + " Close it before the DataSource that it writes to. {}",
                        left.total(),
                        settings.closeTimeout(),
                        trouble.reason(),
                        buffer.stats()));
            }
            interrupted |= threads.await(LAST_WORDS);
        }
        if (closed.compareAndSet(false, true)) {
            listener.closed();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
