package io.github.workflowhistory.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Awkward;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** What the rules promise for any changes in any order. */
class ExecutionTransitionsPropertyTest {
    private static final Instant T = Instant.parse("2026-11-24T10:00:00Z");

    private final long seed = Awkward.seed();
    private final Random random = new Random(seed);

    private <T> T maybe(T value) {
        return random.nextBoolean() ? value : null;
    }

    private Instant time() {
        return T.plusSeconds(random.nextInt(100));
    }

    private String recorder() {
        return random.nextBoolean() ? "r1" : "r2";
    }

    private ExecutionChange anyChange() {
        return switch (random.nextInt(6)) {
            case 0 ->
                new ExecutionChange("e", ExecutionStatus.QUEUED, null, null, null, null, null, maybe(recorder()), null);
            case 1, 2 -> ExecutionChange.running("e", time()).withRecorderId(maybe(recorder()));
            case 3 -> ExecutionChange.abandoned("e", time());
            default -> end(anyEnd());
        };
    }

    private ExecutionStatus anyEnd() {
        List<ExecutionStatus> ends = List.of(ExecutionStatus.SUCCESS, ExecutionStatus.FAILED, ExecutionStatus.PARTIAL);
        return ends.get(random.nextInt(ends.size()));
    }

    private ExecutionChange end(ExecutionStatus status) {
        return ExecutionChange.ended("e", status, time())
                .withStartedAt(maybe(time()))
                .withDuration(maybe(Duration.ofMillis(random.nextInt(1_000))))
                .withFinalOutput(maybe(Json.of(random.nextInt(5))))
                .withError(maybe("error " + random.nextInt(5)))
                .withRecorderId(maybe(recorder()));
    }

    private WorkflowExecution anyExecution() {
        WorkflowExecution execution = WorkflowExecution.queued("e", "w", null, T);
        if (random.nextBoolean()) {
            execution = execution.withRecorderId(recorder());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            execution = ExecutionTransitions.apply(execution, anyChange());
        }
        return execution;
    }

    @RepeatedTest(200)
    void a_change_that_arrives_again_changes_nothing() {
        ExecutionChange change = anyChange();

        WorkflowExecution once = ExecutionTransitions.apply(anyExecution(), change);

        assertThat(ExecutionTransitions.apply(once, change)).as("seed %d", seed).isEqualTo(once);
    }

    @RepeatedTest(200)
    void null_never_overwrites_a_value_and_a_status_never_goes_back() {
        WorkflowExecution before = anyExecution();
        ExecutionChange change = anyChange();

        WorkflowExecution after = ExecutionTransitions.apply(before, change);

        String told = "seed %d: %s, then %s".formatted(seed, before, change);
        if (before.startedAt() != null) {
            assertThat(after.startedAt()).as(told).isEqualTo(before.startedAt());
        }
        if (before.completedAt() != null) {
            assertThat(after.completedAt()).as(told).isNotNull();
        }
        if (before.recorderId() != null) {
            assertThat(after.recorderId()).as(told).isEqualTo(before.recorderId());
        }
        if (before.finalOutput() != null) {
            assertThat(after.finalOutput()).as(told).isNotNull();
        }
        if (before.error() != null && !before.isAbandoned()) {
            assertThat(after.error()).as(told).isNotNull();
        }
        assertThat(after.createdAt()).as(told).isEqualTo(before.createdAt());
        if (before.status().isTerminal() && !before.isAbandoned()) {
            assertThat(after.status()).as(told).isEqualTo(before.status());
            assertThat(after.completedAt()).as(told).isEqualTo(before.completedAt());
            assertThat(after.isAbandoned()).as(told).isFalse();
        } else if (before.status() == ExecutionStatus.RUNNING) {
            assertThat(after.status()).as(told).isNotEqualTo(ExecutionStatus.QUEUED);
        } else if (before.isAbandoned()) {
            assertThat(after.status().isTerminal()).as(told).isTrue();
        }
        if (after.status().isTerminal() && after.startedAt() != null) {
            assertThat(after.duration()).as(told).isNotNull();
        }
    }

    /** One recorder's history of one execution: what a queue between host and store may merge. */
    private List<ExecutionChange> oneRecorder() {
        List<ExecutionChange> changes = new ArrayList<>();
        changes.add(ExecutionChange.running("e", time()).withRecorderId("r1"));
        changes.add(end(anyEnd()).withStartedAt(null).withRecorderId("r1"));
        return changes;
    }

    /**
     * Of an execution that names a recorder and, when it has ended, its start: otherwise the first of the two changes
     * alone would supply what the store then judges the second by.
     */
    @RepeatedTest(200)
    void merged_changes_of_a_recorder_have_the_effect_of_both() {
        WorkflowExecution execution = anyExecution();
        if (execution.recorderId() == null) {
            execution = execution.withRecorderId(recorder());
        }
        if (execution.status().isTerminal()) {
            execution = ExecutionTransitions.apply(execution, ExecutionChange.running("e", time()));
        }
        List<ExecutionChange> changes = oneRecorder();

        WorkflowExecution oneByOne = execution;
        for (ExecutionChange change : changes) {
            oneByOne = ExecutionTransitions.apply(oneByOne, change);
        }
        ExecutionChange merged = ExecutionTransitions.merge(changes.get(0), changes.get(1));

        assertThat(ExecutionTransitions.apply(execution, merged))
                .as("seed %d: %s, then %s", seed, execution, changes)
                .isEqualTo(oneByOne);
    }

    @RepeatedTest(200)
    void writers_that_agree_end_in_the_same_state_in_any_order_of_arrival() {
        WorkflowExecution execution =
                WorkflowExecution.queued("e", "w", null, T).withRecorderId("r1");
        List<ExecutionChange> changes = oneRecorder();
        changes.add(changes.get(random.nextInt(2)));

        WorkflowExecution inOrder = execution;
        for (ExecutionChange change : changes) {
            inOrder = ExecutionTransitions.apply(inOrder, change);
        }
        Collections.shuffle(changes, random);
        WorkflowExecution shuffled = execution;
        HistoryBatch.Builder batch = HistoryBatch.builder();
        for (ExecutionChange change : changes) {
            shuffled = ExecutionTransitions.apply(shuffled, change);
            batch.add(change);
        }

        assertThat(shuffled).as("seed %d: %s", seed, changes).isEqualTo(inOrder);
        assertThat(ExecutionTransitions.apply(execution, batch.build().changes().get(0)))
                .as("seed %d: %s", seed, changes)
                .isEqualTo(inOrder);
    }

    @RepeatedTest(200)
    void the_state_of_an_execution_brought_to_itself_changes_nothing() {
        WorkflowExecution execution = anyExecution();

        assertThat(ExecutionTransitions.apply(execution, ExecutionTransitions.stateOf(execution)))
                .as("seed %d", seed)
                .isEqualTo(execution);
    }
}
