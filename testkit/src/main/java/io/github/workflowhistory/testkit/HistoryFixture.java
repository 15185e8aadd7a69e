package io.github.workflowhistory.testkit;

import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.store.ExecutionReader;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.ExecutionStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What one test with the {@link WorkflowHistoryExtension} has: a history and everything that it stands on. */
final class HistoryFixture {
    /** What a test can ask for, by type. */
    private static final Map<Class<?>, Function<HistoryFixture, Object>> PARTS = Map.of(
            WorkflowHistory.class, HistoryFixture::history,
            InMemoryExecutionStore.class, HistoryFixture::store,
            ExecutionStore.class, HistoryFixture::store,
            ExecutionReader.class, HistoryFixture::store,
            ExecutionRecorder.class, HistoryFixture::store,
            SettableClock.class, HistoryFixture::clock,
            FaultyStore.class, HistoryFixture::faults);

    private final SettableClock clock = new SettableClock();
    private final InMemoryExecutionStore store = new InMemoryExecutionStore(clock);
    private final FaultyStore faults = new FaultyStore(store);
    private final List<RuntimeException> rejections = new CopyOnWriteArrayList<>();
    private final WorkflowHistory history;

    HistoryFixture(UnaryOperator<WorkflowHistory.Builder> settings, boolean strict) {
        WorkflowHistory.Builder builder = WorkflowHistory.builder(faults)
                .synchronous()
                .clock(clock)
                .idGenerator(new SequentialIds())
                .onRejection((batch, cause) -> rejections.add(cause));
        this.history = settings.apply(strict ? builder.strict() : builder).build();
    }

    static boolean hasPart(Class<?> type) {
        return PARTS.containsKey(type);
    }

    static Object part(Class<?> type, HistoryFixture fixture) {
        return Objects.requireNonNull(PARTS.get(type)).apply(fixture);
    }

    WorkflowHistory history() {
        return history;
    }

    InMemoryExecutionStore store() {
        return store;
    }

    SettableClock clock() {
        return clock;
    }

    FaultyStore faults() {
        return faults;
    }

    List<RuntimeException> rejections() {
        return List.copyOf(rejections);
    }

    void close() {
        faults.close();
        history.close();
    }

    void requireNoRejections() {
        if (!rejections.isEmpty()) {
            AssertionError error = new AssertionError(
                    "history of this test could not be recorded ("
                            + (rejections.size() == 1 ? "1 batch" : rejections.size() + " batches, the first")
                            + ": " + rejections.get(0).getMessage()
                            + "). Where that is what you test, have the extension as a field, without @ExtendWith:"
                            + " @RegisterExtension final WorkflowHistoryExtension extension ="
                            + " new WorkflowHistoryExtension().allowingRejections();",
                    rejections.get(0));
            rejections.subList(1, rejections.size()).forEach(error::addSuppressed);
            throw error;
        }
    }
}
