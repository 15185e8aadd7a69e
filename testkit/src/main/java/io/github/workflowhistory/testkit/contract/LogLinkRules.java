package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Rule 8: a log entry belongs to a node run whose result may be there, come with it, or come later. When that result
 * belongs to another execution, the entry is refused by an {@link io.github.workflowhistory.store.IdConflictException}
 * of the kind {@code NODE_RUN}, which {@link IdConflictRules} looks at.
 */
public abstract class LogLinkRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected LogLinkRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void a_log_entry_can_come_before_the_result_of_its_node_run() {
        record(running("e"), nodeLog("l", "e", "r"));
        assertFoundUnderItsRun();

        record(result("r", "e"));
        assertFoundUnderItsRun();
    }

    @Test
    void a_log_entry_can_come_after_the_result_of_its_node_run() {
        record(running("e"), result("r", "e"));

        record(nodeLog("l", "e", "r"));

        assertFoundUnderItsRun();
    }

    @Test
    void a_log_entry_can_come_together_with_the_result_of_its_node_run() {
        record(nodeLog("l", "e", "r"), result("r", "e"), running("e"));

        assertFoundUnderItsRun();
    }

    @Test
    void a_log_entry_whose_node_run_never_ends_is_still_found() {
        record(running("e"), nodeLog("l", "e", "never"));
        record(Samples.end("e", ExecutionStatus.FAILED));

        assertThat(logs("e", "never")).containsExactly(nodeLog("l", "e", "never"));
        assertThat(details("e").logsOf("never")).containsExactly(nodeLog("l", "e", "never"));
    }

    @Test
    void entries_before_and_after_the_result_belong_to_the_same_run() {
        List<ExecutionLog> expected = new ArrayList<>();
        record(running("e"));
        for (int i = 0; i < 10; i++) {
            if (i == 5) {
                record(result("r", "e"));
            }
            expected.add(nodeLog("l" + i, "e", "r"));
            record(nodeLog("l" + i, "e", "r"), log("other-" + i, "e"), nodeLog("run-2-" + i, "e", "r2"));
        }

        assertThat(logs("e", "r")).isEqualTo(expected);
        assertThat(details("e").logsOf("r")).isEqualTo(expected);
    }

    @Test
    void a_result_links_the_entries_of_its_own_execution_only() {
        record(running("e"), running("f"), nodeLog("le", "e", "r"), nodeLog("lf", "f", "r"));

        record(result("r", "e"));

        assertThat(logs("e", "r")).containsExactly(nodeLog("le", "e", "r"));
        assertThat(logs("f", "r")).containsExactly(nodeLog("lf", "f", "r"));
        assertThat(results("f")).isEmpty();
    }

    @Test
    void an_entry_of_no_node_run_belongs_to_the_execution_as_a_whole() {
        record(running("e"), result("r", "e"), log("l", "e"));

        assertThat(logs("e")).containsExactly(log("l", "e"));
        assertThat(logs("e", "r")).isEmpty();
    }

    private void assertFoundUnderItsRun() {
        assertThat(logs("e", "r")).containsExactly(nodeLog("l", "e", "r"));
        assertThat(logs("e")).containsExactly(nodeLog("l", "e", "r"));
        assertThat(details("e").logsOf("r")).containsExactly(nodeLog("l", "e", "r"));
        assertThat(logs("e", "another")).isEmpty();
    }
}
