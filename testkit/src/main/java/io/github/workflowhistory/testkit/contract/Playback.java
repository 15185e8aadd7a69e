package io.github.workflowhistory.testkit.contract;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionReader;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.testkit.InMemoryExecutionStore;
import io.github.workflowhistory.testkit.contract.RandomHistory.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plays operations against a store and against an {@link InMemoryExecutionStore}, and looks whether both do the same. */
final class Playback {
    private static final int STEPS_PER_READING = 5;
    private static final Duration LONGEST_SHRINKING = Duration.ofSeconds(10);

    /**
     * What the store did otherwise.
     *
     * @param steps what was played up to there
     * @param what the difference
     * @param cause what the store threw, if it did
     */
    record Mismatch(
            List<Operation> steps, String what, @Nullable Throwable cause) {}

    /** What an operation returned, or how it was refused; which of several reasons a store finds first is its own. */
    private record Outcome(String what, @Nullable RuntimeException thrown) {
        static Outcome of(Operation operation, ExecutionStore store) {
            try {
                return new Outcome(String.valueOf(operation.run(store)), null);
            } catch (HistoryStoreException e) {
                return new Outcome("refused: " + e.kind(), e);
            } catch (RuntimeException e) {
                return new Outcome("failed", e);
            }
        }

        @Override
        public String toString() {
            return thrown == null ? "\"" + what + "\"" : "\"" + what + "\" (" + thrown + ")";
        }
    }

    private final RandomHistory history;
    private final ExecutionStore store;

    Playback(RandomHistory history, ExecutionStore store) {
        this.history = history;
        this.store = store;
    }

    /** The first difference, or null when there is none. */
    @Nullable
    Mismatch play(List<Operation> steps) {
        return play(steps, STEPS_PER_READING);
    }

    /** Leaves out steps for as long as there still is a difference. */
    Mismatch shrink(Mismatch found) {
        long begun = System.nanoTime();
        Mismatch smallest = found;
        boolean shrunk = true;
        while (shrunk) {
            shrunk = false;
            for (int i = smallest.steps().size() - 1; i >= 0; i--) {
                if (System.nanoTime() - begun > LONGEST_SHRINKING.toNanos()) {
                    return smallest;
                }
                List<Operation> fewer = new ArrayList<>(smallest.steps());
                fewer.remove(i);
                Mismatch still = play(fewer, fewer.size());
                if (still != null) {
                    smallest = still;
                    i = Math.min(i, still.steps().size());
                    shrunk = true;
                }
            }
        }
        return smallest;
    }

    private @Nullable Mismatch play(List<Operation> steps, int stepsPerReading) {
        // JUnit makes one store for all sequences.
        history.executionIds().forEach(store::deleteExecution);
        ExecutionStore reference = new InMemoryExecutionStore();
        for (int step = 0; step < steps.size(); step++) {
            List<Operation> played = steps.subList(0, step + 1);
            Outcome expected = Outcome.of(steps.get(step), reference);
            Outcome actual = Outcome.of(steps.get(step), store);
            if (!expected.what().equals(actual.what())) {
                return new Mismatch(
                        played, "the outcome: expected " + expected + ", but was " + actual, actual.thrown());
            }
            if ((step + 1) % stepsPerReading == 0 || step == steps.size() - 1) {
                Mismatch mismatch = read(played, reference);
                if (mismatch != null) {
                    return mismatch;
                }
            }
        }
        return null;
    }

    private @Nullable Mismatch read(List<Operation> played, ExecutionStore reference) {
        Stream<Reading> ofExecutions = history.executionIds().stream().flatMap(id -> readings(id, reference));
        Stream<Reading> ofLists = history.executionQueries().stream().map(Playback::listing);
        return Stream.concat(ofExecutions, ofLists)
                .map(reading -> reading.compare(played, reference, store))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** One way of reading. */
    private record Reading(String name, Function<ExecutionReader, Object> reader) {
        @Nullable
        Mismatch compare(List<Operation> played, ExecutionStore reference, ExecutionStore store) {
            Object expected = reader.apply(reference);
            try {
                String difference = Difference.between(expected, reader.apply(store));
                return difference.isEmpty() ? null : new Mismatch(played, name + ": " + difference, null);
            } catch (RuntimeException e) {
                return new Mismatch(played, name + ": it failed (" + e + ")", e);
            }
        }
    }

    private static Stream<Reading> readings(String id, ExecutionStore reference) {
        LogQuery logs = LogQuery.ofExecution(id);
        Stream<LogQuery> ofRuns = nodeRuns(id, reference).map(logs::ofNodeRun);
        return Stream.concat(
                Stream.of(
                        new Reading("details of '" + id + "'", store -> store.findDetails(id)),
                        new Reading("execution '" + id + "'", store -> store.findExecution(id))),
                Stream.concat(Stream.of(logs.atLeast(LogLevel.WARN).limit(3)), ofRuns)
                        .map(query -> new Reading(query.toString(), store -> store.listLogs(query))));
    }

    /** Some node runs of an execution, with result or without, and one that is not there. */
    private static Stream<String> nodeRuns(String id, ExecutionStore reference) {
        ExecutionDetails details = reference.findDetails(id).orElse(null);
        Stream<String> known = details == null
                ? Stream.of()
                : Stream.concat(
                        details.logs().stream()
                                .map(ExecutionLog::nodeRunId)
                                .flatMap(Stream::ofNullable)
                                .limit(1),
                        details.nodeResults().stream().map(NodeResult::id).limit(1));
        return Stream.concat(known, Stream.of("run-none")).distinct();
    }

    private static Reading listing(ExecutionQuery query) {
        return new Reading(query.toString(), store -> store.listExecutions(query));
    }
}
