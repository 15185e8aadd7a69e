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

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 12: writers that agree end in the same state in any order of arrival, and none of them fails. */
public abstract class ConcurrencyRules extends ContractGroup {
    private static final int THREADS = 8;

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected ConcurrencyRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void writers_of_different_executions_do_not_disturb_each_other() {
        Together.run(writers(thread -> {
            String id = "e" + thread;
            record(running(id));
            for (int i = 0; i < 25; i++) {
                record(result(id + "-r" + i, id), nodeLog(id + "-l" + i, id, id + "-r" + i));
            }
            record(end(id, ExecutionStatus.SUCCESS));
        }));

        for (int thread = 0; thread < THREADS; thread++) {
            assertThat(execution("e" + thread).status()).isEqualTo(ExecutionStatus.SUCCESS);
            assertThat(results("e" + thread)).hasSize(25);
            assertThat(logs("e" + thread)).hasSize(25);
        }
    }

    @Test
    void writers_of_one_execution_lose_nothing() {
        record(running("e"));

        Together.run(writers(thread -> {
            for (int i = 0; i < 25; i++) {
                String run = "r" + thread + "-" + i;
                record(nodeLog("l" + run, "e", run));
                record(result(run, "e"), log("m" + run, "e"));
            }
        }));

        assertThat(results("e")).hasSize(THREADS * 25);
        assertThat(logs("e")).hasSize(THREADS * 50);
    }

    @Test
    void the_same_batch_from_many_threads_at_once_is_recorded_once() {
        for (int round = 0; round < 10; round++) {
            String id = "e" + round;
            List<Object> records = new ArrayList<>(List.of(running(id), end(id, ExecutionStatus.SUCCESS)));
            for (int i = 0; i < 50; i++) {
                records.add(result(id + "-r" + i, id));
                records.add(nodeLog(id + "-l" + i, id, id + "-r" + i));
            }
            HistoryBatch batch = batch(records);

            Together.run(writers(thread -> store().record(batch)));

            assertThat(execution(id).status()).isEqualTo(ExecutionStatus.SUCCESS);
            assertThat(results(id)).hasSize(50);
            assertThat(logs(id)).hasSize(50);
        }
    }

    @Test
    void writers_that_agree_end_in_the_same_state_in_any_order_of_arrival() {
        List<ExecutionChange> changes = List.of(
                ExecutionChange.running("e", at(100)).withRecorderId("recorder"),
                end("e", ExecutionStatus.PARTIAL).withRecorderId("recorder").withError("one node failed"),
                end("e", ExecutionStatus.PARTIAL).withFinalOutput(Json.of("output")),
                end("e", ExecutionStatus.PARTIAL).withStartedAt(at(100)));
        WorkflowExecution expected = new WorkflowExecution(
                "e",
                Samples.WORKFLOW,
                null,
                ExecutionStatus.PARTIAL,
                at(100),
                at(1_000),
                Duration.ofMillis(900),
                Json.of("output"),
                "one node failed",
                at(0),
                "recorder",
                null);

        for (int round = 0; round < 25; round++) {
            record(queued("e"));
            Together.run(changes.stream()
                    .<Together.Task>map(change -> () -> record(change))
                    .toList());

            assertThat(execution("e")).isEqualTo(expected);
            store().deleteExecution("e");
        }
    }

    @Test
    void batches_of_the_same_executions_in_opposite_order_do_not_deadlock() {
        List<Object> created = new ArrayList<>();
        List<Object> changed = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            created.add(queued("e" + i));
            changed.add(end("e" + i, ExecutionStatus.SUCCESS));
            changed.add(result("r" + i, "e" + i));
            changed.add(nodeLog("l" + i, "e" + i, "r" + i));
        }

        Together.run(writers(thread -> {
            store().record(batch(thread % 2 == 0 ? created : reversed(created)));
            store().record(batch(thread % 2 == 0 ? changed : reversed(changed)));
        }));

        for (int i = 0; i < 200; i += 20) {
            assertThat(execution("e" + i).status()).isEqualTo(ExecutionStatus.SUCCESS);
            assertThat(resultIds("e" + i)).containsExactly("r" + i);
            assertThat(logIds("e" + i)).containsExactly("l" + i);
        }
    }

    private static List<Object> reversed(List<Object> records) {
        List<Object> reversed = new ArrayList<>(records);
        Collections.reverse(reversed);
        return reversed;
    }

    /** What each of several writers does. */
    @FunctionalInterface
    private interface Writer {
        void write(int thread) throws Exception;
    }

    private static List<Together.Task> writers(Writer writer) {
        List<Together.Task> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            tasks.add(() -> writer.write(thread));
        }
        return tasks;
    }
}
