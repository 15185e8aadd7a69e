package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.at;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.IdConflictException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes random operations out of few ids and values, so that collisions of every kind happen often. */
final class RandomHistory {
    private static final List<String> EXECUTIONS = List.of("a", "B", "b", "\u00E9", "\uFF21", "\uD83D\uDE80", "a b");
    private static final List<String> WORKFLOWS = List.of("import", "Import");
    private static final List<String> RECORDERS = List.of("recorder-1", "recorder-2");
    private static final List<String> TEXTS = List.of("", "plain", "it's \"100%\"", "a\u0000b", "\uD83D\uDE80\n\\");
    private static final List<String> JSONS =
            List.of("null", "1e2", "{\"a\": 1, \"b\": [null, \"\\u0000\"]}", "[]", "\"text\"");

    /** Something that is done to a store. */
    record Operation(String description, Action action) {
        Object run(ExecutionStore store) {
            return action.run(store);
        }
    }

    /** What an operation does and returns. */
    @FunctionalInterface
    interface Action {
        Object run(ExecutionStore store);
    }

    private final Random random;
    private final List<UUID> users;
    private final boolean leases;
    private final List<HistoryBatch> recorded = new ArrayList<>();

    /**
     * A history that depends on nothing but these.
     *
     * @param seed makes it random
     * @param users to whom executions belong
     * @param leases whether executions are taken over as well, which only a store with leases can do
     */
    RandomHistory(long seed, List<UUID> users, boolean leases) {
        this.random = new Random(seed);
        this.users = users;
        this.leases = leases;
    }

    /** The next operations. */
    List<Operation> next(int operations) {
        return Stream.generate(this::next).limit(operations).toList();
    }

    private Operation next() {
        int choice = random.nextInt(100);
        if (choice < 10) {
            String id = oneOf(EXECUTIONS);
            return new Operation("delete " + id, store -> store.deleteExecution(id));
        }
        if (choice < 16 && leases) {
            String id = oneOf(EXECUTIONS);
            String recorder = oneOf(RECORDERS);
            return new Operation(
                    "take over " + id + " by " + recorder,
                    store -> store.leases().orElseThrow().takeOver(id, recorder));
        }
        if (choice < 30 && !recorded.isEmpty()) {
            return recording("replay", oneOf(recorded));
        }
        HistoryBatch batch = newBatch();
        recorded.add(batch);
        return recording("record", batch);
    }

    private static Operation recording(String verb, HistoryBatch batch) {
        String description = verb + " executions=" + batch.executions() + " changes=" + batch.changes() + " results="
                + batch.nodeResults() + " logs=" + batch.logs();
        return new Operation(description, store -> {
            store.record(batch);
            return "recorded";
        });
    }

    private HistoryBatch newBatch() {
        HistoryBatch.Builder batch = HistoryBatch.builder();
        int records = 1 + random.nextInt(6);
        for (int i = 0; i < records; i++) {
            addSomethingTo(batch);
        }
        return batch.build();
    }

    private void addSomethingTo(HistoryBatch.Builder batch) {
        try {
            switch (random.nextInt(6)) {
                case 0, 1 -> batch.add(execution());
                case 2 -> batch.add(change());
                case 3 -> batch.add(result());
                default -> batch.add(log());
            }
        } catch (IdConflictException conflictInTheBatch) {
            // Then the batch goes on without this record.
        }
    }

    private WorkflowExecution execution() {
        ExecutionChange state = change();
        return new WorkflowExecution(
                state.executionId(),
                random.nextInt(10) == 0 ? WORKFLOWS.get(1) : WORKFLOWS.get(0),
                userOf(state.executionId()),
                state.status(),
                state.startedAt(),
                state.completedAt(),
                state.duration(),
                state.finalOutput(),
                state.error(),
                instant(),
                state.recorderId(),
                state.abandonedAt());
    }

    /** Mostly the same user for the same execution, so that not every batch is refused. */
    private @Nullable UUID userOf(String executionId) {
        int user = random.nextInt(20) == 0 ? random.nextInt(3) : EXECUTIONS.indexOf(executionId) % 3;
        return user == 2 ? null : users.get(user);
    }

    private ExecutionChange change() {
        ExecutionStatus status = oneOf(List.of(ExecutionStatus.values()));
        boolean ends = status.isTerminal();
        return new ExecutionChange(
                oneOf(EXECUTIONS),
                status,
                sometimes(this::instant),
                ends ? instant() : null,
                ends ? sometimes(this::duration) : null,
                sometimes(this::json),
                sometimes(() -> oneOf(TEXTS)),
                sometimes(() -> oneOf(RECORDERS)),
                status == ExecutionStatus.FAILED && random.nextBoolean() ? instant() : null);
    }

    private NodeResult result() {
        String id = someResultId();
        return new NodeResult(
                id,
                executionOf(id),
                oneOf(List.of("fetch", "Fetch")),
                oneOf(TEXTS),
                oneOf(List.of(NodeStatus.values())),
                sometimes(this::json),
                sometimes(() -> oneOf(TEXTS)),
                sometimes(this::instant),
                instant(),
                sometimes(this::duration),
                1 + random.nextInt(3));
    }

    private ExecutionLog log() {
        String id = "log-" + (char) ('A' + random.nextInt(58));
        return new ExecutionLog(
                id,
                executionOf(id),
                sometimes(this::someResultId),
                oneOf(List.of(LogLevel.values())),
                oneOf(TEXTS),
                sometimes(this::json),
                instant());
    }

    /** Mostly the same execution for the same id, so that conflicts are frequent but not the rule. */
    private String executionOf(String id) {
        return random.nextInt(12) == 0
                ? oneOf(EXECUTIONS)
                : EXECUTIONS.get(Math.floorMod(id.hashCode(), EXECUTIONS.size()));
    }

    private String someResultId() {
        return "run-" + (char) ('A' + random.nextInt(20));
    }

    List<String> executionIds() {
        return EXECUTIONS;
    }

    List<ExecutionQuery> executionQueries() {
        ExecutionQuery all = ExecutionQuery.all();
        return List.of(
                all,
                all.limit(2),
                all.ofUser(users.get(0)),
                all.ofWorkflow(WORKFLOWS.get(0)).limit(3),
                all.ofWorkflow(WORKFLOWS.get(1)).ofUser(users.get(1)));
    }

    private Instant instant() {
        return at(random.nextInt(5)).plusNanos(1_000L * random.nextInt(2));
    }

    private Duration duration() {
        return random.nextInt(8) == 0 ? Duration.ofDays(30) : Duration.ofMillis(random.nextInt(5));
    }

    private Json json() {
        return Json.parse(oneOf(JSONS));
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private <T> @Nullable T sometimes(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }
}
