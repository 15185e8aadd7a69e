package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that fails, waits or loses its answer when a test wants it to, and otherwise does what the store that it wraps
 * does.
 *
 * <pre>{@code
 * FaultyStore store = new FaultyStore(new InMemoryExecutionStore());
 * store.onWrites().next(2).fail();                     // the next two writes: nothing is written
 * store.onBatches(batch -> batch.size() > 100).fail(); // large batches, until store.recover()
 * store.onWrites().next(1).loseAnswer();               // written, but the caller cannot know
 * Gate gate = store.onWrites().next(1).hold();
 * ...
 * gate.awaitCall(Duration.ofSeconds(10));              // a write has come and waits
 * gate.open();
 * }</pre>
 *
 * <p>Of several faults that fit a call, the one that was set up first takes it. Safe for use by many threads.
 */
public final class FaultyStore implements ExecutionStore, AutoCloseable {

    /** The calls that can go wrong. */
    public enum Operation {
        /** {@link ExecutionStore#record(HistoryBatch)} */
        RECORD,
        /** {@link ExecutionStore#deleteExecution} */
        DELETE_EXECUTION,
        /** {@link ExecutionStore#findExecution} */
        FIND_EXECUTION,
        /** {@link ExecutionStore#findDetails} */
        FIND_DETAILS,
        /** {@link ExecutionStore#listExecutions} */
        LIST_EXECUTIONS,
        /** {@link ExecutionStore#listLogs} */
        LIST_LOGS,
        /** {@link ExecutionLeases#renew} */
        RENEW_LEASE,
        /** {@link ExecutionLeases#takeOver} */
        TAKE_OVER,
        /** {@link ExecutionLeases#release} */
        RELEASE,
        /** {@link ExecutionLeases#endAbandoned(Duration, ExecutionLeases.Scope)} */
        END_ABANDONED
    }

    private static final Set<Operation> WRITES = EnumSet.of(Operation.RECORD, Operation.DELETE_EXECUTION);
    private static final Set<Operation> READS = EnumSet.of(
            Operation.FIND_EXECUTION, Operation.FIND_DETAILS, Operation.LIST_EXECUTIONS, Operation.LIST_LOGS);

    private final ExecutionStore store;
    private final List<FaultPlan> plans = new CopyOnWriteArrayList<>();
    private final Map<Operation, AtomicLong> calls = counters();
    private final Map<Operation, AtomicLong> faults = counters();

    /**
     * A store that does nothing wrong yet.
     *
     * @param store the store that does the work
     */
    public FaultyStore(ExecutionStore store) {
        this.store = Objects.requireNonNull(store, "store must not be null");
    }

    /**
     * Begins a fault of writes: recording and deleting.
     *
     * @return what to complete
     */
    public Fault onWrites() {
        return new Fault(this, WRITES, batch -> true);
    }

    /**
     * Begins a fault of reads: finding and listing.
     *
     * @return what to complete
     */
    public Fault onReads() {
        return new Fault(this, READS, batch -> true);
    }

    /**
     * Begins a fault of certain operations.
     *
     * @param first an operation
     * @param more further ones
     * @return what to complete
     */
    public Fault on(Operation first, Operation... more) {
        return new Fault(this, EnumSet.of(first, more), batch -> true);
    }

    /**
     * Begins a fault of recording certain batches.
     *
     * @param which tells whether a batch is meant
     * @return what to complete
     */
    public Fault onBatches(Predicate<HistoryBatch> which) {
        Objects.requireNonNull(which, "which must not be null");
        return new Fault(this, EnumSet.of(Operation.RECORD), which);
    }

    /** Ends all faults, and lets go of calls that wait at a gate. */
    public void recover() {
        // Removed first, so that a call that is let go does not meet the next gate.
        List<FaultPlan> ended = List.copyOf(plans);
        plans.removeAll(ended);
        ended.forEach(FaultPlan::end);
    }

    /** The same as {@link #recover}. Does not close the wrapped store. */
    @Override
    public void close() {
        recover();
    }

    /**
     * Counts calls.
     *
     * @param operation which calls
     * @return how many have begun since this store was made, those that went wrong included
     */
    public long calls(Operation operation) {
        return count(calls, operation).get();
    }

    /**
     * Counts calls that this store made fail.
     *
     * @param operation which calls
     * @return how many failed or lost their answer; failures of the wrapped store do not count
     */
    public long faults(Operation operation) {
        return count(faults, operation).get();
    }

    private static Map<Operation, AtomicLong> counters() {
        Map<Operation, AtomicLong> counters = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            counters.put(operation, new AtomicLong());
        }
        return counters;
    }

    private static AtomicLong count(Map<Operation, AtomicLong> counters, Operation operation) {
        return Objects.requireNonNull(counters.get(operation), "operation must not be null");
    }

    void add(FaultPlan plan) {
        plans.add(plan);
    }

    @Override
    public void record(HistoryBatch batch) {
        call(Operation.RECORD, batch, () -> {
            store.record(batch);
            return batch;
        });
    }

    @Override
    public boolean flush(Duration timeout) {
        return store.flush(timeout);
    }

    @Override
    public boolean deleteExecution(String executionId) {
        return call(Operation.DELETE_EXECUTION, null, () -> store.deleteExecution(executionId));
    }

    @Override
    public Optional<WorkflowExecution> findExecution(String executionId) {
        return call(Operation.FIND_EXECUTION, null, () -> store.findExecution(executionId));
    }

    @Override
    public Optional<ExecutionDetails> findDetails(String executionId) {
        return call(Operation.FIND_DETAILS, null, () -> store.findDetails(executionId));
    }

    @Override
    public List<ExecutionSummary> listExecutions(ExecutionQuery query) {
        return call(Operation.LIST_EXECUTIONS, null, () -> store.listExecutions(query));
    }

    @Override
    public List<ExecutionLog> listLogs(LogQuery query) {
        return call(Operation.LIST_LOGS, null, () -> store.listLogs(query));
    }

    /**
     * The leases of the wrapped store, which can go wrong as well.
     *
     * @return empty when the wrapped store has none
     */
    @Override
    public Optional<ExecutionLeases> leases() {
        return store.leases().map(FaultyLeases::new);
    }

    @Override
    public Optional<UUID> actingUser() {
        return store.actingUser();
    }

    private <T> T call(Operation operation, @Nullable HistoryBatch batch, Supplier<T> work) {
        count(calls, operation).incrementAndGet();
        for (FaultPlan plan : plans) {
            if (plan.takes(operation, batch)) {
                return plan.run(work, () -> count(faults, operation).incrementAndGet());
            }
        }
        return work.get();
    }

    private final class FaultyLeases implements ExecutionLeases {
        private final ExecutionLeases leases;

        private FaultyLeases(ExecutionLeases leases) {
            this.leases = leases;
        }

        @Override
        public void renew(String recorderId) {
            call(Operation.RENEW_LEASE, null, () -> {
                leases.renew(recorderId);
                return recorderId;
            });
        }

        @Override
        public boolean takeOver(String executionId, String recorderId) {
            return call(Operation.TAKE_OVER, null, () -> leases.takeOver(executionId, recorderId));
        }

        @Override
        public boolean release(String executionId, String recorderId) {
            return call(Operation.RELEASE, null, () -> leases.release(executionId, recorderId));
        }

        @Override
        public List<String> endAbandoned(Duration olderThan, Scope scope) {
            return call(Operation.END_ABANDONED, null, () -> leases.endAbandoned(olderThan, scope));
        }
    }
}
