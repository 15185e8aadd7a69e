package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.START;
import static io.github.workflowhistory.testkit.contract.Samples.WORKFLOW;
import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.LogQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rule 10: what is read comes in the order of time, and equal times in the order of the ids' bytes. */
public abstract class OrderRules extends ContractGroup {
    /**
     * Ids in the order of their bytes in UTF-8. A locale sorts them otherwise (case and punctuation), and so does
     * UTF-16 (characters outside the Basic Multilingual Plane before U+E000).
     */
    private static final List<String> IN_BYTE_ORDER = List.of(
            " a",
            "!",
            "-b",
            "10",
            "9",
            "A",
            "B",
            "Z",
            "_",
            "a",
            "a b",
            "a-b",
            "aB",
            "aa",
            "ab",
            "b",
            "z",
            "\u00C4",
            "\u00E4",
            "\u0142",
            "\u4E2D",
            "\uD7FF",
            "\uE000",
            "\uFF21",
            "\uFFFD",
            "\uD800\uDC00",
            "\uD83D\uDE80",
            "\uD83D\uDE80a",
            "\uDBFF\uDFFD");

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected OrderRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void node_results_are_read_in_the_order_in_which_they_finished() {
        record(running("e"));
        record(result("a", at(30)), result("b", at(10)), result("c", at(20)));
        record(result("d", at(5)));
        record(result("e", at(20).plusNanos(1_000)));

        assertThat(resultIds("e")).containsExactly("d", "b", "c", "e", "a");
    }

    @Test
    void logs_are_read_in_the_order_of_their_timestamps() {
        record(running("e"));
        record(log("a", "e", at(30)), log("b", "e", at(10)), log("c", "e", at(20)));
        record(log("d", "e", at(5)));
        record(log("e", "e", at(20).plusNanos(1_000)));

        assertThat(logIds("e")).containsExactly("d", "b", "c", "e", "a");
        assertThat(details("e").logs()).isEqualTo(logs("e"));
    }

    @Test
    void equal_times_are_read_in_the_order_of_the_bytes_of_their_ids() {
        List<String> shuffled = shuffled(IN_BYTE_ORDER);
        record(running("e"));
        record(shuffled.stream().map(id -> result(id, START)).toList());
        record(shuffled.stream().map(id -> log(id, "e", START)).toList());

        assertThat(resultIds("e")).isEqualTo(IN_BYTE_ORDER);
        assertThat(logIds("e")).isEqualTo(IN_BYTE_ORDER);
        assertThat(details("e").logs()).extracting(ExecutionLog::id).isEqualTo(IN_BYTE_ORDER);
    }

    @Test
    void a_limit_takes_the_first_entries_in_that_order() {
        record(running("e"));
        record(shuffled(IN_BYTE_ORDER).stream().map(id -> log(id, "e", START)).toList());

        for (int limit = 1; limit <= IN_BYTE_ORDER.size(); limit++) {
            assertThat(store().listLogs(LogQuery.ofExecution("e").limit(limit)))
                    .extracting(ExecutionLog::id)
                    .isEqualTo(IN_BYTE_ORDER.subList(0, limit));
        }
    }

    @Test
    void executions_are_listed_newest_first() {
        record(created("a", at(10)), created("b", at(30)));
        record(created("c", at(20)));
        record(created("d", at(20).plusNanos(1_000)));

        assertThat(listedIds()).containsExactly("b", "d", "c", "a");
    }

    @Test
    void executions_of_the_same_time_are_listed_in_the_reverse_order_of_the_bytes_of_their_ids() {
        record(shuffled(IN_BYTE_ORDER).stream().map(id -> created(id, START)).toList());

        List<String> expected = new ArrayList<>(IN_BYTE_ORDER);
        Collections.reverse(expected);
        assertThat(listedIds()).isEqualTo(expected);
    }

    @Test
    void a_thousand_entries_of_one_microsecond_keep_the_order_of_the_calls() {
        IdGenerator ids = IdGenerator.timeOrdered();
        record(running("e"));
        List<String> called = new ArrayList<>();
        List<ExecutionLog> entries = new ArrayList<>();
        List<NodeResult> results = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String id = ids.newId();
            called.add(id);
            entries.add(log(id, "e", START));
            results.add(result(id, START));
        }

        // Three batches in the wrong order, each shuffled: the ids alone have to bring the order back.
        record(shuffled(entries.subList(700, 1_000)), shuffled(results.subList(0, 500)));
        record(shuffled(entries.subList(0, 300)));
        record(shuffled(entries.subList(300, 700)), shuffled(results.subList(500, 1_000)));

        assertThat(logIds("e")).isEqualTo(called);
        assertThat(resultIds("e")).isEqualTo(called);
    }

    private static WorkflowExecution created(String id, Instant createdAt) {
        return WorkflowExecution.queued(id, WORKFLOW, null, createdAt);
    }

    private static NodeResult result(String id, Instant finishedAt) {
        return NodeResult.of(id, "e", "node", NodeStatus.SUCCESS, finishedAt);
    }

    private static <T> List<T> shuffled(List<T> records) {
        List<T> shuffled = new ArrayList<>(records);
        Collections.shuffle(shuffled, new Random(42));
        return shuffled;
    }
}
