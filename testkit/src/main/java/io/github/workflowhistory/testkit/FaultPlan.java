package io.github.workflowhistory.testkit;

import io.github.workflowhistory.store.HistoryBatch;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A fault that a {@link FaultyStore} was told to have: which calls it takes, and what it does to them. */
final class FaultPlan {

    /** What happens to a call. */
    interface Behaviour {
        <T> T run(Supplier<T> work, Runnable countFault);

        default void end() {}
    }

    private final Set<FaultyStore.Operation> operations;
    private final Predicate<HistoryBatch> batches;
    private final AtomicInteger left;
    private final Behaviour behaviour;

    FaultPlan(Set<FaultyStore.Operation> operations, Predicate<HistoryBatch> batches, int limit, Behaviour behaviour) {
        this.operations = operations;
        this.batches = batches;
        this.left = new AtomicInteger(limit);
        this.behaviour = behaviour;
    }

    /** Tells whether a call is meant, and counts it when it is. */
    boolean takes(FaultyStore.Operation operation, @Nullable HistoryBatch batch) {
        return operations.contains(operation)
                && (batch == null || batches.test(batch))
                && left.getAndUpdate(calls -> Math.max(0, calls - 1)) > 0;
    }

    <T> T run(Supplier<T> work, Runnable countFault) {
        return behaviour.run(work, countFault);
    }

    /** Nothing is taken any more, and nothing waits any more. */
    void end() {
        left.set(0);
        behaviour.end();
    }
}
