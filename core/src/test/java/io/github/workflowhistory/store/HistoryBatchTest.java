package io.github.workflowhistory.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HistoryBatchTest {
    private static final Instant T = Instant.parse("2026-11-24T10:00:00Z");
    private static final UUID USER = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final WorkflowExecution QUEUED = WorkflowExecution.queued("e", "w", null, T);
    private static final ExecutionChange RUNNING = ExecutionChange.running("e", T.plusSeconds(1));
    private static final ExecutionChange ENDED = ExecutionChange.ended("e", ExecutionStatus.SUCCESS, T.plusSeconds(3));

    private static NodeResult result(String id, String executionId) {
        return NodeResult.of(id, executionId, "n", NodeStatus.SUCCESS, T);
    }

    private static ExecutionLog log(String id, String executionId, String message) {
        return ExecutionLog.of(id, executionId, LogLevel.INFO, message, T);
    }

    @Test
    void states_of_one_execution_become_one_whatever_the_order() {
        List<List<Object>> orders = List.of(
                List.of(QUEUED, RUNNING, ENDED),
                List.of(QUEUED, ENDED, RUNNING),
                List.of(RUNNING, QUEUED, ENDED),
                List.of(RUNNING, ENDED, QUEUED),
                List.of(ENDED, QUEUED, RUNNING),
                List.of(ENDED, RUNNING, QUEUED));
        for (List<Object> order : orders) {
            HistoryBatch batch = build(order);

            assertThat(batch.changes()).as("%s", order).isEmpty();
            assertThat(batch.executions()).as("%s", order).hasSize(1);
            WorkflowExecution merged = batch.executions().get(0);
            assertThat(merged.status()).isEqualTo(ExecutionStatus.SUCCESS);
            assertThat(merged.startedAt()).isEqualTo(T.plusSeconds(1));
            assertThat(merged.completedAt()).isEqualTo(T.plusSeconds(3));
            assertThat(merged.duration()).isEqualTo(Duration.ofSeconds(2));
            assertThat(merged.createdAt()).isEqualTo(T);
        }
    }

    private static HistoryBatch build(List<Object> records) {
        HistoryBatch.Builder builder = HistoryBatch.builder();
        for (Object record : records) {
            if (record instanceof WorkflowExecution execution) {
                builder.add(execution);
            } else {
                builder.add((ExecutionChange) record);
            }
        }
        return builder.build();
    }

    @Test
    void changes_alone_never_create_an_execution() {
        HistoryBatch batch = build(List.of(RUNNING, ENDED));

        assertThat(batch.executions()).isEmpty();
        assertThat(batch.changes()).containsExactly(ENDED.withStartedAt(T.plusSeconds(1)));
        assertThat(batch.size()).isEqualTo(1);
    }

    @Test
    void executions_are_kept_apart() {
        HistoryBatch batch = HistoryBatch.builder()
                .add(QUEUED)
                .add(WorkflowExecution.queued("other", "w", null, T))
                .add(ENDED)
                .build();

        assertThat(batch.executions())
                .extracting(WorkflowExecution::status)
                .containsExactly(ExecutionStatus.SUCCESS, ExecutionStatus.QUEUED);
    }

    @Test
    void an_execution_that_was_created_ended_gets_its_duration() {
        WorkflowExecution ended = new WorkflowExecution(
                "e", "w", null, ExecutionStatus.SUCCESS, T, T.plusSeconds(5), null, null, null, T, null, null);

        assertThat(HistoryBatch.builder().add(ended).build().executions().get(0).duration())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void an_execution_whose_times_contradict_its_status_is_refused() {
        WorkflowExecution noEnd = new WorkflowExecution(
                "e", "w", null, ExecutionStatus.SUCCESS, T, null, null, null, null, T, null, null);
        WorkflowExecution runningWithEnd =
                new WorkflowExecution("e", "w", null, ExecutionStatus.RUNNING, T, T, null, null, null, T, null, null);

        for (WorkflowExecution refused : List.of(noEnd, runningWithEnd)) {
            assertThatThrownBy(() -> HistoryBatch.builder().add(refused))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("completedAt")
                    .hasMessageContaining("'e'");
        }
    }

    @Test
    void the_same_id_in_the_same_execution_is_the_same_record() {
        HistoryBatch batch = HistoryBatch.builder()
                .add(result("r", "e"))
                .add(result("r", "e"))
                .add(log("l", "e", "first"))
                .add(log("l", "e", "second"))
                .build();

        assertThat(batch.nodeResults()).hasSize(1);
        assertThat(batch.logs()).extracting(ExecutionLog::message).containsExactly("first");
    }

    @Test
    void an_id_with_something_else_is_a_conflict() {
        assertConflict(
                IdConflictException.IdKind.EXECUTION,
                "e",
                () -> HistoryBatch.builder().add(QUEUED).add(WorkflowExecution.queued("e", "other", null, T)));
        assertConflict(
                IdConflictException.IdKind.EXECUTION,
                "e",
                () -> HistoryBatch.builder().add(QUEUED).add(WorkflowExecution.queued("e", "w", USER, T)));
        assertConflict(
                IdConflictException.IdKind.NODE_RESULT,
                "r",
                () -> HistoryBatch.builder().add(result("r", "e")).add(result("r", "other")));
        assertConflict(
                IdConflictException.IdKind.LOG,
                "l",
                () -> HistoryBatch.builder().add(log("l", "e", "m")).add(log("l", "other", "m")));
    }

    private static void assertConflict(IdConflictException.IdKind kind, String id, Runnable adding) {
        assertThatThrownBy(adding::run).isInstanceOfSatisfying(IdConflictException.class, conflict -> {
            assertThat(conflict.idKind()).isEqualTo(kind);
            assertThat(conflict.ids()).containsExactly(id);
        });
    }

    @Test
    void batches_can_be_joined() {
        HistoryBatch first =
                HistoryBatch.builder().add(ENDED).add(log("1", "e", "m")).build();
        HistoryBatch second = HistoryBatch.builder()
                .add(QUEUED)
                .add(result("r", "e"))
                .add(log("2", "e", "m"))
                .build();

        HistoryBatch joined = HistoryBatch.builder()
                .addAll(first)
                .addAll(second)
                .addAll(first)
                .build();

        assertThat(joined.executions()).extracting(WorkflowExecution::status).containsExactly(ExecutionStatus.SUCCESS);
        assertThat(joined.changes()).isEmpty();
        assertThat(joined.logs()).extracting(ExecutionLog::id).containsExactly("1", "2");
        assertThat(joined.size()).isEqualTo(4);
        assertThat(joined).hasToString("HistoryBatch[executions=1, changes=0, nodeResults=1, logs=2]");
    }

    @Test
    void a_batch_does_not_change_with_its_builder() {
        HistoryBatch.Builder builder = HistoryBatch.builder();
        HistoryBatch empty = builder.build();
        builder.add(QUEUED);

        assertThat(empty.isEmpty()).isTrue();
        assertThat(builder.build().isEmpty()).isFalse();
        assertThatThrownBy(() -> empty.logs().add(log("l", "e", "m")))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void the_convenience_methods_of_a_recorder_make_batches_of_one() {
        List<HistoryBatch> batches = new ArrayList<>();
        ExecutionRecorder recorder = batches::add;

        recorder.record(QUEUED);
        recorder.record(ENDED);
        recorder.record(result("r", "e"));
        recorder.record(log("l", "e", "m"));

        assertThat(batches).extracting(HistoryBatch::size).containsExactly(1, 1, 1, 1);
        assertThat(recorder.flush(Duration.ZERO)).isTrue();
    }
}
