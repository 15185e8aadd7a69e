package io.github.workflowhistory.testkit.contract;

import io.github.workflowhistory.testkit.InMemoryExecutionStore;
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
    private static final int MOST_STEPS_SHOWN = 10;

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
        Playback playback = new Playback(history, store());
        Playback.Mismatch mismatch = playback.play(history.next(STEPS));
        if (mismatch != null) {
            throw failure(seed, mismatch, playback.shrink(mismatch));
        }
    }

    private static AssertionError failure(long seed, Playback.Mismatch found, Playback.Mismatch smallest) {
        List<String> steps = smallest.steps().stream()
                .map(RandomHistory.Operation::description)
                .toList();
        int last = steps.size() - 1;
        int first = Math.max(0, last - MOST_STEPS_SHOWN);
        StringBuilder message = new StringBuilder("not as in memory, with seed " + seed + "\n")
                .append(smallest.what())
                .append("\nafter the step\n  ")
                .append(steps.get(last));
        if (last > 0) {
            message.append("\nwhich comes after\n  ");
            message.append(first == 0 ? "" : "(" + first + " more)\n  ");
            message.append(String.join("\n  ", steps.subList(first, last)));
        }
        message.append("\n(")
                .append(found.steps().size() - steps.size())
                .append(" other steps made no difference; -D" + SEED_PROPERTY + "=" + seed + " plays them all)");
        return new AssertionError(message.toString(), smallest.cause());
    }
}
