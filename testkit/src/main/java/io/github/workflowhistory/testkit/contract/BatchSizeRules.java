package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A batch of any size is one batch. */
public abstract class BatchSizeRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected BatchSizeRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void an_empty_batch_does_nothing() {
        store().record(HistoryBatch.builder().build());

        assertThat(listedIds()).isEmpty();
    }

    @Test
    void each_kind_of_record_can_be_recorded_alone() {
        store().record(running("e"));
        store().record(result("r", "e"));
        store().record(log("l", "e"));
        store().record(end("e", ExecutionStatus.SUCCESS));

        assertThat(execution("e").status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(resultIds("e")).containsExactly("r");
        assertThat(logIds("e")).containsExactly("l");
    }

    @Test
    void twenty_thousand_log_entries_are_one_batch() {
        List<Object> records = new ArrayList<>();
        records.add(running("e"));
        for (int i = 0; i < 20_000; i++) {
            records.add(log("l" + i, "e", at(i)));
        }

        record(records);

        assertThat(logs("e")).isEqualTo(records.subList(1, records.size()));
    }

    @Test
    void thousands_of_executions_with_their_records_are_one_batch() {
        List<Object> created = new ArrayList<>();
        List<Object> ended = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            created.add(queued("e" + i));
            ended.add(end("e" + i, ExecutionStatus.SUCCESS));
            ended.add(result("r" + i, "e" + i));
            ended.add(nodeLog("l" + i, "e" + i, "r" + i));
        }

        record(created);
        record(ended);

        for (int i = 0; i < 3_000; i += 333) {
            assertThat(execution("e" + i).status()).isEqualTo(ExecutionStatus.SUCCESS);
            assertThat(resultIds("e" + i)).containsExactly("r" + i);
            assertThat(logs("e" + i, "r" + i)).hasSize(1);
        }
    }

    @Test
    void large_payloads_are_one_batch() {
        String text = "0123456789abcdef".repeat(16_384);
        List<Object> records = new ArrayList<>();
        records.add(running("e"));
        for (int i = 0; i < 64; i++) {
            records.add(new ExecutionLog("l" + i, "e", null, LogLevel.INFO, text, Json.of(text), at(i)));
        }

        record(records);

        assertThat(logs("e").equals(records.subList(1, records.size())))
                .as("16 MiB of text and 16 MiB of JSON are equal")
                .isTrue();
    }
}
