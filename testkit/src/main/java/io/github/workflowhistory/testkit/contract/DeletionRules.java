package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 11: deleting an execution deletes its node results and logs, in one step, whatever their number. */
public abstract class DeletionRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected DeletionRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void deleting_an_execution_deletes_everything_that_belongs_to_it() {
        record(running("e"), result("r", "e"), log("l1", "e"), nodeLog("l2", "e", "r"), nodeLog("l3", "e", "later"));

        assertThat(store().deleteExecution("e")).isTrue();

        assertGone("e");
        assertThat(logs("e", "r")).isEmpty();
    }

    @Test
    void deleting_an_execution_leaves_others_alone() {
        record(running("e"), result("re", "e"), nodeLog("le", "e", "re"));
        record(running("f"), result("rf", "f"), nodeLog("lf", "f", "rf"));
        ExecutionDetails other = details("f");

        store().deleteExecution("e");

        assertThat(details("f")).isEqualTo(other);
        assertThat(listedIds()).containsExactly("f");
    }

    @Test
    void deleting_what_does_not_exist_is_answered_with_false() {
        assertThat(store().deleteExecution("missing")).isFalse();

        record(running("e"));
        assertThat(store().deleteExecution("e")).isTrue();
        assertThat(store().deleteExecution("e")).isFalse();
    }

    @Test
    void an_execution_with_thousands_of_records_is_deleted_in_one_step() {
        List<Object> records = new ArrayList<>();
        records.add(running("e"));
        for (int i = 0; i < 500; i++) {
            records.add(result("r" + i, "e"));
        }
        for (int i = 0; i < 5_000; i++) {
            records.add(nodeLog("l" + i, "e", "r" + i % 700));
        }
        record(records);
        assertThat(logs("e")).hasSize(5_000);

        assertThat(store().deleteExecution("e")).isTrue();

        assertGone("e");
    }
}
