package io.github.workflowhistory.testkit;

import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What goes wrong in a {@link FaultyStore}: which calls, how many of them, and how. It takes effect with one of
 * {@link #fail()}, {@link #loseAnswer()} and {@link #hold()}, and until then changes nothing. Immutable.
 */
public final class Fault {
    private final FaultyStore store;
    private final Set<FaultyStore.Operation> operations;
    private final Predicate<HistoryBatch> batches;
    private final int limit;

    Fault(FaultyStore store, Set<FaultyStore.Operation> operations, Predicate<HistoryBatch> batches) {
        this(store, operations, batches, Integer.MAX_VALUE);
    }

    private Fault(
            FaultyStore store, Set<FaultyStore.Operation> operations, Predicate<HistoryBatch> batches, int limit) {
        this.store = store;
        this.operations = operations;
        this.batches = batches;
        this.limit = limit;
    }

    /**
     * Only so many of the calls from now on. Without it the fault lasts until {@link FaultyStore#recover()}.
     *
     * @param calls how many, at least 1
     * @return the fault with this limit
     * @throws IllegalArgumentException when it is less than 1
     */
    public Fault next(int calls) {
        if (calls < 1) {
            throw new IllegalArgumentException("calls must be at least 1, not " + calls);
        }
        return new Fault(store, operations, batches, calls);
    }

    /** The calls fail as if the connection could not be made; nothing is written, deleted or read. */
    public void fail() {
        fail(() -> new HistoryStoreException(
                HistoryStoreException.Kind.CONNECTION,
                "the FaultyStore was told to fail before the call; nothing was written",
                null));
    }

    /**
     * The calls fail in a certain way; nothing is written, deleted or read.
     *
     * @param exception makes the exception of each call
     */
    public void fail(Supplier<? extends RuntimeException> exception) {
        Objects.requireNonNull(exception, "exception must not be null");
        plan(new FaultPlan.Behaviour() {
            @Override
            public <T> T run(Supplier<T> work, Runnable countFault) {
                countFault.run();
                throw exception.get();
            }
        });
    }

    /**
     * The calls do their work, and then fail as if the connection was cut before the answer came: an exception that is
     * {@linkplain HistoryStoreException#isInDoubt() in doubt}. When the wrapped store fails, its own exception is
     * thrown.
     */
    public void loseAnswer() {
        plan(new FaultPlan.Behaviour() {
            @Override
            public <T> T run(Supplier<T> work, Runnable countFault) {
                T unused = work.get();
                countFault.run();
                throw new HistoryStoreException(
                        HistoryStoreException.Kind.CONNECTION,
                        "the FaultyStore was told to lose the answer: the call did its work all the same",
                        null,
                        true);
            }
        });
    }

    /**
     * The calls wait before they do anything, until the gate is opened; then they do their work.
     *
     * @return the gate
     */
    public Gate hold() {
        Gate gate = new Gate();
        plan(new FaultPlan.Behaviour() {
            @Override
            public <T> T run(Supplier<T> work, Runnable countFault) {
                gate.pass();
                return work.get();
            }

            @Override
            public void end() {
                gate.open();
            }
        });
        return gate;
    }

    private void plan(FaultPlan.Behaviour behaviour) {
        store.add(new FaultPlan(operations, batches, limit, behaviour));
    }
}
