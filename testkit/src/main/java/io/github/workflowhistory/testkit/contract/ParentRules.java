package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.batch;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.UnknownExecutionException;
import org.junit.jupiter.api.Test;

/** Rule 5: what belongs to an execution needs that execution, in the batch or in the store. */
public abstract class ParentRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected ParentRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void within_a_batch_the_order_does_not_matter() {
        record(nodeLog("l", "e", "r"), result("r", "e"), end("e", SUCCESS), running("e"));

        assertThat(execution("e").status()).isEqualTo(SUCCESS);
        assertThat(execution("e").startedAt()).isEqualTo(at(0));
        assertThat(resultIds("e")).containsExactly("r");
        assertThat(logIds("e")).containsExactly("l");
    }

    @Test
    void what_belongs_to_an_execution_of_an_earlier_batch_is_taken() {
        record(running("e"));

        record(result("r", "e"));
        record(log("l", "e"));

        assertThat(resultIds("e")).containsExactly("r");
        assertThat(logIds("e")).containsExactly("l");
    }

    @Test
    void a_change_never_creates_an_execution() {
        assertUnknown(batch(ExecutionChange.running("missing", at(0))), "missing");

        assertGone("missing");
    }

    @Test
    void a_node_result_without_its_execution_is_refused() {
        assertUnknown(batch(result("r", "missing")), "missing");

        assertGone("missing");
    }

    @Test
    void a_log_entry_without_its_execution_is_refused() {
        assertUnknown(batch(log("l", "missing")), "missing");

        assertGone("missing");
    }

    @Test
    void every_execution_that_is_missing_is_named() {
        record(running("there"));

        assertUnknown(
                batch(
                        running("new"),
                        result("r1", "there"),
                        result("r2", "missing-1"),
                        result("r3", "missing-2"),
                        log("l1", "missing-2"),
                        log("l2", "missing-3"),
                        log("l3", "new"),
                        end("missing-4", SUCCESS)),
                "missing-1",
                "missing-2",
                "missing-3",
                "missing-4");
    }

    @Test
    void the_message_names_the_execution_that_is_missing() {
        HistoryBatch batch = batch(log("l", "exec_1732412345678_k3j9x2a1b"));

        assertThat(refusal(UnknownExecutionException.class, "rule 5: its message names the execution", batch))
                .hasMessageContaining("exec_1732412345678_k3j9x2a1b");
    }

    @Test
    void a_deleted_execution_is_never_resurrected_by_what_arrives_late() {
        record(running("e"), result("r1", "e"), log("l1", "e"));
        assertThat(store().deleteExecution("e")).isTrue();

        assertUnknown(batch(ExecutionChange.running("e", at(0))), "e");
        assertUnknown(batch(end("e", SUCCESS)), "e");
        assertUnknown(batch(result("r1", "e")), "e");
        assertUnknown(batch(result("r2", "e")), "e");
        assertUnknown(batch(log("l1", "e")), "e");
        assertUnknown(batch(log("l2", "e")), "e");

        assertGone("e");
    }

    @Test
    void the_id_of_a_deleted_execution_can_be_recorded_anew_and_starts_empty() {
        record(running("e"), result("r", "e"), log("l", "e"));
        assertThat(store().deleteExecution("e")).isTrue();

        record(queued("e"));
        assertThat(execution("e")).isEqualTo(queued("e"));
        assertThat(results("e")).isEmpty();
        assertThat(logs("e")).isEmpty();

        record(result("r", "e"), log("l", "e"));
        assertThat(resultIds("e")).containsExactly("r");
        assertThat(logIds("e")).containsExactly("l");
    }
}
