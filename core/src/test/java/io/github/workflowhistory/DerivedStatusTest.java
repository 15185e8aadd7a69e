package io.github.workflowhistory;

import static io.github.workflowhistory.ExecutionStatus.FAILED;
import static io.github.workflowhistory.ExecutionStatus.PARTIAL;
import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerivedStatusTest {
    private static final Instant T = Instant.parse("2026-11-24T10:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "true,  0, 0, FAILED",
        "true,  5, 0, FAILED",
        "true,  5, 5, FAILED",
        "false, 0, 0, SUCCESS",
        "false, 5, 0, SUCCESS",
        "false, 1, 1, PARTIAL",
        "false, 0, 1, FAILED",
    })
    void the_status_follows_from_the_nodes(boolean threw, long succeeded, long failed, ExecutionStatus status) {
        assertThat(DerivedStatus.of(threw, succeeded, failed)).isEqualTo(status);
    }

    /** Results written as "node attempt status", in any order. */
    private static List<NodeResult> results(String... lines) {
        List<NodeResult> results = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split(" ", -1);
            results.add(new NodeResult(
                    "r" + results.size(),
                    "e",
                    parts[0],
                    parts[0],
                    NodeStatus.valueOf(parts[2].toUpperCase(Locale.ROOT)),
                    null,
                    null,
                    null,
                    T,
                    null,
                    Integer.parseInt(parts[1])));
        }
        Collections.shuffle(results);
        return results;
    }

    @Test
    void stored_results_give_the_same_status() {
        assertThat(DerivedStatus.ofResults(results())).isEqualTo(SUCCESS);
        assertThat(DerivedStatus.ofResults(results("a 1 skipped"))).isEqualTo(SUCCESS);
        assertThat(DerivedStatus.ofResults(results("a 1 success", "b 1 skipped")))
                .isEqualTo(SUCCESS);
        assertThat(DerivedStatus.ofResults(results("a 1 success", "b 1 failed")))
                .isEqualTo(PARTIAL);
        assertThat(DerivedStatus.ofResults(results("a 1 skipped", "b 1 failed")))
                .isEqualTo(FAILED);
    }

    @Test
    void a_failure_that_a_later_attempt_replaced_does_not_count() {
        assertThat(DerivedStatus.ofResults(results("a 1 failed", "a 2 success")))
                .isEqualTo(SUCCESS);
        assertThat(DerivedStatus.ofResults(results("a 1 failed", "a 2 failed", "a 3 success")))
                .isEqualTo(SUCCESS);
        assertThat(DerivedStatus.ofResults(results("a 1 failed", "a 2 failed"))).isEqualTo(FAILED);
        assertThat(DerivedStatus.ofResults(results("a 1 failed", "a 2 skipped")))
                .isEqualTo(SUCCESS);
    }

    @Test
    void an_attempt_replaces_a_failure_of_its_own_node_only() {
        assertThat(DerivedStatus.ofResults(results("a 1 failed", "b 2 success")))
                .isEqualTo(PARTIAL);
    }

    @Test
    void each_retry_of_a_fan_out_replaces_one_failure() {
        assertThat(DerivedStatus.ofResults(results("a 1 failed", "a 1 failed", "a 2 success", "a 2 success")))
                .isEqualTo(SUCCESS);
        assertThat(DerivedStatus.ofResults(results("a 1 failed", "a 1 failed", "a 2 success")))
                .isEqualTo(PARTIAL);
        assertThat(DerivedStatus.ofResults(results("a 1 success", "a 1 failed", "a 2 success")))
                .isEqualTo(SUCCESS);
        assertThat(DerivedStatus.ofResults(
                        results("a 1 failed", "a 1 failed", "a 2 failed", "a 2 failed", "a 3 success")))
                .isEqualTo(PARTIAL);
    }

    @RepeatedTest(100)
    void what_is_counted_while_it_runs_agrees_with_what_the_store_holds() {
        long seed = Awkward.seed();
        Random random = new Random(seed);
        CollectingStore store = new CollectingStore();
        ExecutionRun run = WorkflowHistory.builder(store).synchronous().build().begin("workflow", null);
        for (int i = random.nextInt(8); i > 0; i--) {
            NodeRun node = run.begin("node " + random.nextInt(3));
            while (end(node, random) == NodeStatus.FAILED && random.nextBoolean()) {
                node = node.retry();
            }
        }
        run.complete();

        assertThat(DerivedStatus.ofResults(store.nodeResults()))
                .as("seed %d: %s", seed, store.nodeResults())
                .isEqualTo(store.execution().status());
    }

    private static NodeStatus end(NodeRun node, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                node.success();
                return NodeStatus.SUCCESS;
            }
            case 1 -> {
                node.skipped("nothing to do");
                return NodeStatus.SKIPPED;
            }
            default -> {
                node.failed("boom");
                return NodeStatus.FAILED;
            }
        }
    }
}
