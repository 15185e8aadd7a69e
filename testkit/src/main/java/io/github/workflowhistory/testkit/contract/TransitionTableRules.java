package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.WORKFLOW;
import static io.github.workflowhistory.testkit.contract.Samples.at;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionTransitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rule 3 as a table: every state, every change, with and without values, must come out as {@link ExecutionTransitions}
 * says.
 */
public abstract class TransitionTableRules extends ContractGroup {
    private static final int ENOUGH_FAILURES = 10;
    private static final String RULE =
            "Rule 3 exists as code, for all stores: ExecutionTransitions.apply(execution, change)"
                    + " is what becomes of an execution, and ExecutionTransitions.stateOf(execution) makes one that is recorded"
                    + " again a change. A store in Java calls them, a store in SQL has to agree with them.";

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected TransitionTableRules(StoreUnderTest underTest) {
        super(underTest);
    }

    /** A state in the table; the recorder matters for abandoned executions. */
    private record State(
            String name, ExecutionStatus status, @Nullable String recorderId, boolean abandoned) {

        ExecutionChange asChange(String executionId, boolean withValues, int variant) {
            ExecutionChange change = abandoned
                    ? ExecutionChange.abandoned(executionId, at(2_000 + variant))
                    : new ExecutionChange(
                            executionId,
                            status,
                            null,
                            status.isTerminal() ? at(1_000 + variant) : null,
                            null,
                            null,
                            null,
                            null,
                            null);
            change = change.withRecorderId(recorderId);
            if (!withValues) {
                return change;
            }
            return change.withStartedAt(at(100 + variant))
                    .withFinalOutput(Json.of("output " + variant))
                    .withError("error " + variant)
                    .withDuration(status.isTerminal() ? Duration.ofMillis(800 + variant) : null);
        }
    }

    private static List<State> states() {
        List<State> states = new ArrayList<>();
        for (ExecutionStatus status : ExecutionStatus.values()) {
            states.add(new State(status.code(), status, null, false));
            states.add(new State(status.code() + " by recorder 1", status, "recorder-1", false));
        }
        states.add(new State("abandoned", ExecutionStatus.FAILED, null, true));
        states.add(new State("abandoned by recorder 1", ExecutionStatus.FAILED, "recorder-1", true));
        states.add(new State("success by recorder 2", ExecutionStatus.SUCCESS, "recorder-2", false));
        return states;
    }

    @TestFactory
    Stream<DynamicTest> a_change_has_the_effect_of_the_transition_table() {
        return table(false);
    }

    @TestFactory
    Stream<DynamicTest> an_execution_recorded_again_in_another_state_has_the_same_effect() {
        return table(true);
    }

    private Stream<DynamicTest> table(boolean asExecution) {
        AtomicInteger failures = new AtomicInteger();
        return states().stream()
                .flatMap(from -> states().stream()
                        .map(to -> DynamicTest.dynamicTest(
                                "from " + from.name() + " to " + to.name(),
                                () -> assertAgrees(from, to, asExecution, failures))));
    }

    /** One mistake can be wrong in every place of the table: what comes after enough failures is not tried. */
    private void assertAgrees(State from, State to, boolean asExecution, AtomicInteger failures) {
        assumeTrue(
                failures.get() < ENOUGH_FAILURES,
                "not tried: " + ENOUGH_FAILURES + " places of this table are wrong already");
        try {
            assertAgrees(from, to, asExecution);
        } catch (RuntimeException | AssertionError e) {
            failures.incrementAndGet();
            throw e;
        }
    }

    private void assertAgrees(State from, State to, boolean asExecution) {
        List<WorkflowExecution> expected = new ArrayList<>();
        List<WorkflowExecution> before = new ArrayList<>();
        List<Object> changes = new ArrayList<>();
        for (int values = 0; values < 4; values++) {
            String id = (asExecution ? "execution " : "change ") + from.name() + " > " + to.name() + " " + values;
            WorkflowExecution was = execution(id, from.asChange(id, (values & 1) != 0, 1));
            ExecutionChange change = to.asChange(id, (values & 2) != 0, 2);
            before.add(was);
            changes.add(asExecution ? execution(id, change) : change);
            expected.add(ExecutionTransitions.apply(ExecutionTransitions.complete(was), change));
        }

        record(before.toArray());
        record(changes.toArray());

        for (int values = 0; values < 4; values++) {
            String difference = Difference.between(
                    expected.get(values), execution(before.get(values).id()));
            if (!difference.isEmpty()) {
                throw new AssertionError("from " + from.name() + ((values & 1) != 0 ? " with values" : "") + " to "
                        + to.name() + ((values & 2) != 0 ? " with values" : "") + ": " + difference + "\n" + RULE);
            }
        }
    }

    private static WorkflowExecution execution(String id, ExecutionChange state) {
        return new WorkflowExecution(
                id,
                WORKFLOW,
                null,
                state.status(),
                state.startedAt(),
                state.completedAt(),
                state.duration(),
                state.finalOutput(),
                state.error(),
                at(0),
                state.recorderId(),
                state.abandonedAt());
    }
}
