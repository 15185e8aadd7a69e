package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.ended;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The capability {@link ExecutionLeases}: who has the lease of an execution. */
public abstract class LeaseRules extends LeaseGroup {
    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected LeaseRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void a_lease_that_was_renewed_keeps_all_executions_of_its_recorder() {
        record(longAgo("e").withRecorderId(RECORDER), longAgo("f").withRecorderId(RECORDER));
        record(longAgo("other").withRecorderId(OTHER));
        leases().renew(RECORDER);
        leases().renew(RECORDER);

        assertThat(endAbandoned(ONE_HOUR)).containsExactly("other");

        assertRuns("e");
        assertRuns("f");
    }

    @Test
    void a_lease_runs_out() {
        record(longAgo("e").withRecorderId(RECORDER));
        leases().renew(RECORDER);

        assertThat(endAbandoned(Duration.ZERO)).containsExactly("e");
        assertThat(endAbandoned(Duration.ZERO)).isEmpty();
    }

    @Test
    void a_recorder_that_brings_a_change_is_the_one_whose_lease_counts() {
        record(queued("e"));
        record(ExecutionChange.running("e", Samples.START).withRecorderId(RECORDER));

        assertThat(endAbandoned(ONE_HOUR)).containsExactly("e");
    }

    @Test
    void a_lease_without_executions_is_kept_for_those_to_come() {
        leases().renew(RECORDER);
        record(longAgo("other").withRecorderId(OTHER));
        assertThat(endAbandoned(Duration.ZERO)).containsExactly("other");

        record(longAgo("e").withRecorderId(RECORDER));

        assertThat(endAbandoned(ONE_HOUR)).isEmpty();
        assertRuns("e");
    }

    @Test
    void an_execution_can_be_taken_over_while_it_has_not_ended() {
        record(longAgo("running").withRecorderId(RECORDER), queued("queued"));

        assertThat(leases().takeOver("running", OTHER)).isTrue();
        assertThat(leases().takeOver("queued", OTHER)).isTrue();

        assertThat(execution("running")).isEqualTo(longAgo("running").withRecorderId(OTHER));
        assertThat(execution("queued")).isEqualTo(queued("queued").withRecorderId(OTHER));
        leases().renew(OTHER);
        assertThat(endAbandoned(ONE_HOUR)).isEmpty();
    }

    @Test
    void taking_over_again_changes_nothing() {
        record(longAgo("e").withRecorderId(RECORDER));

        assertThat(leases().takeOver("e", RECORDER)).isTrue();
        assertThat(leases().takeOver("e", RECORDER)).isTrue();

        assertThat(execution("e")).isEqualTo(longAgo("e").withRecorderId(RECORDER));
    }

    @Test
    void an_execution_that_ended_or_does_not_exist_cannot_be_taken_over() {
        record(ended("e", SUCCESS).withRecorderId(RECORDER));

        assertThat(leases().takeOver("e", OTHER)).isFalse();
        assertThat(leases().takeOver("missing", OTHER)).isFalse();

        assertThat(execution("e").recorderId()).isEqualTo(RECORDER);
        assertGone("missing");
    }

    @Test
    void an_execution_that_was_abandoned_cannot_be_taken_over() {
        record(longAgo("e").withRecorderId(RECORDER));
        endAbandoned(ONE_HOUR);

        assertThat(leases().takeOver("e", OTHER)).isFalse();

        assertAbandoned("e");
        assertThat(execution("e").recorderId()).isEqualTo(RECORDER);
    }

    @Test
    void an_execution_that_was_released_may_wait_for_as_long_as_it_takes() {
        record(longAgo("running").withRecorderId(RECORDER), queued("queued").withRecorderId(RECORDER));

        assertThat(leases().release("running", RECORDER)).isTrue();
        assertThat(leases().release("queued", RECORDER)).isTrue();

        assertThat(endAbandoned(Duration.ZERO)).isEmpty();
        assertThat(execution("running")).isEqualTo(longAgo("running"));
        assertThat(execution("queued")).isEqualTo(queued("queued"));
    }

    @Test
    void an_execution_that_was_released_can_be_taken_over() {
        record(longAgo("e").withRecorderId(RECORDER));
        leases().release("e", RECORDER);

        assertThat(leases().takeOver("e", OTHER)).isTrue();

        assertThat(endAbandoned(ONE_HOUR)).containsExactly("e");
        assertThat(execution("e").recorderId()).isEqualTo(OTHER);
    }

    @Test
    void an_execution_that_was_released_can_come_under_a_lease_by_a_change() {
        record(longAgo("e").withRecorderId(RECORDER));
        leases().release("e", RECORDER);

        record(ExecutionChange.running("e", Samples.START).withRecorderId(OTHER));

        assertThat(execution("e").recorderId()).isEqualTo(OTHER);
    }

    @Test
    void an_execution_that_was_released_can_be_ended_by_whoever_had_it() {
        record(longAgo("e").withRecorderId(RECORDER));
        leases().release("e", RECORDER);

        record(end("e", SUCCESS).withRecorderId(RECORDER));

        assertThat(execution("e").status()).isEqualTo(SUCCESS);
    }

    @Test
    void only_the_recorder_that_has_an_execution_can_release_it() {
        record(longAgo("leased").withRecorderId(RECORDER), longAgo("unleased"));

        assertThat(leases().release("leased", OTHER)).isFalse();
        assertThat(leases().release("unleased", OTHER)).isFalse();

        assertThat(execution("leased")).isEqualTo(longAgo("leased").withRecorderId(RECORDER));
        assertThat(execution("unleased")).isEqualTo(longAgo("unleased"));
    }

    @Test
    void an_execution_that_was_taken_over_is_no_longer_to_be_released_by_whoever_had_it() {
        record(longAgo("e").withRecorderId(RECORDER));
        leases().takeOver("e", OTHER);

        assertThat(leases().release("e", RECORDER)).isFalse();
        assertThat(execution("e").recorderId()).isEqualTo(OTHER);
        assertThat(leases().release("e", OTHER)).isTrue();
        assertThat(execution("e").recorderId()).isNull();
    }

    @Test
    void an_execution_that_ended_or_does_not_exist_cannot_be_released() {
        WorkflowExecution ended = ended("ended", SUCCESS).withRecorderId(RECORDER);
        record(ended, longAgo("abandoned").withRecorderId(RECORDER));
        endAbandoned(ONE_HOUR);
        WorkflowExecution abandoned = execution("abandoned");
        WorkflowExecution before = execution("ended");

        assertThat(leases().release("ended", RECORDER)).isFalse();
        assertThat(leases().release("abandoned", RECORDER)).isFalse();
        assertThat(leases().release("missing", RECORDER)).isFalse();

        assertThat(execution("ended")).isEqualTo(before);
        assertThat(execution("abandoned")).isEqualTo(abandoned);
        assertGone("missing");
    }

    @Test
    void ids_that_break_the_rule_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> leases().renew(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> leases().takeOver("a\u0000", RECORDER));
        assertThatIllegalArgumentException().isThrownBy(() -> leases().takeOver("e", "x".repeat(513)));
        assertThatIllegalArgumentException().isThrownBy(() -> leases().release("", RECORDER));
        assertThatIllegalArgumentException().isThrownBy(() -> leases().release("e", "\ud800"));
    }

    @Test
    void a_negative_duration_is_refused() {
        for (Scope scope : Scope.values()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> leases().endAbandoned(Duration.ofNanos(-1), scope))
                    .withMessageContaining("olderThan");
        }
    }
}
