package io.github.workflowhistory.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the groups about {@link ExecutionLeases} share. They are skipped by a store that does not have this capability.
 * The store goes by its own clock, so the tests use durations that have passed, or have not, on any clock.
 */
abstract class LeaseGroup extends ContractGroup {
    /** Samples start in the past; a recorder that never renewed counts from there. */
    static final Duration ONE_HOUR = Duration.ofHours(1);

    static final String RECORDER = "recorder-1";
    static final String OTHER = "recorder-2";

    LeaseGroup(StoreUnderTest underTest) {
        super(underTest);
    }

    @BeforeEach
    void only_for_a_store_with_leases() {
        assumeTrue(
                store().leases().isPresent(),
                "this store does not have the capability ExecutionLeases: ExecutionStore.leases() is empty");
    }

    final ExecutionLeases leases() {
        return store().leases().orElseThrow();
    }

    final List<String> endAbandoned(Duration olderThan) {
        return leases().endAbandoned(olderThan, Scope.LEASED);
    }

    /** An execution that has run for longer than {@link #ONE_HOUR}. */
    static WorkflowExecution longAgo(String id) {
        return Samples.running(id);
    }

    /** An execution that has run for less than {@link #ONE_HOUR}. */
    static WorkflowExecution justNow(String id) {
        return WorkflowExecution.running(id, Samples.WORKFLOW, null, Instant.now());
    }

    final void assertAbandoned(String id) {
        WorkflowExecution execution = execution(id);
        assertThat(execution.status()).as("status of %s", id).isEqualTo(ExecutionStatus.FAILED);
        assertThat(execution.error()).isEqualTo(ExecutionLeases.ABANDONED_ERROR);
        assertThat(execution.isAbandoned()).as("%s is abandoned", id).isTrue();
    }

    final void assertRuns(String id) {
        WorkflowExecution execution = execution(id);
        assertThat(execution.status()).as("status of %s", id).isEqualTo(ExecutionStatus.RUNNING);
        assertThat(execution.error()).isNull();
        assertThat(execution.isAbandoned()).as("%s is abandoned", id).isFalse();
    }
}
