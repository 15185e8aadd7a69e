package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.ExecutionStatus.FAILED;
import static io.github.workflowhistory.ExecutionStatus.RUNNING;
import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static io.github.workflowhistory.testkit.contract.Samples.START;
import static io.github.workflowhistory.testkit.contract.Samples.WORKFLOW;
import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rule 4: the start is set once, the end when the execution ends, and null never overwrites a value. */
public abstract class OnceOnlyRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected OnceOnlyRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void the_start_is_set_once() {
        record(queued("e"));
        record(ExecutionChange.running("e", at(100)));

        record(ExecutionChange.running("e", at(50)));
        record(ExecutionChange.running("e", at(150)));
        record(end("e", SUCCESS).withStartedAt(at(70)));

        assertThat(execution("e").startedAt()).isEqualTo(at(100));
    }

    @Test
    void the_end_is_set_once() {
        record(running("e"));
        record(ExecutionChange.ended("e", SUCCESS, at(100)).withDuration(Duration.ofMillis(99)));

        record(ExecutionChange.ended("e", SUCCESS, at(200)).withDuration(Duration.ofMillis(199)));

        assertThat(execution("e").completedAt()).isEqualTo(at(100));
        assertThat(execution("e").duration()).hasMillis(99);
    }

    @Test
    void a_running_execution_has_neither_end_nor_duration() {
        record(running("e"));

        assertThat(execution("e").completedAt()).isNull();
        assertThat(execution("e").duration()).isNull();
    }

    @Test
    void the_time_of_creation_and_the_recorder_stay_as_they_were_first_recorded() {
        record(queued("e").withRecorderId("recorder-1"));

        record(WorkflowExecution.queued("e", WORKFLOW, null, at(700)).withRecorderId("recorder-2"));
        record(ExecutionChange.running("e", at(800)).withRecorderId("recorder-2"));

        assertThat(execution("e").createdAt()).isEqualTo(START);
        assertThat(execution("e").recorderId()).isEqualTo("recorder-1");
    }

    @Test
    void null_never_overwrites_a_value() {
        WorkflowExecution full = new WorkflowExecution(
                "e", WORKFLOW, null, RUNNING, START, null, null, Json.of("so far"), "a warning", START, "rec", null);
        record(full);

        record(queued("e"));
        record(new ExecutionChange("e", RUNNING, null, null, null, null, null, null, null));
        assertThat(execution("e")).isEqualTo(full);

        record(end("e", SUCCESS));
        assertThat(execution("e").startedAt()).isEqualTo(START);
        assertThat(execution("e").finalOutput()).isEqualTo(Json.of("so far"));
        assertThat(execution("e").error()).isEqualTo("a warning");
        assertThat(execution("e").recorderId()).isEqualTo("rec");
    }

    @Test
    void a_later_state_replaces_output_and_error() {
        record(running("e"));
        record(new ExecutionChange("e", RUNNING, null, null, null, Json.of(1), "first", null, null));

        record(end("e", FAILED).withFinalOutput(Json.of(2)).withError("second"));

        assertThat(execution("e").finalOutput()).isEqualTo(Json.of(2));
        assertThat(execution("e").error()).isEqualTo("second");
    }

    @Test
    void json_null_is_a_value_and_no_output_is_none() {
        record(running("none"), running("null"));

        record(end("none", SUCCESS), end("null", SUCCESS).withFinalOutput(Json.NULL));
        assertThat(execution("none").finalOutput()).isNull();
        assertThat(execution("null").finalOutput()).isEqualTo(Json.NULL);

        // JSON null is not "nothing yet": it is not filled by what comes later.
        record(end("null", SUCCESS).withFinalOutput(Json.of("later")));
        assertThat(execution("null").finalOutput()).isEqualTo(Json.NULL);
    }

    @Test
    void an_empty_error_is_a_value() {
        record(running("e"));
        record(end("e", FAILED).withError(""));

        record(end("e", FAILED).withError("later"));

        assertThat(execution("e").error()).isEmpty();
    }
}
