package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.ExecutionStatus.FAILED;
import static io.github.workflowhistory.ExecutionStatus.PARTIAL;
import static io.github.workflowhistory.ExecutionStatus.QUEUED;
import static io.github.workflowhistory.ExecutionStatus.RUNNING;
import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static io.github.workflowhistory.testkit.contract.Samples.START;
import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.ended;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 3: statuses only move forward, and the first terminal one wins. */
public abstract class StatusRules extends ContractGroup {
    private static final List<ExecutionStatus> TERMINAL = List.of(SUCCESS, FAILED, PARTIAL);

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected StatusRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void an_execution_moves_from_queued_over_running_to_its_end() {
        record(queued("e"));
        assertThat(execution("e")).isEqualTo(queued("e"));

        record(ExecutionChange.running("e", at(10)));
        assertThat(execution("e").status()).isEqualTo(RUNNING);
        assertThat(execution("e").startedAt()).isEqualTo(at(10));
        assertThat(execution("e").completedAt()).isNull();

        record(ExecutionChange.ended("e", SUCCESS, at(20)).withFinalOutput(Json.of("done")));
        assertThat(execution("e").status()).isEqualTo(SUCCESS);
        assertThat(execution("e").completedAt()).isEqualTo(at(20));
        assertThat(execution("e").finalOutput()).isEqualTo(Json.of("done"));
    }

    @Test
    void an_execution_can_be_recorded_in_any_state_at_once() {
        record(queued("q"), running("r"));
        TERMINAL.forEach(status -> record(ended(status.code(), status)));

        assertThat(execution("q").status()).isEqualTo(QUEUED);
        assertThat(execution("r").status()).isEqualTo(RUNNING);
        for (ExecutionStatus status : TERMINAL) {
            assertThat(execution(status.code()).status()).isEqualTo(status);
            assertThat(execution(status.code()).completedAt()).isEqualTo(at(1_000));
        }
    }

    @Test
    void a_queued_execution_can_end_without_having_run() {
        for (ExecutionStatus status : TERMINAL) {
            record(queued(status.code()));
            record(end(status.code(), status));

            assertThat(execution(status.code()).status()).isEqualTo(status);
            assertThat(execution(status.code()).startedAt()).isNull();
        }
    }

    @Test
    void a_running_execution_does_not_go_back_to_queued() {
        record(running("e"));

        record(queued("e"));

        assertThat(execution("e")).isEqualTo(running("e"));
    }

    @Test
    void a_terminal_execution_never_reopens() {
        for (ExecutionStatus status : TERMINAL) {
            String id = status.code();
            record(ended(id, status));
            WorkflowExecution before = execution(id);

            record(ExecutionChange.running(id, at(5_000)));
            record(running(id));
            record(queued(id));

            assertThat(execution(id)).isEqualTo(before);
        }
    }

    @Test
    void the_first_terminal_status_wins() {
        for (ExecutionStatus first : TERMINAL) {
            String id = first.code();
            record(ended(id, first));
            WorkflowExecution before = execution(id);

            for (ExecutionStatus later : TERMINAL) {
                if (later != first) {
                    record(ExecutionChange.ended(id, later, at(9_000))
                            .withError("too late")
                            .withFinalOutput(Json.of("too late")));
                }
            }

            assertThat(execution(id)).isEqualTo(before);
        }
    }

    @Test
    void an_equal_state_fills_what_is_missing_and_nothing_else() {
        record(new WorkflowExecution(
                "e", Samples.WORKFLOW, null, FAILED, START, at(1_000), null, null, "first", START, null, null));

        record(ExecutionChange.ended("e", FAILED, at(2_000))
                .withFinalOutput(Json.of("filled"))
                .withError("second")
                .withRecorderId("recorder-1"));

        assertThat(execution("e").finalOutput()).isEqualTo(Json.of("filled"));
        assertThat(execution("e").recorderId()).isEqualTo("recorder-1");
        assertThat(execution("e").error()).isEqualTo("first");
        assertThat(execution("e").completedAt()).isEqualTo(at(1_000));
    }

    @Test
    void an_older_state_fills_what_is_missing_and_nothing_else() {
        record(queued("e"));
        record(end("e", SUCCESS));

        record(ExecutionChange.running("e", at(400)).withRecorderId("recorder-1"));

        assertThat(execution("e").status()).isEqualTo(SUCCESS);
        assertThat(execution("e").startedAt()).isEqualTo(at(400));
        assertThat(execution("e").recorderId()).isEqualTo("recorder-1");
        assertThat(execution("e").completedAt()).isEqualTo(at(1_000));
    }

    @Test
    void an_end_that_lost_against_another_brings_at_most_the_start() {
        record(queued("e"));
        record(end("e", SUCCESS));

        record(end("e", FAILED)
                .withStartedAt(at(300))
                .withError("too late")
                .withFinalOutput(Json.of("too late"))
                .withRecorderId("recorder-2"));

        assertThat(execution("e").startedAt()).isEqualTo(at(300));
        assertThat(execution("e").status()).isEqualTo(SUCCESS);
        assertThat(execution("e").error()).isNull();
        assertThat(execution("e").finalOutput()).isNull();
        assertThat(execution("e").recorderId()).isNull();
    }

    @Test
    void an_abandoned_execution_takes_the_real_end_that_its_own_recorder_brings_later() {
        record(running("e").withRecorderId("recorder-1"));
        record(ExecutionChange.abandoned("e", at(60_000)));
        assertThat(execution("e").status()).isEqualTo(FAILED);
        assertThat(execution("e").isAbandoned()).isTrue();
        assertThat(execution("e").error()).isEqualTo(ExecutionLeases.ABANDONED_ERROR);

        record(end("e", SUCCESS).withRecorderId("recorder-1").withFinalOutput(Json.of("late, but real")));

        assertThat(execution("e").status()).isEqualTo(SUCCESS);
        assertThat(execution("e").isAbandoned()).isFalse();
        assertThat(execution("e").error()).isNull();
        assertThat(execution("e").completedAt()).isEqualTo(at(1_000));
        assertThat(execution("e").duration()).hasMillis(1_000);
        assertThat(execution("e").finalOutput()).isEqualTo(Json.of("late, but real"));
    }

    @Test
    void an_abandoned_execution_does_not_take_the_end_of_another_recorder() {
        record(running("e").withRecorderId("recorder-1"));
        record(ExecutionChange.abandoned("e", at(60_000)));
        WorkflowExecution before = execution("e");

        record(end("e", SUCCESS).withRecorderId("recorder-2"));
        record(end("e", SUCCESS));

        assertThat(execution("e")).isEqualTo(before);
    }

    @Test
    void an_execution_that_ended_cannot_be_abandoned() {
        record(ended("e", SUCCESS), ended("f", FAILED));
        List<WorkflowExecution> before = List.of(execution("e"), execution("f"));

        record(ExecutionChange.abandoned("e", at(60_000)), ExecutionChange.abandoned("f", at(60_000)));

        assertThat(List.of(execution("e"), execution("f"))).isEqualTo(before);
    }

    @Test
    void the_real_end_of_an_abandoned_execution_is_final() {
        record(running("e").withRecorderId("recorder-1"));
        record(ExecutionChange.abandoned("e", at(60_000)));
        record(end("e", PARTIAL).withRecorderId("recorder-1"));
        WorkflowExecution before = execution("e");

        record(ExecutionChange.abandoned("e", at(90_000)));
        record(ExecutionChange.ended("e", SUCCESS, at(2_000)).withRecorderId("recorder-1"));

        assertThat(execution("e")).isEqualTo(before);
    }
}
