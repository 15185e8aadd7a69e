package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.workflowhistory.pipeline.Durability;
import io.github.workflowhistory.pipeline.NotDurableException;
import io.github.workflowhistory.pipeline.PipelineSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A history whose calls wait for the store: what is there when they return, and what the host sees when they cannot. */
class DurableHistoryTest extends BufferedHistoryFixture {
    private static PipelineSettings.Builder sync() {
        return PipelineSettings.builder()
                .durability(Durability.SYNC)
                .maxBlock(Duration.ZERO)
                .syncTimeout(Duration.ofMillis(50));
    }

    @Test
    void with_durable_calls_each_record_is_in_the_store_when_its_call_returns() {
        start(PipelineSettings.builder().durability(Durability.SYNC));
        history.run("workflow", null, run -> {
            assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.RUNNING);
            run.info("m");
            assertThat(store.kept.log().message()).isEqualTo("m");
            run.run("node", node -> {});
            assertThat(store.kept.nodeResult("node")).isNotNull();
        });
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void the_exception_of_the_work_is_not_masked_by_one_of_the_history() {
        start(sync());
        IllegalStateException work = new IllegalStateException("the work's own");

        Throwable thrown = catchThrowable(() -> history.run("workflow", null, run -> {
            store.hold();
            throw work;
        }));

        assertThat(thrown).isSameAs(work);
        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(NotDurableException.class);
        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(store.kept.execution().error()).contains("the work's own");
    }

    @Test
    void an_end_is_recorded_although_a_node_that_was_still_open_could_not_be_made_durable() {
        start(sync());
        ExecutionRun run = history.begin("workflow", null);
        run.begin("open-1");
        run.begin("open-2");
        store.hold();

        assertThatThrownBy(() -> run.success("done")).isInstanceOf(NotDurableException.class);

        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.kept.nodeResults())
                .extracting(NodeResult::nodeId)
                .containsExactlyInAnyOrder("open-1", "open-2");
    }

    @Test
    void an_end_waits_once_however_many_nodes_are_open() {
        start(PipelineSettings.builder()
                .durability(Durability.SYNC)
                .maxBlock(Duration.ZERO)
                .syncTimeout(Duration.ofSeconds(5)));
        ExecutionRun run = history.begin("workflow", null);
        run.begin("one");
        run.begin("two");
        run.begin("three");
        store.hold();

        Throwable failure = catchThrowable(run::complete);

        assertThat(failure).isInstanceOf(NotDurableException.class);
        assertThat(failure.getSuppressed())
                .as("other records for which it waited")
                .isEmpty();
        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.nodeResults()).hasSize(3).allMatch(result -> result.status() == NodeStatus.FAILED);
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    void a_start_that_could_not_be_made_durable_in_time_leaves_nothing_running() {
        start(sync());
        store.hold();

        assertThatThrownBy(() -> history.run("workflow", null, run -> {
                    throw new AssertionError("the work must not begin");
                }))
                .isInstanceOf(NotDurableException.class);

        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(store.kept.execution().error()).contains("was not begun");
    }

    @Test
    void an_execution_that_could_not_be_attached_to_in_time_is_let_go_of() {
        store.withLeases();
        start(sync());
        String id = "waiting";
        store.kept.record(WorkflowExecution.queued(id, "workflow", null, Instant.now()));
        store.hold();

        assertThatThrownBy(() -> history.attach(id)).isInstanceOf(NotDurableException.class);

        store.open();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.asked()).contains("release " + id).doesNotContain("takeOver " + id);
    }
}
