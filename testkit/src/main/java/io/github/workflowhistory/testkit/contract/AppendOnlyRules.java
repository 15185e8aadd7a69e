package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.fullResult;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 6: node results and logs are append-only; the same id in the same execution is the same row. */
public abstract class AppendOnlyRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected AppendOnlyRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void a_node_result_comes_back_with_everything_that_was_in_it() {
        record(running("e"));
        for (NodeStatus status : NodeStatus.values()) {
            record(fullResult(status.code(), "e", status));
        }
        record(result("bare", "e"));

        assertThat(results("e"))
                .containsExactlyInAnyOrder(
                        fullResult("success", "e", NodeStatus.SUCCESS),
                        fullResult("failed", "e", NodeStatus.FAILED),
                        fullResult("skipped", "e", NodeStatus.SKIPPED),
                        result("bare", "e"));
    }

    @Test
    void a_log_entry_comes_back_with_everything_that_was_in_it() {
        record(running("e"));
        List<ExecutionLog> entries = new ArrayList<>();
        for (LogLevel level : LogLevel.values()) {
            entries.add(ExecutionLog.of(level.code(), "e", level, "at level " + level, at(entries.size())));
        }
        entries.add(nodeLog("of a node run", "e", "run"));

        record(entries);

        assertThat(logs("e")).isEqualTo(entries);
    }

    @Test
    void the_first_version_of_a_node_result_stays() {
        record(running("e"), result("r", "e"));

        record(fullResult("r", "e", NodeStatus.FAILED));

        assertThat(results("e")).containsExactly(result("r", "e"));
    }

    @Test
    void the_first_version_of_a_log_entry_stays() {
        record(running("e"), log("l", "e"));

        record(nodeLog("l", "e", "run"));

        assertThat(logs("e")).containsExactly(log("l", "e"));
        assertThat(logs("e", "run")).isEmpty();
    }

    @Test
    void a_node_can_have_several_results() {
        record(running("e"));
        List<NodeResult> attempts = List.of(attempt(1, NodeStatus.FAILED), attempt(2, NodeStatus.SUCCESS));

        record(attempts);

        assertThat(results("e")).isEqualTo(attempts);
    }

    @Test
    void records_are_added_when_the_execution_has_ended_long_ago() {
        record(Samples.ended("e", ExecutionStatus.SUCCESS));

        record(result("r", "e"), log("l", "e"));

        assertThat(resultIds("e")).containsExactly("r");
        assertThat(logIds("e")).containsExactly("l");
    }

    @Test
    void a_node_result_and_a_log_entry_and_an_execution_can_have_the_same_id() {
        record(running("same"), result("same", "same"), nodeLog("same", "same", "same"));

        assertThat(resultIds("same")).containsExactly("same");
        assertThat(logIds("same")).containsExactly("same");
    }

    private static NodeResult attempt(int number, NodeStatus status) {
        return new NodeResult(
                "attempt-" + number, "e", "fetch", "Fetch", status, null, null, null, at(number), null, number);
    }
}
