package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.store.IdConflictException.IdKind.EXECUTION;
import static io.github.workflowhistory.store.IdConflictException.IdKind.LOG;
import static io.github.workflowhistory.store.IdConflictException.IdKind.NODE_RESULT;
import static io.github.workflowhistory.store.IdConflictException.IdKind.NODE_RUN;
import static io.github.workflowhistory.testkit.contract.Samples.START;
import static io.github.workflowhistory.testkit.contract.Samples.batch;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.IdConflictException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rule 7: an id that exists with another execution is neither ignored nor answered with another's data. */
public abstract class IdConflictRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected IdConflictRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void an_execution_of_another_workflow_cannot_have_the_same_id() {
        record(running("e"));

        assertConflict(batch(WorkflowExecution.running("e", "another-workflow", null, START)), EXECUTION, "e");

        assertThat(execution("e")).isEqualTo(running("e"));
    }

    @Test
    void an_execution_of_another_user_cannot_have_the_same_id() {
        UUID user = newUser();
        record(running("theirs", user), running("nobodys"));

        assertConflict(batch(running("theirs", newUser())), EXECUTION, "theirs");
        assertConflict(batch(running("theirs")), EXECUTION, "theirs");
        assertConflict(batch(running("nobodys", user)), EXECUTION, "nobodys");

        assertThat(execution("theirs").userId()).isEqualTo(user);
        assertThat(execution("nobodys").userId()).isNull();
    }

    @Test
    void a_node_result_of_another_execution_cannot_have_the_same_id() {
        record(running("e"), running("f"), result("r", "e"));

        assertConflict(batch(result("r", "f")), NODE_RESULT, "r");

        assertThat(resultIds("e")).containsExactly("r");
        assertThat(results("f")).isEmpty();
    }

    @Test
    void a_log_entry_of_another_execution_cannot_have_the_same_id() {
        record(running("e"), running("f"), log("l", "e"));

        assertConflict(batch(log("l", "f")), LOG, "l");

        assertThat(logIds("e")).containsExactly("l");
        assertThat(logs("f")).isEmpty();
    }

    @Test
    void a_log_entry_cannot_name_a_node_run_of_another_execution() {
        record(running("e"), running("f"), result("r", "e"));

        assertConflict(batch(nodeLog("l", "f", "r")), NODE_RUN, "r");

        assertThat(logs("f")).isEmpty();
        assertThat(logs("e", "r")).isEmpty();
    }

    @Test
    void a_log_entry_cannot_name_a_node_run_of_another_execution_in_the_same_batch() {
        record(running("e"), running("f"));

        assertConflict(batch(nodeLog("l", "f", "r"), result("r", "e")), NODE_RUN, "r");

        assertThat(results("e")).isEmpty();
        assertThat(logs("f")).isEmpty();
    }

    @Test
    void two_executions_of_one_batch_cannot_share_the_id_of_a_record() {
        record(running("e"), running("f"));

        String rule = "the IdConflictException of rule 7, for two owners of one id in one batch";
        assertThatThrownBy(() -> record(result("r", "e"), result("r", "f")), rule)
                .isInstanceOf(IdConflictException.class);
        assertThatThrownBy(() -> record(log("l", "e"), log("l", "f")), rule).isInstanceOf(IdConflictException.class);
        assertThatThrownBy(
                        () -> record(queued("g"), WorkflowExecution.queued("g", "another-workflow", null, START)), rule)
                .isInstanceOf(IdConflictException.class);

        assertThat(results("e")).isEmpty();
        assertThat(logs("f")).isEmpty();
        assertGone("g");
    }

    @Test
    void a_conflict_is_found_among_thousands_of_records_that_are_fine() {
        record(running("e"), running("f"), log("taken", "e"));
        Object[] records = new Object[5_001];
        for (int i = 0; i < records.length; i++) {
            records[i] = log("fine-" + i, "f");
        }
        records[4_321] = log("taken", "f");

        assertConflict(batch(records), LOG, "taken");

        assertThat(logs("f")).isEmpty();
    }

    @Test
    void a_conflict_is_found_when_the_same_batch_repeats_what_is_there() {
        record(running("e"), running("f"), result("r", "e"), log("l", "e"));
        ExecutionDetails before = details("e");

        assertConflict(batch(running("e"), result("r", "e"), log("l", "f")), LOG, "l");

        assertThat(details("e")).isEqualTo(before);
        assertThat(logs("f")).isEmpty();
    }

    @Test
    void the_id_of_a_record_is_free_again_when_its_execution_was_deleted() {
        record(running("e"), running("f"), result("r", "e"), log("l", "e"));
        store().deleteExecution("e");

        record(result("r", "f"), log("l", "f"));

        assertThat(resultIds("f")).containsExactly("r");
        assertThat(logIds("f")).containsExactly("l");
    }

    @Test
    void the_message_names_the_id() {
        record(running("e"), running("f"), result("res_1732412345678", "e"));

        HistoryBatch batch = batch(result("res_1732412345678", "f"));
        assertThat(refusal(IdConflictException.class, "rule 7: its message names the id", batch))
                .hasMessageContaining("res_1732412345678");
    }
}
