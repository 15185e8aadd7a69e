package io.github.workflowhistory.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Awkward;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.Ids;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class HistoryOrderTest {
    private static final Comparator<String> BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    private static final Instant T = Instant.parse("2026-11-24T10:00:00Z");

    @RepeatedTest(50)
    void ids_are_compared_as_their_bytes_in_utf8() {
        long seed = Awkward.seed();
        Random random = new Random(seed);
        List<String> ids = Stream.generate(() -> Awkward.text(random, 4))
                .filter(HistoryOrderTest::isId)
                .limit(40)
                .toList();

        for (String a : ids) {
            for (String b : ids) {
                assertThat(Integer.signum(HistoryOrder.IDS.compare(a, b)))
                        .as("seed %d: '%s' and '%s'", seed, a, b)
                        .isEqualTo(Integer.signum(BYTES.compare(a, b)));
            }
        }
    }

    private static boolean isId(String text) {
        try {
            Ids.requireValid("id", text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void characters_outside_the_basic_plane_come_last() {
        assertThat(Stream.of("\uE000", "😀", "\uFFFF", "\uD7FF", "\uDBFF\uDFFF", "a")
                        .sorted(HistoryOrder.IDS))
                .containsExactly("a", "\uD7FF", "\uE000", "\uFFFF", "😀", "\uDBFF\uDFFF");
    }

    @Test
    void results_and_logs_are_ordered_by_time_then_id() {
        assertThat(Stream.of(result("b", 1), result("c", 0), result("a", 1)).sorted(HistoryOrder.NODE_RESULTS))
                .extracting(NodeResult::id)
                .containsExactly("c", "a", "b");
        assertThat(Stream.of(log("b", 1), log("c", 0), log("a", 1)).sorted(HistoryOrder.LOGS))
                .extracting(ExecutionLog::id)
                .containsExactly("c", "a", "b");
    }

    @Test
    void executions_are_ordered_newest_first_and_equal_times_by_the_greatest_id() {
        assertThat(Stream.of(summary("b", 1), summary("c", 0), summary("a", 1), summary("d", 2))
                        .sorted(HistoryOrder.NEWEST_FIRST))
                .extracting(ExecutionSummary::id)
                .containsExactly("d", "b", "a", "c");
    }

    private static NodeResult result(String id, int second) {
        return NodeResult.of(id, "e", "n", NodeStatus.SUCCESS, T.plusSeconds(second));
    }

    private static ExecutionLog log(String id, int second) {
        return ExecutionLog.of(id, "e", LogLevel.INFO, "m", T.plusSeconds(second));
    }

    private static ExecutionSummary summary(String id, int second) {
        return WorkflowExecution.queued(id, "w", null, T.plusSeconds(second)).summary();
    }
}
