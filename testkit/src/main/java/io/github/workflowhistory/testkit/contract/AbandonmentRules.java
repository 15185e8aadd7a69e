package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.ExecutionStatus.PARTIAL;
import static io.github.workflowhistory.ExecutionStatus.QUEUED;
import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.ended;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The capability {@link io.github.workflowhistory.store.ExecutionLeases}: executions whose recorder is gone are ended,
 * no others, and the real end replaces that.
 */
public abstract class AbandonmentRules extends LeaseGroup {
    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected AbandonmentRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void an_abandoned_execution_is_failed_and_says_so() {
        record(longAgo("e").withRecorderId(RECORDER), result("r", "e"), log("l", "e"));

        assertThat(endAbandoned(ONE_HOUR)).containsExactly("e");

        assertAbandoned("e");
        WorkflowExecution execution = execution("e");
        assertThat(execution.completedAt()).isEqualTo(execution.abandonedAt()).isAfter(execution.startedAt());
        assertThat(execution.duration()).isGreaterThan(ONE_HOUR);
        assertThat(execution.recorderId()).isEqualTo(RECORDER);
        assertThat(resultIds("e")).containsExactly("r");
        assertThat(logIds("e")).containsExactly("l");
    }

    @Test
    void an_execution_whose_recorder_never_renewed_its_lease_counts_from_its_start() {
        record(longAgo("old").withRecorderId(RECORDER));
        record(justNow("young").withRecorderId(RECORDER));

        assertThat(endAbandoned(ONE_HOUR)).containsExactly("old");
        assertThat(endAbandoned(ONE_HOUR)).isEmpty();
        assertRuns("young");

        assertThat(endAbandoned(Duration.ZERO)).containsExactly("young");
    }

    @Test
    void an_execution_that_started_before_its_recorder_first_renewed_its_lease_counts_from_the_renewal() {
        record(longAgo("e").withRecorderId(RECORDER), justNow("young").withRecorderId(RECORDER));
        record(longAgo("lost").withRecorderId(OTHER), justNow("other").withRecorderId(OTHER));
        assertThat(endAbandoned(Duration.ofDays(100_000))).isEmpty();
        leases().renew(RECORDER);

        assertThat(endAbandoned(ONE_HOUR)).containsExactly("lost");

        assertRuns("e");
        assertRuns("young");
        assertRuns("other");
    }

    @Test
    void an_execution_that_does_not_run_is_left_alone() {
        record(
                queued("queued").withRecorderId(RECORDER),
                ended("ended", SUCCESS).withRecorderId(RECORDER));

        for (Scope scope : Scope.values()) {
            assertThat(leases().endAbandoned(Duration.ZERO, scope)).isEmpty();
        }

        assertThat(execution("queued").status()).isEqualTo(QUEUED);
        assertThat(execution("ended").status()).isEqualTo(SUCCESS);
    }

    @Test
    void an_execution_that_names_no_recorder_is_left_alone() {
        record(longAgo("e"));

        assertThat(leases().endAbandoned(Duration.ZERO)).isEmpty();
        assertThat(leases().endAbandoned(Duration.ZERO, Scope.LEASED)).isEmpty();

        assertThat(execution("e")).isEqualTo(longAgo("e"));
    }

    @Test
    void executions_that_name_no_recorder_are_ended_when_asked_for() {
        record(longAgo("unleased"), justNow("young"), queued("queued"));
        record(longAgo("leased").withRecorderId(RECORDER), longAgo("alive").withRecorderId(OTHER));
        leases().renew(OTHER);

        assertThat(leases().endAbandoned(ONE_HOUR, Scope.ALL)).containsExactlyInAnyOrder("unleased", "leased");

        assertAbandoned("unleased");
        assertThat(execution("unleased").recorderId()).isNull();
        assertAbandoned("leased");
        assertRuns("young");
        assertRuns("alive");
        assertThat(execution("queued").status()).isEqualTo(QUEUED);
    }

    @Test
    void an_execution_without_recorder_and_start_counts_from_its_creation() {
        record(new WorkflowExecution(
                "e",
                Samples.WORKFLOW,
                null,
                ExecutionStatus.RUNNING,
                null,
                null,
                null,
                null,
                null,
                Samples.START,
                null,
                null));

        assertThat(leases().endAbandoned(ONE_HOUR, Scope.ALL)).containsExactly("e");

        assertAbandoned("e");
    }

    @Test
    void nothing_is_abandoned_for_a_longer_time_than_has_passed() {
        record(longAgo("e").withRecorderId(RECORDER), longAgo("unleased"));

        assertThat(leases().endAbandoned(Duration.ofDays(100_000), Scope.ALL)).isEmpty();
        assertThat(leases().endAbandoned(Duration.ofSeconds(Long.MAX_VALUE), Scope.ALL))
                .isEmpty();
    }

    @Test
    void the_real_end_replaces_the_end_of_an_abandoned_execution() {
        record(longAgo("e").withRecorderId(RECORDER));
        endAbandoned(ONE_HOUR);

        ExecutionChange realEnd = end("e", SUCCESS).withRecorderId(RECORDER).withFinalOutput(Json.of("late, but real"));
        record(realEnd);
        record(realEnd);

        WorkflowExecution execution = execution("e");
        assertThat(execution.status()).isEqualTo(SUCCESS);
        assertThat(execution.isAbandoned()).isFalse();
        assertThat(execution.error()).isNull();
        assertThat(execution.completedAt()).isEqualTo(Samples.at(1_000));
        assertThat(execution.duration()).hasSeconds(1);
        assertThat(execution.finalOutput()).isEqualTo(Json.of("late, but real"));
        assertThat(endAbandoned(Duration.ZERO)).isEmpty();
    }

    @Test
    void the_first_of_two_real_ends_wins_after_all() {
        record(longAgo("e").withRecorderId(RECORDER));
        endAbandoned(ONE_HOUR);

        record(end("e", SUCCESS).withRecorderId(RECORDER));
        record(end("e", PARTIAL).withRecorderId(RECORDER));

        assertThat(execution("e").status()).isEqualTo(SUCCESS);
    }

    @Test
    void another_recorder_cannot_replace_the_end_of_an_abandoned_execution() {
        record(longAgo("e").withRecorderId(RECORDER));
        endAbandoned(ONE_HOUR);
        WorkflowExecution before = execution("e");

        record(end("e", SUCCESS).withRecorderId(OTHER));
        record(end("e", SUCCESS));

        assertThat(execution("e")).isEqualTo(before);
    }

    @Test
    void after_a_take_over_the_real_end_is_that_of_the_recorder_that_has_the_execution() {
        record(longAgo("e").withRecorderId(RECORDER));
        leases().takeOver("e", OTHER);
        endAbandoned(ONE_HOUR);

        record(end("e", PARTIAL).withRecorderId(RECORDER));
        assertAbandoned("e");
        record(end("e", SUCCESS).withRecorderId(OTHER));

        assertThat(execution("e").status()).isEqualTo(SUCCESS);
        assertThat(execution("e").isAbandoned()).isFalse();
    }

    @Test
    void the_real_end_of_an_execution_without_recorder_counts_too() {
        record(longAgo("e"));
        leases().endAbandoned(ONE_HOUR, Scope.ALL);

        record(end("e", SUCCESS));

        assertThat(execution("e").status()).isEqualTo(SUCCESS);
        assertThat(execution("e").isAbandoned()).isFalse();
    }

    @Test
    void an_abandoned_execution_takes_the_records_that_come_late_and_stays_abandoned() {
        record(longAgo("e").withRecorderId(RECORDER));
        endAbandoned(ONE_HOUR);
        WorkflowExecution before = execution("e");

        record(ExecutionChange.running("e", Samples.START).withRecorderId(RECORDER), result("r", "e"), log("l", "e"));

        assertThat(execution("e")).isEqualTo(before);
        assertThat(resultIds("e")).containsExactly("r");
        assertThat(logIds("e")).containsExactly("l");
    }
}
