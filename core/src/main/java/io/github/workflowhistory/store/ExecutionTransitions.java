package io.github.workflowhistory.store;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.internal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an execution when a change arrives: the state machine of rule 3, as pure functions that every store
 * can use or has to agree with.
 *
 * <table>
 *   <caption>The effect of a change, by what the execution is now</caption>
 *   <tr><th>execution is</th><th>change to</th><th>effect</th></tr>
 *   <tr><td>queued or running</td><td>a later state</td><td>{@link Effect#ADVANCE}</td></tr>
 *   <tr><td>anything</td><td>an earlier state, or the same</td><td>{@link Effect#FILL}</td></tr>
 *   <tr><td>terminal</td><td>another terminal state</td><td>{@link Effect#FILL_START}: the first one wins</td></tr>
 *   <tr><td>terminal</td><td>abandoned</td><td>{@link Effect#NONE}</td></tr>
 *   <tr><td>abandoned</td><td>a real end by its own recorder</td><td>{@link Effect#REPLACE}</td></tr>
 *   <tr><td>abandoned</td><td>a real end by another recorder</td><td>{@link Effect#FILL_START}</td></tr>
 * </table>
 */
public final class ExecutionTransitions {

    /** What a change does to an execution. */
    public enum Effect {
        /** The status moves forward; values of the change replace older ones. Null replaces nothing. */
        ADVANCE,
        /** The status stays; values of the change go where nothing is yet. */
        FILL,
        /** The change lost against another end; only its start goes where nothing is yet. */
        FILL_START,
        /** The end because the recorder was gone gives way to the real end. */
        REPLACE,
        /** Nothing changes. */
        NONE
    }

    private ExecutionTransitions() {}

    /**
     * Decides what a change does.
     *
     * @param execution the execution as it is
     * @param change the change that arrives
     * @return its effect
     */
    public static Effect effect(WorkflowExecution execution, ExecutionChange change) {
        return effect(State.of(execution), State.of(change));
    }

    /**
     * Brings a change to an execution. The result is {@linkplain #complete complete}.
     *
     * @param execution the execution as it is
     * @param change the change that arrives, of the same execution
     * @return the execution as it is then; equal to the given one when nothing changes
     */
    public static WorkflowExecution apply(WorkflowExecution execution, ExecutionChange change) {
        State after = merge(State.of(execution), State.of(change));
        return complete(new WorkflowExecution(
                execution.id(),
                execution.workflowId(),
                execution.userId(),
                after.status,
                after.startedAt,
                after.completedAt,
                after.duration,
                after.finalOutput,
                after.error,
                execution.createdAt(),
                after.recorderId,
                after.abandonedAt));
    }

    /**
     * Brings a recorded state of an execution to the execution as it is, as a change.
     *
     * @param execution an execution as a batch creates it
     * @return the change to its state
     * @throws IllegalArgumentException when its status is terminal and its end is missing
     */
    public static ExecutionChange stateOf(WorkflowExecution execution) {
        return State.of(execution).toChange(execution.id());
    }

    /**
     * Computes the duration of an execution that has ended without one, from its start and end, when both are known.
     *
     * @param execution any execution
     * @return the same, or a copy with the duration
     */
    public static WorkflowExecution complete(WorkflowExecution execution) {
        Instant startedAt = execution.startedAt();
        Instant completedAt = execution.completedAt();
        if (!execution.status().isTerminal()
                || execution.duration() != null
                || startedAt == null
                || completedAt == null) {
            return execution;
        }
        return new WorkflowExecution(
                execution.id(),
                execution.workflowId(),
                execution.userId(),
                execution.status(),
                startedAt,
                completedAt,
                Times.between(startedAt, completedAt),
                execution.finalOutput(),
                execution.error(),
                execution.createdAt(),
                execution.recorderId(),
                execution.abandonedAt());
    }

    /** Two changes of one execution as one that has the effect of both in this order. */
    static ExecutionChange merge(ExecutionChange first, ExecutionChange second) {
        return merge(State.of(first), State.of(second)).toChange(first.executionId());
    }

    private static Effect effect(State now, State next) {
        boolean nextEnds = next.status.isTerminal();
        if (now.status.isTerminal() && next.abandonedAt != null) {
            return Effect.NONE;
        }
        if (now.abandonedAt != null && nextEnds) {
            return Objects.equals(now.recorderId, next.recorderId) ? Effect.REPLACE : Effect.FILL_START;
        }
        if (rank(next.status) > rank(now.status)) {
            return Effect.ADVANCE;
        }
        return nextEnds && next.status != now.status ? Effect.FILL_START : Effect.FILL;
    }

    private static int rank(ExecutionStatus status) {
        return switch (status) {
            case QUEUED -> 0;
            case RUNNING -> 1;
            case SUCCESS, FAILED, PARTIAL -> 2;
        };
    }

    private static State merge(State now, State next) {
        return switch (effect(now, next)) {
            case ADVANCE ->
                new State(
                        next.status,
                        either(now.startedAt, next.startedAt),
                        either(next.completedAt, now.completedAt),
                        either(next.duration, now.duration),
                        either(next.finalOutput, now.finalOutput),
                        either(next.error, now.error),
                        either(now.recorderId, next.recorderId),
                        next.abandonedAt);
            case FILL ->
                new State(
                        now.status,
                        either(now.startedAt, next.startedAt),
                        either(now.completedAt, next.completedAt),
                        either(now.duration, next.duration),
                        either(now.finalOutput, next.finalOutput),
                        either(now.error, next.error),
                        either(now.recorderId, next.recorderId),
                        now.abandonedAt);
            case FILL_START ->
                new State(
                        now.status,
                        either(now.startedAt, next.startedAt),
                        now.completedAt,
                        now.duration,
                        now.finalOutput,
                        now.error,
                        now.recorderId,
                        now.abandonedAt);
            case REPLACE ->
                new State(
                        next.status,
                        either(now.startedAt, next.startedAt),
                        next.completedAt,
                        next.duration,
                        either(next.finalOutput, now.finalOutput),
                        next.error,
                        now.recorderId,
                        null);
            case NONE -> now;
        };
    }

    private static <T> @Nullable T either(@Nullable T first, @Nullable T second) {
        return first != null ? first : second;
    }

    /** The part of an execution that changes. */
    private record State(
            ExecutionStatus status,
            @Nullable Instant startedAt,
            @Nullable Instant completedAt,
            @Nullable Duration duration,
            @Nullable Json finalOutput,
            @Nullable String error,
            @Nullable String recorderId,
            @Nullable Instant abandonedAt) {

        static State of(WorkflowExecution execution) {
            return new State(
                    execution.status(),
                    execution.startedAt(),
                    execution.completedAt(),
                    execution.duration(),
                    execution.finalOutput(),
                    execution.error(),
                    execution.recorderId(),
                    execution.abandonedAt());
        }

        static State of(ExecutionChange change) {
            return new State(
                    change.status(),
                    change.startedAt(),
                    change.completedAt(),
                    change.duration(),
                    change.finalOutput(),
                    change.error(),
                    change.recorderId(),
                    change.abandonedAt());
        }

        ExecutionChange toChange(String executionId) {
            return new ExecutionChange(
                    executionId, status, startedAt, completedAt, duration, finalOutput, error, recorderId, abandonedAt);
        }
    }
}
