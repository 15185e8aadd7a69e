package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.batch;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 1: a batch takes effect whole or not at all; on an exception nothing of it is there. */
public abstract class AtomicityRules extends ContractGroup {
    private static final int ROWS = 1_000;

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected AtomicityRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void a_batch_of_every_kind_of_record_is_stored_whole() {
        record(queued("known"));

        record(running("new"), end("known", ExecutionStatus.FAILED), result("r", "new"), log("l", "known"));

        assertThat(execution("new")).isEqualTo(running("new"));
        assertThat(execution("known").status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(results("new")).containsExactly(result("r", "new"));
        assertThat(logs("known")).containsExactly(log("l", "known"));
    }

    @Test
    void a_change_of_an_unknown_execution_undoes_the_whole_batch() {
        assertLeavesNothing(ExecutionChange.running("unknown", at(0)), UnknownExecutionException.class);
    }

    @Test
    void a_node_result_of_an_unknown_execution_undoes_the_whole_batch() {
        assertLeavesNothing(result("bad", "unknown"), UnknownExecutionException.class);
    }

    @Test
    void a_log_entry_of_an_unknown_execution_undoes_the_whole_batch() {
        assertLeavesNothing(log("bad", "unknown"), UnknownExecutionException.class);
    }

    @Test
    void an_execution_id_that_is_taken_undoes_the_whole_batch() {
        assertLeavesNothing(
                WorkflowExecution.running("other", "another-workflow", null, at(0)), IdConflictException.class);
    }

    @Test
    void a_node_result_id_that_is_taken_undoes_the_whole_batch() {
        assertLeavesNothing(result("result-of-other", "known"), IdConflictException.class);
    }

    @Test
    void a_log_id_that_is_taken_undoes_the_whole_batch() {
        assertLeavesNothing(log("log-of-other", "known"), IdConflictException.class);
    }

    @Test
    void a_log_entry_of_a_node_run_of_another_execution_undoes_the_whole_batch() {
        assertLeavesNothing(nodeLog("bad", "known", "result-of-other"), IdConflictException.class);
    }

    @Test
    void a_refused_batch_can_be_recorded_once_what_was_missing_is_there() {
        HistoryBatch batch = batch(running("one"), result("r", "one"), log("l", "late"));
        assertUnknown(batch, "late");

        record(running("late"));
        store().record(batch);

        assertThat(resultIds("one")).containsExactly("r");
        assertThat(logIds("late")).containsExactly("l");
    }

    /** Puts the record into the middle of a large batch that is fine otherwise, and looks for traces of it. */
    private void assertLeavesNothing(Object bad, Class<? extends RuntimeException> refusal) {
        record(running("known"), result("known-result", "known"), log("known-log", "known"));
        record(running("other"), result("result-of-other", "other"), log("log-of-other", "other"));
        ExecutionDetails known = details("known");
        ExecutionDetails other = details("other");

        refusal(refusal, "rule 1: one bad record, and nothing of its batch is there", largeBatchAround(bad));

        assertGone("new");
        assertThat(details("known")).isEqualTo(known);
        assertThat(details("other")).isEqualTo(other);
        assertThat(listedIds()).containsExactlyInAnyOrder("known", "other");
        // The ids were not used up either: without the bad record everything is taken.
        store().record(largeBatchAround(List.of()));
        assertThat(resultIds("new")).hasSize(ROWS / 2);
        assertThat(logs("known")).hasSize(ROWS / 2 + 1);
    }

    private static HistoryBatch largeBatchAround(Object bad) {
        List<Object> records = new ArrayList<>();
        records.add(running("new"));
        records.add(end("known", ExecutionStatus.SUCCESS));
        for (int i = 0; i < ROWS; i++) {
            String executionId = i % 2 == 0 ? "new" : "known";
            records.add(result("result-" + i, executionId));
            records.add(nodeLog("log-" + i, executionId, "result-" + i));
            if (i == ROWS / 2) {
                records.add(bad);
            }
        }
        return batch(records);
    }
}
