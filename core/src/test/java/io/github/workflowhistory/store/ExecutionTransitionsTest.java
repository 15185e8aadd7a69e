package io.github.workflowhistory.store;

import static io.github.workflowhistory.ExecutionStatus.FAILED;
import static io.github.workflowhistory.ExecutionStatus.PARTIAL;
import static io.github.workflowhistory.ExecutionStatus.QUEUED;
import static io.github.workflowhistory.ExecutionStatus.RUNNING;
import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static io.github.workflowhistory.store.ExecutionTransitions.Effect.ADVANCE;
import static io.github.workflowhistory.store.ExecutionTransitions.Effect.FILL;
import static io.github.workflowhistory.store.ExecutionTransitions.Effect.FILL_START;
import static io.github.workflowhistory.store.ExecutionTransitions.Effect.NONE;
import static io.github.workflowhistory.store.ExecutionTransitions.Effect.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionTransitions.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExecutionTransitionsTest {
    private static final Instant T = Instant.parse("2026-11-24T10:00:00Z");
    private static final Json OUTPUT = Json.of("output");

    /** An execution in a state, of recorder r1, with nothing but what the state demands. */
    private static WorkflowExecution execution(ExecutionStatus status) {
        return new WorkflowExecution(
                "e",
                "w",
                null,
                status,
                status == QUEUED ? null : T,
                status.isTerminal() ? T.plusSeconds(10) : null,
                null,
                null,
                null,
                T,
                "r1",
                null);
    }

    private static WorkflowExecution abandoned() {
        return ExecutionTransitions.apply(execution(RUNNING), ExecutionChange.abandoned("e", T.plusSeconds(5)));
    }

    private static ExecutionChange change(ExecutionStatus status) {
        return status.isTerminal()
                ? ExecutionChange.ended("e", status, T.plusSeconds(20)).withRecorderId("r1")
                : new ExecutionChange("e", status, null, null, null, null, null, "r1", null);
    }

    static Stream<Arguments> effects() {
        return Stream.of(
                arguments(QUEUED, QUEUED, FILL),
                arguments(QUEUED, RUNNING, ADVANCE),
                arguments(QUEUED, SUCCESS, ADVANCE),
                arguments(QUEUED, FAILED, ADVANCE),
                arguments(QUEUED, PARTIAL, ADVANCE),
                arguments(RUNNING, QUEUED, FILL),
                arguments(RUNNING, RUNNING, FILL),
                arguments(RUNNING, SUCCESS, ADVANCE),
                arguments(RUNNING, FAILED, ADVANCE),
                arguments(RUNNING, PARTIAL, ADVANCE),
                arguments(SUCCESS, QUEUED, FILL),
                arguments(SUCCESS, RUNNING, FILL),
                arguments(SUCCESS, SUCCESS, FILL),
                arguments(SUCCESS, FAILED, FILL_START),
                arguments(SUCCESS, PARTIAL, FILL_START),
                arguments(FAILED, QUEUED, FILL),
                arguments(FAILED, RUNNING, FILL),
                arguments(FAILED, SUCCESS, FILL_START),
                arguments(FAILED, FAILED, FILL),
                arguments(FAILED, PARTIAL, FILL_START),
                arguments(PARTIAL, QUEUED, FILL),
                arguments(PARTIAL, RUNNING, FILL),
                arguments(PARTIAL, SUCCESS, FILL_START),
                arguments(PARTIAL, FAILED, FILL_START),
                arguments(PARTIAL, PARTIAL, FILL));
    }

    @ParameterizedTest
    @MethodSource("effects")
    void a_status_only_moves_forward_and_the_first_end_wins(ExecutionStatus now, ExecutionStatus next, Effect effect) {
        assertThat(ExecutionTransitions.effect(execution(now), change(next))).isEqualTo(effect);
        assertThat(ExecutionTransitions.apply(execution(now), change(next)).status())
                .isEqualTo(effect == ADVANCE ? next : now);
    }

    static Stream<Arguments> abandonedExecutions() {
        return Stream.of(
                arguments(QUEUED, "r1", FILL),
                arguments(RUNNING, "r1", FILL),
                arguments(SUCCESS, "r1", REPLACE),
                arguments(FAILED, "r1", REPLACE),
                arguments(PARTIAL, "r1", REPLACE),
                arguments(SUCCESS, "r2", FILL_START),
                arguments(FAILED, "r2", FILL_START),
                arguments(PARTIAL, "r2", FILL_START),
                arguments(SUCCESS, null, FILL_START));
    }

    @ParameterizedTest
    @MethodSource("abandonedExecutions")
    void an_abandoned_execution_takes_the_real_end_of_its_own_recorder_only(
            ExecutionStatus next, String recorder, Effect effect) {
        ExecutionChange change = change(next).withRecorderId(recorder);

        assertThat(ExecutionTransitions.effect(abandoned(), change)).isEqualTo(effect);
        WorkflowExecution after = ExecutionTransitions.apply(abandoned(), change);
        assertThat(after.status()).isEqualTo(effect == REPLACE ? next : FAILED);
        assertThat(after.isAbandoned()).isEqualTo(effect != REPLACE);
    }

    @Test
    void the_real_end_leaves_nothing_of_the_abandonment_behind() {
        WorkflowExecution after =
                ExecutionTransitions.apply(abandoned(), change(SUCCESS).withFinalOutput(OUTPUT));

        assertThat(after.error()).isNull();
        assertThat(after.abandonedAt()).isNull();
        assertThat(after.completedAt()).isEqualTo(T.plusSeconds(20));
        assertThat(after.duration()).isEqualTo(Duration.ofSeconds(20));
        assertThat(after.finalOutput()).isEqualTo(OUTPUT);
    }

    @Test
    void an_execution_without_recorder_takes_the_real_end_that_names_none() {
        WorkflowExecution plain = WorkflowExecution.running("e", "w", null, T);
        WorkflowExecution abandoned = ExecutionTransitions.apply(plain, ExecutionChange.abandoned("e", T));

        assertThat(ExecutionTransitions.effect(abandoned, ExecutionChange.ended("e", SUCCESS, T)))
                .isEqualTo(REPLACE);
    }

    @Test
    void whoever_ended_is_not_abandoned_any_more() {
        ExecutionChange abandoned = ExecutionChange.abandoned("e", T.plusSeconds(60));

        for (ExecutionStatus ended : new ExecutionStatus[] {SUCCESS, FAILED, PARTIAL}) {
            assertThat(ExecutionTransitions.effect(execution(ended), abandoned)).isEqualTo(NONE);
        }
        assertThat(ExecutionTransitions.effect(abandoned(), abandoned)).isEqualTo(NONE);
        assertThat(ExecutionTransitions.effect(execution(QUEUED), abandoned)).isEqualTo(ADVANCE);
        assertThat(ExecutionTransitions.effect(execution(RUNNING), abandoned)).isEqualTo(ADVANCE);
    }

    @Test
    void an_abandoned_execution_says_so() {
        assertThat(abandoned().status()).isEqualTo(FAILED);
        assertThat(abandoned().error()).startsWith("Abandoned:");
        assertThat(abandoned().abandonedAt()).isEqualTo(T.plusSeconds(5));
        assertThat(abandoned().duration()).isEqualTo(Duration.ofSeconds(5));
        assertThat(abandoned().recorderId()).isEqualTo("r1");
    }

    @Test
    void the_start_is_set_once() {
        WorkflowExecution started =
                ExecutionTransitions.apply(execution(QUEUED), ExecutionChange.running("e", T.plusSeconds(1)));

        assertThat(started.startedAt()).isEqualTo(T.plusSeconds(1));
        assertThat(ExecutionTransitions.apply(started, ExecutionChange.running("e", T.plusSeconds(2))))
                .isEqualTo(started);
        assertThat(ExecutionTransitions.apply(started, change(SUCCESS).withStartedAt(T.plusSeconds(3)))
                        .startedAt())
                .isEqualTo(T.plusSeconds(1));
    }

    @Test
    void a_late_start_completes_an_end_that_came_first() {
        WorkflowExecution ended = ExecutionTransitions.apply(execution(QUEUED), change(SUCCESS));
        assertThat(ended.duration()).isNull();

        WorkflowExecution filled = ExecutionTransitions.apply(ended, ExecutionChange.running("e", T));

        assertThat(filled.status()).isEqualTo(SUCCESS);
        assertThat(filled.startedAt()).isEqualTo(T);
        assertThat(filled.duration()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void a_second_end_brings_nothing_but_the_start() {
        WorkflowExecution queuedThenFailed = ExecutionTransitions.apply(execution(QUEUED), change(FAILED));

        WorkflowExecution after = ExecutionTransitions.apply(
                queuedThenFailed,
                change(SUCCESS).withFinalOutput(OUTPUT).withError("x").withStartedAt(T));

        assertThat(after.status()).isEqualTo(FAILED);
        assertThat(after.finalOutput()).isNull();
        assertThat(after.error()).isNull();
        assertThat(after.startedAt()).isEqualTo(T);
    }

    @Test
    void the_same_end_again_fills_what_is_still_missing() {
        WorkflowExecution first =
                ExecutionTransitions.apply(execution(RUNNING), change(FAILED).withError("first"));

        WorkflowExecution second = ExecutionTransitions.apply(
                first, change(FAILED).withError("second").withFinalOutput(OUTPUT));

        assertThat(second.error()).isEqualTo("first");
        assertThat(second.finalOutput()).isEqualTo(OUTPUT);
    }

    @Test
    void a_measured_duration_is_kept_and_a_missing_one_computed() {
        assertThat(ExecutionTransitions.apply(
                                execution(RUNNING), change(SUCCESS).withDuration(Duration.ofSeconds(7)))
                        .duration())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(ExecutionTransitions.apply(execution(RUNNING), change(SUCCESS))
                        .duration())
                .isEqualTo(Duration.ofSeconds(20));
        assertThat(ExecutionTransitions.complete(execution(RUNNING)).duration()).isNull();
    }

    @Test
    void a_change_says_what_its_status_needs() {
        assertThatThrownBy(() -> new ExecutionChange("e", SUCCESS, null, null, null, null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("success needs completedAt");
        assertThatThrownBy(() -> new ExecutionChange("e", RUNNING, T, T, null, null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("running cannot have completedAt");
        assertThatThrownBy(() -> ExecutionChange.running("e", T).withDuration(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ExecutionChange("e", SUCCESS, null, T, null, null, null, null, T))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ends as failed");
        assertThat(ExecutionChange.running("e", T.plusNanos(1)).startedAt()).isEqualTo(T);
        assertThat(change(FAILED).withError("\u0000").error()).isEqualTo("\uFFFD");
    }
}
