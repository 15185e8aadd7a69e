package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-over form: nodes that other code ends, attempts, and what is left open. */
class NodeRunTest {
    private final CollectingStore store = new CollectingStore();
    private final WorkflowHistory history = WorkflowHistory.builder(store)
            .synchronous()
            .clock(new SettableClock())
            .build();
    private final ExecutionRun run = history.begin("workflow", null);

    @Test
    void a_future_ends_its_node_with_its_value() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        NodeRun node = run.begin("index");
        CompletableFuture<String> indexed = future.whenComplete(node::end);
        assertThat(store.nodeResults()).isEmpty();

        future.complete("indexed");

        assertThat(indexed.get()).isEqualTo("indexed");
        assertThat(store.nodeResult("index").output()).isEqualTo(Json.of("indexed"));
        assertThat(store.nodeResult("index").id()).isEqualTo(node.id());
    }

    @Test
    void a_future_that_fails_fails_its_node() {
        CompletableFuture<String> future = new CompletableFuture<>();
        CompletableFuture<String> indexed = future.whenComplete(run.begin("index")::end);

        future.completeExceptionally(new IllegalStateException("boom"));
        run.complete();

        assertThat(indexed).isCompletedExceptionally();
        assertThat(store.nodeResult("index").status()).isEqualTo(NodeStatus.FAILED);
        assertThat(store.nodeResult("index").error()).isEqualTo("java.lang.IllegalStateException: boom");
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    void what_a_dependent_stage_puts_around_an_error_is_left_out() {
        CompletableFuture<String> fetched = new CompletableFuture<>();
        CompletableFuture<String> indexed = fetched.thenApply(String::strip).whenComplete(run.begin("index")::end);

        fetched.completeExceptionally(new IllegalStateException("boom"));

        assertThat(indexed).isCompletedExceptionally();
        assertThat(store.nodeResult("index").error()).isEqualTo("java.lang.IllegalStateException: boom");
    }

    @Test
    void attempts_are_numbered_and_a_replaced_failure_does_not_count() {
        NodeRun first = run.begin("fetch", "Fetch orders");
        first.failed("timeout");
        NodeRun second = first.retry();
        second.failed("timeout again");
        NodeRun third = second.retry();
        third.success("orders");
        run.complete();

        assertThat(store.nodeResults()).extracting(NodeResult::attempt).containsExactly(1, 2, 3);
        assertThat(store.nodeResults()).extracting(NodeResult::nodeName).containsOnly("Fetch orders");
        assertThat(store.nodeResults()).extracting(NodeResult::id).containsExactly(first.id(), second.id(), third.id());
        assertThat(third.attempt()).isEqualTo(3);
        assertThat(third.nodeId()).isEqualTo("fetch");
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void the_last_failure_counts() {
        NodeRun first = run.begin("fetch");
        first.failed("timeout");
        first.retry().failed("timeout again");
        run.begin("other").success();
        run.complete();

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.PARTIAL);
    }

    @Test
    void an_attempt_that_ends_as_skipped_replaces_the_failure_too() {
        NodeRun first = run.begin("fetch");
        first.failed("timeout");
        first.retry().skipped("not needed any more");
        run.complete();

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void only_a_failed_run_can_be_retried_and_only_once() {
        NodeRun open = run.begin("open");
        NodeRun good = run.begin("good");
        good.success();
        NodeRun skipped = run.begin("skipped");
        skipped.skipped("no");
        NodeRun failed = run.begin("failed");
        failed.failed("boom");
        failed.retry();

        for (NodeRun node : List.of(open, good, skipped, failed)) {
            assertThatThrownBy(node::retry)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("node '" + node.nodeId() + "' cannot be retried");
        }
    }

    @Test
    void an_execution_that_ends_while_a_node_is_retried_knows_of_its_failure() {
        AtomicReference<Runnable> another = new AtomicReference<>(() -> {});
        IdGenerator ids = IdGenerator.timeOrdered();
        WorkflowHistory interleaved = WorkflowHistory.builder(store)
                .synchronous()
                .idGenerator(() -> {
                    another.getAndSet(() -> {}).run();
                    return ids.newId();
                })
                .build();
        ExecutionRun execution = interleaved.begin("workflow", null);
        NodeRun node = execution.begin("fetch");
        node.failed("timeout");

        another.set(execution::complete);
        node.retry();

        assertThat(statusOf(execution)).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    void a_retry_that_comes_while_the_execution_ends_does_not_take_its_failure_back() {
        AtomicReference<Runnable> another = new AtomicReference<>(() -> {});
        SettableClock clock = new SettableClock();
        WorkflowHistory interleaved = WorkflowHistory.builder(store)
                .synchronous()
                .clock(() -> {
                    another.getAndSet(() -> {}).run();
                    return clock.instant();
                })
                .build();
        ExecutionRun execution = interleaved.begin("workflow", null);
        NodeRun node = execution.begin("fetch");
        node.failed("timeout");

        another.set(node::retry);
        execution.complete();

        assertThat(statusOf(execution)).isEqualTo(ExecutionStatus.FAILED);
    }

    private ExecutionStatus statusOf(ExecutionRun execution) {
        return store.findExecution(execution.id()).orElseThrow().status();
    }

    @Test
    void the_first_end_of_a_node_wins() {
        NodeRun node = run.begin("node");
        node.success("first");
        node.failed("second");
        node.skipped("third");
        node.end("fourth", null);
        node.close();

        assertThat(store.nodeResult("node").status()).isEqualTo(NodeStatus.SUCCESS);
        assertThat(store.nodeResult("node").output()).isEqualTo(Json.of("first"));
        assertThat(store.batches()).hasSize(2);
    }

    @Test
    void a_failed_node_stays_failed() {
        NodeRun node = run.begin("node");
        node.failed("first");
        node.success("second");
        node.failed("third");
        run.begin("other").success();
        run.complete();

        assertThat(store.nodeResult("node").error()).isEqualTo("first");
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.PARTIAL);
        assertThat(store.batches()).hasSize(4);
    }

    @Test
    void a_node_that_ended_itself_is_not_ended_again_by_its_lambda() {
        run.call("skipped", node -> {
            node.skipped("nothing to do");
            return "ignored";
        });
        assertThatThrownBy(() -> run.run("good", node -> {
                    node.success("done");
                    throw new IllegalStateException("later");
                }))
                .hasMessage("later");

        assertThat(store.nodeResult("skipped").status()).isEqualTo(NodeStatus.SKIPPED);
        assertThat(store.nodeResult("skipped").output()).isNull();
        assertThat(store.nodeResult("good").status()).isEqualTo(NodeStatus.SUCCESS);
    }

    @Test
    void a_node_that_is_closed_without_an_end_has_failed() {
        try (NodeRun node = run.begin("node")) {
            node.info("inside");
        }

        assertThat(store.nodeResult("node").status()).isEqualTo(NodeStatus.FAILED);
        assertThat(store.nodeResult("node").error()).contains("closed without having been completed");
    }

    @Test
    void nodes_that_are_open_at_the_end_have_failed_in_the_order_in_which_they_began() {
        run.begin("ended").success();
        for (int i = 0; i < 20; i++) {
            run.begin("open " + i);
        }
        run.complete();

        List<NodeResult> open = store.nodeResults().subList(1, 21);
        assertThat(open)
                .extracting(NodeResult::nodeId)
                .startsWith("open 0", "open 1", "open 2")
                .endsWith("open 19");
        assertThat(store.batches().subList(2, 22))
                .extracting(batch -> batch.nodeResults().get(0).nodeId())
                .startsWith("open 0", "open 1", "open 2")
                .endsWith("open 19");
        assertThat(open).allSatisfy(result -> {
            assertThat(result.status()).isEqualTo(NodeStatus.FAILED);
            assertThat(result.error()).contains("ended while this node was still running");
        });
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.PARTIAL);
    }

    @Test
    void an_execution_that_is_closed_without_an_end_has_failed() {
        run.begin("good").success();
        run.close();

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(store.execution().error()).contains("closed without having been completed");
    }

    @Test
    void closing_what_has_ended_does_nothing() {
        try (ExecutionRun inner = run) {
            inner.complete("output");
        }

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void an_exception_in_try_with_resources_leaves_a_failed_execution() {
        assertThatThrownBy(() -> {
                    try (ExecutionRun inner = run) {
                        inner.begin("open");
                        throw new IllegalStateException("boom");
                    }
                })
                .hasMessage("boom");

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(store.nodeResult("open").status()).isEqualTo(NodeStatus.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"success", "partial", "failed", "error", "complete", "close"})
    void the_first_end_of_an_execution_wins(String first) {
        switch (first) {
            case "success" -> run.success("output");
            case "partial" -> run.partial("output");
            case "failed" -> run.failed("text");
            case "error" -> run.failed(new IllegalStateException("thrown"));
            case "complete" -> run.complete("output");
            default -> run.close();
        }
        WorkflowExecution ended = store.execution();
        int batches = store.batches().size();

        run.success("later");
        run.failed("later");
        run.complete("later");
        run.partial("later");
        run.close();

        assertThat(store.execution()).isEqualTo(ended);
        assertThat(ended.status().isTerminal()).isTrue();
        assertThat(store.batches()).hasSize(batches);
    }

    @Test
    void a_node_may_end_after_its_execution_was_let_go() {
        NodeRun node = run.begin("node");
        run.detach();
        node.success();
        run.close();

        assertThat(store.nodeResult("node").status()).isEqualTo(NodeStatus.SUCCESS);
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    }

    @Test
    void the_log_of_a_node_names_its_future_result() {
        NodeRun node = run.begin("node");
        node.info("before the result");
        node.success();

        assertThat(store.log().nodeRunId()).isEqualTo(store.nodeResult("node").id());
        assertThat(run.id()).isEqualTo(store.execution().id());
    }
}
