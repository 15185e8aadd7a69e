package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.batch;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.fullResult;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rule 2: the same batch again changes nothing and raises nothing. */
public abstract class IdempotenceRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected IdempotenceRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void the_same_batch_again_changes_nothing() {
        HistoryBatch batch = batch(
                running("e"),
                fullResult("r", "e", NodeStatus.FAILED),
                log("l1", "e"),
                nodeLog("l2", "e", "r"),
                end("e", ExecutionStatus.PARTIAL).withFinalOutput(Json.of(7)).withError("one node failed"));
        store().record(batch);
        ExecutionDetails before = details("e");

        for (int i = 0; i < 3; i++) {
            store().record(batch);
        }

        assertThat(details("e")).isEqualTo(before);
        assertThat(listedIds()).containsExactly("e");
    }

    @Test
    void a_batch_of_which_a_part_is_there_already_adds_the_rest() {
        record(running("e"), result("r1", "e"), log("l1", "e"));

        record(running("e"), result("r1", "e"), result("r2", "e"), log("l1", "e"), log("l2", "e"));

        assertThat(resultIds("e")).containsExactly("r1", "r2");
        assertThat(logIds("e")).containsExactly("l1", "l2");
    }

    @Test
    void every_step_of_a_life_can_be_repeated_after_any_later_one() {
        List<HistoryBatch> life = life();
        for (int step = 0; step < life.size(); step++) {
            store().record(life.get(step));
            ExecutionDetails before = details("e");

            for (int earlier = step; earlier >= 0; earlier--) {
                store().record(life.get(earlier));
            }

            assertThat(details("e")).as("after repeating steps %d to 0", step).isEqualTo(before);
        }
    }

    @Test
    void a_whole_life_can_be_repeated_in_any_order() {
        List<HistoryBatch> life = life();
        life.forEach(store()::record);
        ExecutionDetails before = details("e");

        for (int seed = 0; seed < 5; seed++) {
            List<HistoryBatch> shuffled = new ArrayList<>(life);
            Collections.shuffle(shuffled, new Random(seed));
            shuffled.forEach(store()::record);

            assertThat(details("e"))
                    .as("after an order shuffled with seed %d", seed)
                    .isEqualTo(before);
        }
    }

    @Test
    void the_steps_of_a_life_after_its_creation_reach_the_same_end_in_any_order() {
        List<HistoryBatch> life = life();
        life.forEach(store()::record);
        ExecutionDetails expected = details("e");

        for (int seed = 0; seed < 5; seed++) {
            assertThat(store().deleteExecution("e")).isTrue();
            List<HistoryBatch> shuffled = new ArrayList<>(life.subList(1, life.size()));
            Collections.shuffle(shuffled, new Random(seed));
            store().record(life.get(0));
            shuffled.forEach(store()::record);

            assertThat(details("e"))
                    .as("reached in an order shuffled with seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void a_log_entry_can_be_repeated_when_the_id_of_its_node_run_was_taken_meanwhile() {
        HistoryBatch batch = batch(running("e"), nodeLog("l", "e", "run"));
        store().record(batch);
        record(running("other"), result("run", "other"));

        store().record(batch);

        assertThat(logs("e")).containsExactly(nodeLog("l", "e", "run"));
    }

    /** The batches of one execution whose recorder writes every state at once. */
    private static List<HistoryBatch> life() {
        return List.of(
                batch(queued("e")),
                batch(ExecutionChange.running("e", at(10)).withRecorderId("recorder-1")),
                batch(log("l1", "e")),
                batch(nodeLog("l2", "e", "r1")),
                batch(fullResult("r1", "e", NodeStatus.FAILED)),
                batch(result("r2", "e"), nodeLog("l3", "e", "r2")),
                batch(end("e", ExecutionStatus.PARTIAL)
                        .withStartedAt(at(10))
                        .withDuration(Duration.ofMillis(990))
                        .withFinalOutput(Json.parse("{\"done\": [1, 2]}"))
                        .withError("a node failed")
                        .withRecorderId("recorder-1")));
    }
}
