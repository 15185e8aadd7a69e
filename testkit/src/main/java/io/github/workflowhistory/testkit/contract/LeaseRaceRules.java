package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.ExecutionStatus.RUNNING;
import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The capability {@link io.github.workflowhistory.store.ExecutionLeases}: an execution that ends while somebody looks for
 * abandoned ones, or whose recorder comes back, is left alone.
 */
public abstract class LeaseRaceRules extends LeaseGroup {
    private static final int ROUNDS = 20;
    private static final int EXECUTIONS = 3;
    /** So many that ending them takes a while. */
    private static final int MANY_EXECUTIONS = 200;

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected LeaseRaceRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void an_execution_that_ends_meanwhile_keeps_its_real_end() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> ids = abandon(round);

            Together.run(List.of(
                    () -> ids.forEach(id -> record(end(id, SUCCESS).withRecorderId(RECORDER))),
                    () -> endAbandoned(ONE_HOUR)));

            for (String id : ids) {
                assertThat(execution(id).status()).isEqualTo(SUCCESS);
                assertThat(execution(id).isAbandoned()).isFalse();
                assertThat(execution(id).error()).isNull();
            }
        }
    }

    @Test
    void the_end_that_another_recorder_brings_meanwhile_wins_or_loses_whole() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> ids = abandon(round);

            Together.run(List.of(
                    () -> ids.forEach(id -> record(end(id, SUCCESS).withRecorderId(OTHER))),
                    () -> endAbandoned(ONE_HOUR)));

            for (String id : ids) {
                WorkflowExecution execution = execution(id);
                if (execution.status() == SUCCESS) {
                    assertThat(execution.isAbandoned()).isFalse();
                    assertThat(execution.error()).isNull();
                } else {
                    assertAbandoned(id);
                }
            }
        }
    }

    /** Whoever sees an execution run after its recorder has renewed the lease can rely on it. */
    @Test
    void a_recorder_that_comes_back_meanwhile_keeps_what_it_then_still_has() {
        for (int round = 0; round < ROUNDS; round++) {
            String recorder = "recorder of round " + round;
            if (round % 2 == 1) {
                // The store has looked for this recorder before.
                record(longAgo("first" + round).withRecorderId(recorder));
                record(queued("queued" + round).withRecorderId(recorder));
                assertThat(endAbandoned(ONE_HOUR)).containsExactly("first" + round);
            }
            String workflow = "workflow of round " + round;
            String prefix = "many" + round + "-";
            record(IntStream.range(0, MANY_EXECUTIONS)
                    .mapToObj(i -> WorkflowExecution.running(prefix + i, workflow, null, Samples.START)
                            .withRecorderId(recorder))
                    .toList());
            AtomicReference<Set<String>> kept = new AtomicReference<>(Set.of());

            Together.run(List.of(
                    () -> {
                        leases().renew(recorder);
                        kept.set(running(workflow));
                    },
                    () -> endAbandoned(ONE_HOUR)));

            assertThat(running(workflow)).isEqualTo(kept.get());
        }
    }

    private Set<String> running(String workflow) {
        return store().listExecutions(ExecutionQuery.all().ofWorkflow(workflow).limit(MANY_EXECUTIONS)).stream()
                .filter(execution -> execution.status() == RUNNING)
                .map(ExecutionSummary::id)
                .collect(Collectors.toSet());
    }

    @Test
    void an_execution_that_is_taken_over_meanwhile_is_alive() {
        leases().renew(OTHER);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> ids = abandon(round);
            Set<String> taken = ConcurrentHashMap.newKeySet();

            Together.run(List.of(
                    () -> ids.stream()
                            .filter(id -> leases().takeOver(id, OTHER))
                            .forEach(taken::add),
                    () -> endAbandoned(ONE_HOUR)));

            for (String id : ids) {
                if (taken.contains(id)) {
                    assertRuns(id);
                    assertThat(execution(id).recorderId()).isEqualTo(OTHER);
                } else {
                    assertAbandoned(id);
                    assertThat(execution(id).recorderId()).isEqualTo(RECORDER);
                }
            }
        }
    }

    @Test
    void an_execution_that_is_released_meanwhile_may_wait() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> ids = abandon(round);
            Set<String> released = ConcurrentHashMap.newKeySet();

            Together.run(List.of(
                    () -> ids.stream()
                            .filter(id -> leases().release(id, RECORDER))
                            .forEach(released::add),
                    () -> endAbandoned(ONE_HOUR)));

            for (String id : ids) {
                if (released.contains(id)) {
                    assertRuns(id);
                    assertThat(execution(id).recorderId()).isNull();
                } else {
                    assertAbandoned(id);
                }
            }
        }
    }

    @Test
    void an_execution_that_is_deleted_meanwhile_is_gone() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> ids = abandon(round);

            Together.run(List.of(
                    () -> ids.forEach(id -> store().deleteExecution(id)),
                    () -> leases().endAbandoned(ONE_HOUR, Scope.ALL)));

            ids.forEach(this::assertGone);
        }
    }

    @Test
    void an_execution_is_ended_by_one_of_several_that_look_for_abandoned_ones_at_once() {
        record(IntStream.range(0, 50)
                .mapToObj(i -> longAgo("e" + i).withRecorderId(i % 2 == 0 ? null : "recorder-" + i % 7))
                .toList());
        Set<String> ended = ConcurrentHashMap.newKeySet();
        List<Together.Task> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tasks.add(() -> leases().endAbandoned(ONE_HOUR, Scope.ALL)
                    .forEach(id -> assertThat(ended.add(id))
                            .as("%s was ended once", id)
                            .isTrue()));
        }

        Together.run(tasks);

        assertThat(ended).hasSize(50);
    }

    /** Records executions of a recorder that is gone. */
    private List<String> abandon(int round) {
        List<String> ids = IntStream.range(0, EXECUTIONS)
                .mapToObj(i -> "e" + round + "-" + i)
                .toList();
        record(ids.stream().map(id -> longAgo(id).withRecorderId(RECORDER)).toList());
        return ids;
    }
}
