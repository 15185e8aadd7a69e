package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.batch;
import static io.github.workflowhistory.testkit.contract.Samples.log;
import static io.github.workflowhistory.testkit.contract.Samples.nodeLog;
import static io.github.workflowhistory.testkit.contract.Samples.result;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Rules 1, 3, 7, 8 and 11 when two threads do what collides. */
public abstract class RaceRules extends ContractGroup {
    private static final int ROUNDS = 25;

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected RaceRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void of_two_different_ends_at_once_one_wins_whole() {
        for (int round = 0; round < ROUNDS; round++) {
            String id = "e" + round;
            record(running(id));

            Together.run(List.of(
                    () -> record(ExecutionChange.ended(id, ExecutionStatus.SUCCESS, at(100))
                            .withFinalOutput(Json.of("output"))),
                    () -> record(ExecutionChange.ended(id, ExecutionStatus.FAILED, at(200))
                            .withError("error"))));

            WorkflowExecution execution = execution(id);
            if (execution.status() == ExecutionStatus.SUCCESS) {
                assertThat(execution.completedAt()).isEqualTo(at(100));
                assertThat(execution.finalOutput()).isEqualTo(Json.of("output"));
                assertThat(execution.error()).isNull();
                assertThat(execution.duration()).hasMillis(100);
            } else {
                assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(execution.completedAt()).isEqualTo(at(200));
                assertThat(execution.finalOutput()).isNull();
                assertThat(execution.error()).isEqualTo("error");
                assertThat(execution.duration()).hasMillis(200);
            }
        }
    }

    @Test
    void a_log_entry_and_the_result_of_its_node_run_at_once_are_linked_in_the_end() {
        record(running("e"));
        for (int round = 0; round < ROUNDS; round++) {
            String run = "r" + round;

            Together.run(List.of(() -> record(nodeLog("l" + run, "e", run)), () -> record(result(run, "e"))));

            assertThat(logs("e", run)).containsExactly(nodeLog("l" + run, "e", run));
            assertThat(resultIds("e")).contains(run);
        }
    }

    @Test
    void a_writer_and_a_delete_at_once_leave_the_whole_or_nothing() {
        for (int round = 0; round < ROUNDS; round++) {
            String id = "e" + round;
            record(running(id), log(id + "-first", id));

            List<Throwable> failures = Together.failuresOf(List.of(
                    () -> record(result(id + "-r", id), nodeLog(id + "-l", id, id + "-r")),
                    () -> record(Samples.end(id, ExecutionStatus.SUCCESS), log(id + "-m", id)),
                    () -> store().deleteExecution(id)));

            // Every writer either came first, and was deleted with the rest, or was told that it came too late.
            assertThat(failures)
                    .as("the UnknownExecutionException of rule 5, for a writer that came too late")
                    .allSatisfy(failure -> assertThat(failure).isInstanceOf(UnknownExecutionException.class));
            assertGone(id);
            // Orphans would have kept their ids.
            record(
                    running(id + "-b"),
                    result(id + "-r", id + "-b"),
                    log(id + "-l", id + "-b"),
                    log(id + "-m", id + "-b"));
        }
    }

    @Test
    void of_two_executions_that_claim_one_id_at_once_one_gets_it() {
        record(running("e"), running("f"));
        for (int round = 0; round < ROUNDS; round++) {
            String id = "r" + round;

            List<Throwable> failures = Together.failuresOf(
                    List.of(() -> record(result(id, "e"), log(id, "e")), () -> record(result(id, "f"), log(id, "f"))));

            assertThat(failures)
                    .as("the IdConflictException of rule 7, for the writer that came second")
                    .hasSize(1)
                    .first()
                    .isInstanceOf(IdConflictException.class);
            boolean first = resultIds("e").contains(id);
            assertThat(resultIds("f").contains(id)).isEqualTo(!first);
            assertThat(logIds("e").contains(id)).isEqualTo(first);
            assertThat(logIds("f").contains(id)).isEqualTo(!first);
        }
    }

    @Test
    void of_two_workflows_that_claim_one_execution_id_at_once_one_gets_it() {
        for (int round = 0; round < ROUNDS; round++) {
            String id = "e" + round;
            WorkflowExecution one = WorkflowExecution.running(id, "one", null, at(0));
            WorkflowExecution two = WorkflowExecution.running(id, "two", null, at(0));

            List<Throwable> failures =
                    Together.failuresOf(List.of(() -> record(one, log(id, id)), () -> record(two, log(id, id))));

            assertThat(failures)
                    .as("the IdConflictException of rule 7, for the writer that came second")
                    .hasSize(1)
                    .first()
                    .isInstanceOf(IdConflictException.class);
            assertThat(execution(id)).isIn(one, two);
            assertThat(logIds(id)).containsExactly(id);
        }
    }

    @Test
    void readers_see_a_batch_whole_or_not_at_all() {
        AtomicBoolean written = new AtomicBoolean();
        record(running("e"));

        Together.run(List.of(
                () -> {
                    try {
                        for (int i = 0; i < 50; i++) {
                            String run = "r" + i;
                            record(result(run, "e"), nodeLog("a" + run, "e", run), nodeLog("b" + run, "e", run));
                        }
                    } finally {
                        written.set(true);
                    }
                },
                () -> readUntil(written),
                () -> readUntil(written)));

        assertThat(logs("e")).hasSize(100);
    }

    private void readUntil(AtomicBoolean written) {
        int seen = 0;
        do {
            ExecutionDetails details = details("e");
            int results = details.nodeResults().size();
            assertThat(details.logs())
                    .as("log entries beside %d node results", results)
                    .hasSize(2 * results);
            assertThat(results).as("what was seen once stays").isGreaterThanOrEqualTo(seen);
            seen = results;
        } while (!written.get());
    }

    @Test
    void readers_see_an_execution_with_all_its_records_or_none() {
        AtomicBoolean written = new AtomicBoolean();

        Together.run(List.of(
                () -> {
                    try {
                        for (int i = 0; i < ROUNDS; i++) {
                            List<Object> records = new ArrayList<>(List.of(running("e")));
                            for (int row = 0; row < 20; row++) {
                                records.add(result("r" + row, "e"));
                                records.add(log("l" + row, "e"));
                            }
                            store().record(batch(records));
                            store().deleteExecution("e");
                        }
                    } finally {
                        written.set(true);
                    }
                },
                () -> {
                    do {
                        Optional<ExecutionDetails> details = store().findDetails("e");
                        details.ifPresent(found -> {
                            assertThat(found.nodeResults()).hasSize(20);
                            assertThat(found.logs()).hasSize(20);
                        });
                    } while (!written.get());
                }));

        assertGone("e");
    }
}
