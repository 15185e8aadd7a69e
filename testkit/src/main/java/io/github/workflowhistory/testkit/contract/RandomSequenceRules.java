package io.github.workflowhistory.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.testkit.InMemoryExecutionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * All rules at once: random sequences of operations are played against the store and against an
 * {@link InMemoryExecutionStore}, and both must read the same. A sequence depends on nothing but its seed, which the
 * name of the test tells; to repeat one, set the system property {@value #SEED_PROPERTY}.
 */
public abstract class RandomSequenceRules extends ContractGroup {
    /** The system property with the seed of the only sequence to play. */
    public static final String SEED_PROPERTY = "workflowhistory.contract.seed";

    private static final int SEQUENCES = 8;
    private static final int STEPS = 60;

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected RandomSequenceRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @TestFactory
    Stream<DynamicTest> a_random_sequence_reads_the_same_as_in_memory() {
        Long only = Long.getLong(SEED_PROPERTY);
        // Some sequences are always the same, so that a failure of the build repeats; one is always new.
        LongStream seeds = only != null
                ? LongStream.of(only)
                : LongStream.concat(LongStream.range(0, SEQUENCES - 1), LongStream.of(System.nanoTime()));
        return seeds.mapToObj(seed -> DynamicTest.dynamicTest("with seed " + seed, () -> play(seed)));
    }

    private void play(long seed) {
        List<UUID> users = List.of(newUser(), newUser());
        RandomHistory history = new RandomHistory(seed, users, store().leases().isPresent());
        // JUnit makes one store for all sequences.
        history.executionIds().forEach(store()::deleteExecution);
        ExecutionStore reference = new InMemoryExecutionStore();
        List<String> played = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            RandomHistory.Operation operation = history.next();
            played.add(operation.description());
            Object expected = outcome(operation, reference);
            Object actual = outcome(operation, store());
            String where = "seed " + seed + ", after step " + step + " of:\n  " + String.join("\n  ", played) + "\n";
            assertThat(actual).as("outcome with " + where).isEqualTo(expected);
            if (step % 5 == 4 || step == STEPS - 1) {
                assertReadsTheSame(history, reference, where);
            }
        }
    }

    /** What an operation returned, or that it was refused; which of several reasons a store finds first is its own. */
    private static Object outcome(RandomHistory.Operation operation, ExecutionStore store) {
        try {
            return operation.run(store);
        } catch (HistoryStoreException e) {
            return "refused: " + e.kind();
        }
    }

    private void assertReadsTheSame(RandomHistory history, ExecutionStore reference, String where) {
        for (String id : history.executionIds()) {
            assertThat(store().findDetails(id)).as("details with " + where).isEqualTo(reference.findDetails(id));
            assertThat(store().findExecution(id)).as("execution with " + where).isEqualTo(reference.findExecution(id));
            for (LogQuery query : logQueries(id, history)) {
                assertThat(store().listLogs(query)).as(query + " with " + where).isEqualTo(reference.listLogs(query));
            }
        }
        for (ExecutionQuery query : history.executionQueries()) {
            assertThat(store().listExecutions(query))
                    .as(query + " with " + where)
                    .isEqualTo(reference.listExecutions(query));
        }
    }

    private static List<LogQuery> logQueries(String executionId, RandomHistory history) {
        LogQuery all = LogQuery.ofExecution(executionId);
        return List.of(all.atLeast(LogLevel.WARN).limit(3), all.ofNodeRun(history.someResultId()));
    }
}
