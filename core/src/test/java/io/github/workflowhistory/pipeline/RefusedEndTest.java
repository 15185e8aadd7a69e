package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.IdConflictException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An end that the store refuses is written without what may be to blame, and rejected only when that does not help. */
class RefusedEndTest extends PipelineTest {
    @Test
    void an_end_that_is_refused_as_data_is_written_without_its_output() {
        store.refuses(batch -> batch.changes().stream().anyMatch(change -> change.finalOutput() != null));
        start(lingering());
        recorder.record(success("e1").withFinalOutput(Json.of("poison")).withError("own error"));
        recorder.record(success("e2").withFinalOutput(Json.of("poison")));
        recorder.record(success("e3"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.changeOf("e1")).satisfies(change -> {
            assertThat(change.status()).isEqualTo(ExecutionStatus.SUCCESS);
            assertThat(change.finalOutput()).isNull();
            assertThat(change.error()).startsWith("own error\n").contains("left out", "scripted DATA");
        });
        assertThat(store.changeOf("e2")).isNotNull();
        assertThat(store.changeOf("e3"))
                .satisfies(change -> assertThat(change.error()).isNull());
        assertThat(told.rejections()).isEmpty();
        assertThat(recorder.stats().stored()).isEqualTo(3);
    }

    @Test
    void a_creation_in_its_terminal_state_is_written_without_its_output_too() {
        store.refuses(batch -> batch.executions().stream().anyMatch(e -> e.finalOutput() != null));
        start(lingering());
        recorder.record(new WorkflowExecution(
                "e1",
                "wf",
                null,
                ExecutionStatus.SUCCESS,
                T0,
                T0.plusSeconds(1),
                null,
                Json.of("poison"),
                null,
                T0,
                null,
                null));
        recorder.record(log("l1", "e1"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.executions()).singleElement().satisfies(execution -> {
            assertThat(execution.finalOutput()).isNull();
            assertThat(execution.error()).contains("left out");
        });
        assertThat(store.logIds()).containsExactly("l1");
        assertThat(recorder.stats().stored()).isEqualTo(2);
    }

    @Test
    void a_start_and_an_end_that_were_merged_are_written_apart_when_the_output_is_refused() {
        store.refuses(batch -> batch.executions().stream().anyMatch(e -> e.finalOutput() != null)
                || batch.changes().stream().anyMatch(change -> change.finalOutput() != null));
        start(lingering());
        recorder.record(running("e1"));
        recorder.record(success("e1").withFinalOutput(Json.of("poison")));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.executionIds()).containsExactly("e1");
        assertThat(store.changeOf("e1")).isNotNull();
        assertThat(told.rejections()).isEmpty();
    }

    @Test
    void an_end_whose_error_is_refused_too_is_written_with_a_short_one() {
        store.refuses(batch -> batch.changes().stream()
                .anyMatch(change -> change.error() != null && change.error().length() > 100));
        start(lingering());
        recorder.record(success("e1").withFinalOutput(Json.of("fine")).withError("too long ".repeat(100)));
        recorder.record(success("e2").withError("too long ".repeat(100)));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.changeOf("e1")).satisfies(change -> {
            assertThat(change.status()).isEqualTo(ExecutionStatus.SUCCESS);
            assertThat(change.error()).isEqualTo("The store refused how this execution ended.");
        });
        assertThat(store.changeOf("e2").error()).isEqualTo("The store refused how this execution ended.");
        assertThat(told.rejections()).isEmpty();
        assertThat(recorder.stats().stored()).isEqualTo(2);
    }

    @Test
    void an_end_that_is_refused_even_without_its_output_is_rejected_as_it_was() {
        store.refuses(batch -> !batch.changes().isEmpty());
        start(lingering());
        recorder.record(success("e1").withFinalOutput(Json.of("mine")));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(told.rejections())
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.lost().changes())
                        .singleElement()
                        .satisfies(change -> assertThat(change.finalOutput()).isEqualTo(Json.of("mine"))));
    }

    @Test
    void a_failure_that_nobody_knows_and_that_passes_costs_no_end_its_output() {
        RuntimeException[] failures = new RuntimeException[Delivery.PATIENT + 2];
        Arrays.setAll(failures, i -> new IllegalStateException("who knows"));
        store.failsWith(failures);
        start(lingering());
        recorder.record(success("e1").withFinalOutput(Json.of("mine")));
        recorder.record(log("l1", "e2"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.changeOf("e1"))
                .satisfies(change -> assertThat(change.finalOutput()).isEqualTo(Json.of("mine")));
        assertThat(store.logIds()).containsExactly("l1");
        assertThat(told.rejections()).isEmpty();
    }

    @Test
    void an_end_that_fails_for_good_in_a_way_that_nobody_knows_is_written_without_its_output() {
        store.reacts(batch -> {
            if (batch.changes().stream().anyMatch(change -> change.finalOutput() != null)) {
                throw new IllegalStateException("who knows");
            }
        });
        start(lingering());
        recorder.record(success("e1").withFinalOutput(Json.of("poison")));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.changeOf("e1"))
                .satisfies(change -> assertThat(change.error()).contains("left out", "who knows"));
        assertThat(told.rejections()).isEmpty();
    }

    @Test
    void an_end_whose_id_belongs_to_something_else_is_rejected_and_not_written_without_its_output() {
        store.reacts(batch -> {
            if (batch.changes().stream().anyMatch(change -> change.finalOutput() != null)) {
                throw new IdConflictException(IdConflictException.IdKind.EXECUTION, List.of("e1"));
            }
        });
        start(lingering());
        recorder.record(success("e1").withFinalOutput(Json.of("mine")));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.changes()).isEmpty();
        assertThat(told.rejections())
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.cause()).isInstanceOf(IdConflictException.class));
    }
}
