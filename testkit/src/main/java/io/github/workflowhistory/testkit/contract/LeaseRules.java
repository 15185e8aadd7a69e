package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.ExecutionStatus.FAILED;
import static io.github.workflowhistory.ExecutionStatus.RUNNING;
import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static io.github.workflowhistory.testkit.contract.Samples.WORKFLOW;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.ended;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The capability {@link ExecutionLeases}; skipped by a store that does not have it. The store goes by its own clock, so
 * the tests use durations that have passed, or have not, on any clock.
 */
public abstract class LeaseRules extends ContractGroup {
    /** Samples start in the past; a recorder that never renewed counts from there. */
    private static final Duration ONE_HOUR = Duration.ofHours(1);

    private static final String RECORDER = "recorder-1";

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected LeaseRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @BeforeEach
    void only_for_a_store_with_leases() {
        assumeTrue(
                store().leases().isPresent(),
                "this store does not have the capability ExecutionLeases: ExecutionStore.leases() is empty");
    }

    private ExecutionLeases leases() {
        return store().leases().orElseThrow();
    }

    @Test
    void an_execution_whose_recorder_never_renewed_its_lease_counts_from_its_start() {
        record(longAgo("old").withRecorderId(RECORDER));
        record(WorkflowExecution.running("young", WORKFLOW, null, Instant.now()).withRecorderId(RECORDER));

        assertThat(leases().endAbandoned(ONE_HOUR)).containsExactly("old");

        assertThat(execution("young").status()).isEqualTo(RUNNING);
    }

    @Test
    void an_abandoned_execution_is_failed_and_says_so() {
        record(longAgo("e").withRecorderId(RECORDER), log("l", "e"));

        leases().endAbandoned(ONE_HOUR);

        WorkflowExecution execution = execution("e");
        assertThat(execution.status()).isEqualTo(FAILED);
        assertThat(execution.error()).isEqualTo(ExecutionLeases.ABANDONED_ERROR);
        assertThat(execution.isAbandoned()).isTrue();
        assertThat(execution.completedAt()).isEqualTo(execution.abandonedAt()).isAfter(execution.startedAt());
        assertThat(execution.duration()).isGreaterThan(ONE_HOUR);
        assertThat(execution.recorderId()).isEqualTo(RECORDER);
        assertThat(logIds("e")).containsExactly("l");
    }

    @Test
    void a_lease_that_was_renewed_keeps_all_executions_of_its_recorder() {
        record(longAgo("e").withRecorderId(RECORDER), longAgo("f").withRecorderId(RECORDER));
        record(longAgo("other").withRecorderId("recorder-2"));
        leases().renew(RECORDER);
        leases().renew(RECORDER);

        assertThat(leases().endAbandoned(ONE_HOUR)).containsExactly("other");

        assertThat(execution("e").status()).isEqualTo(RUNNING);
        assertThat(execution("f").status()).isEqualTo(RUNNING);
    }

    @Test
    void a_lease_runs_out() {
        record(longAgo("e").withRecorderId(RECORDER));
        leases().renew(RECORDER);

        assertThat(leases().endAbandoned(Duration.ZERO)).containsExactly("e");
        assertThat(leases().endAbandoned(Duration.ZERO)).isEmpty();
    }

    @Test
    void an_execution_that_names_no_recorder_is_left_alone() {
        record(longAgo("e"));

        assertThat(leases().endAbandoned(Duration.ZERO)).isEmpty();

        assertThat(execution("e")).isEqualTo(longAgo("e"));
    }

    @Test
    void an_execution_that_does_not_run_is_left_alone() {
        record(
                queued("queued").withRecorderId(RECORDER),
                ended("ended", SUCCESS).withRecorderId(RECORDER));

        assertThat(leases().endAbandoned(Duration.ZERO)).isEmpty();

        assertThat(execution("queued").status().isTerminal()).isFalse();
        assertThat(execution("ended").status()).isEqualTo(SUCCESS);
    }

    @Test
    void nothing_is_abandoned_for_a_longer_time_than_has_passed() {
        record(longAgo("e").withRecorderId(RECORDER));

        assertThat(leases().endAbandoned(Duration.ofDays(100_000))).isEmpty();
    }

    @Test
    void a_negative_duration_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> leases().endAbandoned(Duration.ofNanos(-1)));
    }

    @Test
    void the_real_end_replaces_the_end_of_an_abandoned_execution() {
        record(longAgo("e").withRecorderId(RECORDER));
        leases().endAbandoned(ONE_HOUR);

        record(end("e", SUCCESS).withRecorderId(RECORDER).withFinalOutput(Json.of("late, but real")));

        assertThat(execution("e").status()).isEqualTo(SUCCESS);
        assertThat(execution("e").isAbandoned()).isFalse();
        assertThat(execution("e").error()).isNull();
        assertThat(execution("e").finalOutput()).isEqualTo(Json.of("late, but real"));
        assertThat(leases().endAbandoned(Duration.ZERO)).isEmpty();
    }

    @Test
    void another_recorder_cannot_replace_the_end_of_an_abandoned_execution() {
        record(longAgo("e").withRecorderId(RECORDER));
        leases().endAbandoned(ONE_HOUR);
        WorkflowExecution before = execution("e");

        record(end("e", SUCCESS).withRecorderId("recorder-2"));

        assertThat(execution("e")).isEqualTo(before);
    }

    @Test
    void an_execution_can_be_taken_over_while_it_has_not_ended() {
        record(longAgo("running").withRecorderId(RECORDER), queued("queued"));

        assertThat(leases().takeOver("running", "recorder-2")).isTrue();
        assertThat(leases().takeOver("queued", "recorder-2")).isTrue();

        assertThat(execution("running")).isEqualTo(longAgo("running").withRecorderId("recorder-2"));
        assertThat(execution("queued")).isEqualTo(queued("queued").withRecorderId("recorder-2"));
        leases().renew("recorder-2");
        assertThat(leases().endAbandoned(ONE_HOUR)).isEmpty();
    }

    @Test
    void an_execution_that_ended_or_does_not_exist_cannot_be_taken_over() {
        record(ended("e", SUCCESS).withRecorderId(RECORDER));

        assertThat(leases().takeOver("e", "recorder-2")).isFalse();
        assertThat(leases().takeOver("missing", "recorder-2")).isFalse();

        assertThat(execution("e").recorderId()).isEqualTo(RECORDER);
        assertGone("missing");
    }

    @Test
    void ids_that_break_the_rule_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> leases().renew(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> leases().takeOver("a\u0000", RECORDER));
        assertThatIllegalArgumentException().isThrownBy(() -> leases().takeOver("e", "x".repeat(513)));
    }

    @Test
    void an_execution_that_ends_meanwhile_keeps_its_real_end() {
        for (int round = 0; round < 25; round++) {
            String id = "e" + round;
            record(longAgo(id).withRecorderId(RECORDER));

            Together.run(List.of(
                    () -> record(end(id, SUCCESS).withRecorderId(RECORDER)), () -> leases().endAbandoned(ONE_HOUR)));

            assertThat(execution(id).status()).isEqualTo(SUCCESS);
            assertThat(execution(id).isAbandoned()).isFalse();
            assertThat(execution(id).error()).isNull();
        }
    }

    @Test
    void an_execution_is_ended_by_one_of_several_that_look_for_abandoned_ones_at_once() {
        for (int i = 0; i < 50; i++) {
            record(longAgo("e" + i).withRecorderId(RECORDER));
        }
        Set<String> ended = ConcurrentHashMap.newKeySet();
        List<Together.Task> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tasks.add(() -> leases().endAbandoned(ONE_HOUR)
                    .forEach(id -> assertThat(ended.add(id))
                            .as("%s was ended once", id)
                            .isTrue()));
        }

        Together.run(tasks);

        assertThat(ended).hasSize(50);
    }

    @Test
    void a_recorder_that_brings_a_change_is_the_one_whose_lease_counts() {
        record(queued("e"));
        record(ExecutionChange.running("e", Samples.START).withRecorderId(RECORDER));

        assertThat(leases().endAbandoned(ONE_HOUR)).containsExactly("e");
    }

    private static WorkflowExecution longAgo(String id) {
        return running(id);
    }
}
