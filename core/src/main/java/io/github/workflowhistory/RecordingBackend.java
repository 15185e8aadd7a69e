package io.github.workflowhistory;

import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.pipeline.BufferedRecorder;
import io.github.workflowhistory.pipeline.Durability;
import io.github.workflowhistory.pipeline.LeaseKeeper;
import io.github.workflowhistory.pipeline.NotDurableException;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.PipelineStats;
import io.github.workflowhistory.pipeline.RecorderListener;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.ExecutionStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a history's records go: into a buffer of its own with a lease, or straight to a recorder of the host's. Owns
 * what it has started, and nothing else.
 */
final class RecordingBackend implements AutoCloseable {
    private static final SafeLog LOG = SafeLog.of(WorkflowHistory.class);

    /** How long closing waits at least for executions that are let go of. */
    private static final Duration LAST_RELEASES = Duration.ofSeconds(1);

    private final ExecutionRecorder recorder;
    private final @Nullable BufferedRecorder buffer;
    private final @Nullable LeaseKeeper lease;
    private final @Nullable Thread shutdownHook;
    private final Duration maxBlock;
    private final Durability durability;
    private final Duration closeTimeout;

    private RecordingBackend(
            ExecutionRecorder recorder,
            @Nullable BufferedRecorder buffer,
            @Nullable LeaseKeeper lease,
            PipelineSettings settings) {
        this.recorder = recorder;
        this.buffer = buffer;
        this.lease = lease;
        this.maxBlock = settings.maxBlock();
        this.durability = settings.durability();
        this.closeTimeout = settings.closeTimeout();
        this.shutdownHook = buffer == null ? null : new Thread(null, this::stop, "workflow-history-shutdown", 0, false);
    }

    /** Everything goes to a recorder, on the calling thread. */
    static RecordingBackend direct(ExecutionRecorder recorder) {
        return new RecordingBackend(recorder, null, null, PipelineSettings.defaults());
    }

    /** Everything goes through a buffer into a store. A JVM that ends without closing the history writes what is left. */
    static RecordingBackend buffered(
            ExecutionStore store, PipelineSettings settings, RejectionListener rejections, RecorderListener listener) {
        return buffered(store, settings, rejections, listener, Runtime.getRuntime()::addShutdownHook);
    }

    /** With a way to add shutdown hooks for tests. */
    static RecordingBackend buffered(
            ExecutionStore store,
            PipelineSettings settings,
            RejectionListener rejections,
            RecorderListener listener,
            Consumer<Thread> hooks) {
        LeaseKeeper lease = settings.leaseInterval().isZero()
                ? null
                : store.leases()
                        .map(leases -> new LeaseKeeper(
                                leases, IdGenerator.timeOrdered().newId(), settings))
                        .orElse(null);
        ExecutionRecorder target = lease == null
                ? store
                : batch -> {
                    lease.awaitFirstRenewal();
                    store.record(batch);
                };
        BufferedRecorder buffer = null;
        try {
            buffer = new BufferedRecorder(target, settings, rejections, listener);
            RecordingBackend backend = new RecordingBackend(buffer, buffer, lease, settings);
            backend.addShutdownHook(hooks);
            return backend;
        } catch (Throwable e) {
            // Nobody has this backend, so nobody would ever end the threads that were started for it.
            if (buffer != null) {
                buffer.close();
            }
            if (lease != null) {
                lease.close();
            }
            throw e;
        }
    }

    private void addShutdownHook(Consumer<Thread> hooks) {
        try {
            if (shutdownHook != null) {
                hooks.accept(shutdownHook);
            }
        } catch (IllegalStateException e) {
            // The JVM is ending already; whoever records now has to close the history.
        }
    }

    ExecutionRecorder recorder() {
        return recorder;
    }

    /** The recorder whose lease covers the executions of this process, or null when there is none. */
    @Nullable
    String recorderId() {
        return lease == null ? null : lease.recorderId();
    }

    /** Waits until an execution is in the store, but not longer than callers wait for space. */
    void recordDurably(WorkflowExecution execution) {
        if (buffer == null) {
            recorder.record(execution);
            return;
        }
        if (durability == Durability.SYNC) {
            buffer.record(execution);
            return;
        }
        try {
            buffer.recordDurably(execution, maxBlock);
        } catch (NotDurableException e) {
            LOG.tell(log -> log.debug("A queued execution is not in the store yet", e));
        }
    }

    /** Lets go of an execution, once what was recorded for it before is in the store. */
    void release(String executionId) {
        if (lease != null && buffer != null) {
            lease.release(executionId, buffer);
        }
    }

    /** Records a change without waiting for it to be durable. */
    void enqueue(ExecutionChange change) {
        if (buffer == null) {
            recorder.record(change);
        } else {
            buffer.enqueue(change);
        }
    }

    void withLease(Consumer<LeaseKeeper> action) {
        if (lease != null) {
            action.accept(lease);
        }
    }

    List<String> endAbandoned(Duration olderThan, Scope scope, Optional<ExecutionLeases> leases) {
        if (lease != null) {
            return lease.endAbandoned(olderThan, scope);
        }
        return leases.map(capability -> capability.endAbandoned(olderThan, scope))
                .orElse(List.of());
    }

    boolean flush(Duration timeout) {
        long start = System.nanoTime();
        if (!recorder.flush(timeout)) {
            return false;
        }
        return lease == null || lease.flush(timeout.minusNanos(System.nanoTime() - start));
    }

    /** Whether there is a buffer: it counts what comes after it was closed, and ignores it. */
    boolean isBuffered() {
        return buffer != null;
    }

    Optional<PipelineStats> stats() {
        return Optional.ofNullable(buffer).map(BufferedRecorder::stats);
    }

    @Override
    public void close() {
        if (shutdownHook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            } catch (IllegalStateException e) {
                // The JVM is ending already, and the hook does the same.
            }
        }
        stop();
    }

    private void stop() {
        // An interrupt from before means nothing here, and one that comes meanwhile is known by that.
        boolean wasInterrupted = Thread.interrupted();
        long start = System.nanoTime();
        try {
            // The lease last: while the rest is written, the executions of this process are alive.
            if (buffer != null) {
                buffer.close();
            }
        } finally {
            if (lease != null) {
                Duration left = closeTimeout.minusNanos(System.nanoTime() - start);
                boolean isInHaste = Thread.currentThread().isInterrupted() || left.compareTo(LAST_RELEASES) < 0;
                lease.close(isInHaste ? LAST_RELEASES : left);
            }
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
