package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One record that the store cannot take never costs its neighbours. */
class IsolationTest extends PipelineTest {
    private static boolean isPoisoned(HistoryBatch batch) {
        return batch.logs().stream().anyMatch(log -> log.id().startsWith("bad"))
                || batch.executions().stream()
                        .anyMatch(execution -> execution.id().startsWith("bad"));
    }

    @Test
    void one_poisoned_record_of_five_thousand_is_found_in_few_steps() {
        store.refuses(IsolationTest::isPoisoned);
        start(lingering());
        for (int i = 0; i < 5_000; i++) {
            recorder.record(log(i == 3_141 ? "bad" : "l" + i, "e" + i % 100));
        }
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(recorder.stats().stored()).isEqualTo(4_999);
        assertThat(told.rejectedLogIds()).containsExactly("bad");
        assertThat(told.rejections().get(0).cause()).hasMessage("scripted DATA");
        // 100 executions take 7 halvings, 50 entries of one 6, and each has two halves.
        assertThat(store.attempts()).hasSizeLessThan(30);
        List<String> neighbours = new ArrayList<>();
        for (int i = 41; i < 5_000; i += 100) {
            if (i != 3_141) {
                neighbours.add("l" + i);
            }
        }
        assertThat(store.logIds("e41")).as("still in order").containsExactlyElementsOf(neighbours);
    }

    @Test
    void when_everything_is_poisoned_everything_is_rejected_and_told() {
        store.refuses(batch -> true);
        start(lingering().batchSize(500));
        for (int i = 0; i < 500; i++) {
            recorder.record(log("l" + i, "e" + i % 10));
        }
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(recorder.stats().rejected()).isEqualTo(500);
        assertThat(told.rejectedLogIds()).hasSize(500).doesNotHaveDuplicates();
        assertThat(told.retries())
                .as("refused data is never tried again as it is")
                .isEmpty();
    }

    @Test
    void children_of_a_refused_execution_are_refused_with_it_now_and_later_and_others_are_not() {
        store.refuses(IsolationTest::isPoisoned);
        start(lingering());
        recorder.record(running("good"));
        recorder.record(running("bad"));
        recorder.record(result("r1", "bad", "x"));
        recorder.record(log("l1", "bad"));
        recorder.record(log("l2", "good"));
        assertThat(recorder.flush(LONG)).isTrue();
        int attempts = store.attempts().size();
        recorder.record(success("bad"));
        recorder.record(success("good"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(recorder.stats().rejected()).isEqualTo(4);
        assertThat(told.rejectedCounts()).isEqualTo(new RecordCounts(2, 1, 1));
        assertThat(store.logIds()).containsExactly("l2");
        assertThat(store.changeOf("good")).isNotNull();
        assertThat(store.attempts()).as("the store is not asked again").hasSize(attempts + 1);
        assertThat(told.rejections())
                .filteredOn(rejection -> !rejection.lost().changes().isEmpty())
                .allSatisfy(rejection -> assertThat(rejection.cause())
                        .isInstanceOf(UnknownExecutionException.class)
                        .hasMessageContaining("bad"));
    }

    @Test
    void an_execution_that_is_recorded_anew_is_tried_anew() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        store.refuses(batch -> refuses.get() && isPoisoned(batch));
        start(lingering());
        recorder.record(running("bad"));
        recorder.record(log("l1", "bad"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().rejected()).isEqualTo(2);

        refuses.set(false);
        recorder.record(running("bad"));
        recorder.record(log("l2", "bad"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(recorder.stats().rejected()).isEqualTo(2);
        assertThat(store.executionIds()).containsExactly("bad");
        assertThat(store.logIds()).containsExactly("l2");
    }

    @Test
    void two_records_that_contradict_each_other_do_not_cost_their_neighbours() {
        start(lingering());
        recorder.record(running("e1"));
        recorder.record(WorkflowExecution.running("twice", "wf", null, T0));
        recorder.record(log("same", "e1"));
        recorder.record(log("same", "e2"));
        recorder.record(log("l3", "e3"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.executionIds()).containsExactlyInAnyOrder("e1", "twice");
        assertThat(store.logIds()).contains("same", "l3");
        assertThat(recorder.stats().stored()).isEqualTo(5);
    }

    @Test
    void a_failure_that_nobody_knows_is_tried_three_times_more_and_then_isolated() {
        store.reacts(batch -> {
            if (isPoisoned(batch)) {
                throw new IllegalStateException("who knows");
            }
        });
        start(lingering());
        for (int i = 0; i < 8; i++) {
            recorder.record(log(i == 5 ? "bad" : "l" + i, "e" + i));
        }
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(told.retries())
                .extracting(Told.Retry::failures)
                .as("of the batch, and of the one that is left of it")
                .containsExactly(1, 2, 3, 1, 2, 3);
        assertThat(told.rejectedLogIds()).containsExactly("bad");
        assertThat(told.rejections().get(0).cause()).hasMessage("who knows");
        assertThat(recorder.stats().stored()).isEqualTo(7);
    }

    @Test
    void a_stale_statement_in_the_middle_of_isolation_costs_no_record() {
        AtomicInteger attempts = new AtomicInteger();
        AtomicBoolean stale = new AtomicBoolean(true);
        store.reacts(batch -> {
            attempts.incrementAndGet();
            if (isPoisoned(batch)) {
                throw new IllegalStateException("who knows");
            }
            if (batch.size() == 1 && stale.getAndSet(false)) {
                throw ScriptedStore.failure(Kind.STALE_STATEMENT);
            }
        });
        start(lingering());
        recorder.record(log("bad", "e1"));
        recorder.record(log("good", "e2"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(told.rejectedLogIds()).containsExactly("bad");
        assertThat(store.logIds()).containsExactly("good");
    }

    @Test
    void a_batch_that_takes_too_long_is_halved() {
        store.reacts(batch -> {
            if (batch.size() > 10) {
                throw ScriptedStore.failure(Kind.TIMEOUT);
            }
        });
        start(lingering());
        for (int i = 0; i < 80; i++) {
            recorder.record(log("l" + i, "e" + i % 3));
        }
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.written()).allSatisfy(batch -> assertThat(batch.size()).isLessThanOrEqualTo(10));
        assertThat(recorder.stats().stored()).isEqualTo(80);
        assertThat(told.rejections()).isEmpty();
        assertThat(told.retries())
                .as("nobody is to wonder why it takes so long")
                .hasSize(store.attempts().size() - store.written().size())
                .isNotEmpty()
                .allSatisfy(retry -> assertThat(retry.kind()).isEqualTo(Kind.TIMEOUT));
    }

    @Test
    void a_single_record_that_takes_too_long_is_kept_and_tried_again() {
        store.failsWith(ScriptedStore.failure(Kind.TIMEOUT), ScriptedStore.failure(Kind.TIMEOUT));
        start(lingering());
        recorder.record(running("e1"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.executionIds()).containsExactly("e1");
        assertThat(told.retries()).extracting(Told.Retry::kind).containsExactly(Kind.TIMEOUT, Kind.TIMEOUT);
        assertThat(told.rejections()).isEmpty();
    }

    @Test
    void many_data_errors_never_hold_up_those_that_are_fine() {
        store.refuses(IsolationTest::isPoisoned);
        start(eager().batchSize(50));
        for (int i = 0; i < 1_000; i++) {
            recorder.record(log((i % 2 == 0 ? "bad-" : "good-") + i, "e" + i));
        }
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(recorder.stats().stored()).isEqualTo(500);
        assertThat(recorder.stats().rejected()).isEqualTo(500);
        assertThat(told.retries()).isEmpty();
    }

    @Test
    void a_record_that_is_refused_before_its_call_has_returned_is_told_once() {
        store.refuses(batch -> true);
        start(eager());
        for (int i = 0; i < 3_000; i++) {
            recorder.record(log("l" + i, "e" + i));
            assertThat(recorder.flush(LONG)).isTrue();
        }
        assertThat(told.rejectedLogIds()).hasSize(3_000);
        assertThat(told.rejections())
                .allSatisfy(rejection -> assertThat(rejection.cause()).hasMessage("scripted DATA"));
    }

    @Test
    void a_listener_that_throws_is_told_of_each_loss_once() {
        List<HistoryBatch> lost = new ArrayList<>();
        store.refuses(batch -> true);
        recorder = new BufferedRecorder(
                store,
                lingering().build(),
                (batch, cause) -> {
                    lost.add(batch);
                    throw new io.github.workflowhistory.store.IdConflictException(
                            io.github.workflowhistory.store.IdConflictException.IdKind.LOG, List.of("l1"));
                },
                told);
        recorder.record(log("l1", "e1"));

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(lost).hasSize(1);
    }

    @Test
    void a_cause_that_fails_when_it_is_asked_costs_only_its_own_record() {
        store.reacts(batch -> {
            if (batch.changes().stream().anyMatch(change -> change.finalOutput() != null)
                    || batch.executions().stream().anyMatch(execution -> execution.finalOutput() != null)) {
                throw new HistoryStoreException(Kind.DATA, "refused", null) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new StackOverflowError("scripted");
                    }
                };
            }
        });
        start(lingering().grace(Duration.ZERO));
        for (int i = 0; i < 20; i++) {
            recorder.record(running("e" + i));
        }
        recorder.record(success("e3").withFinalOutput(Json.of("poison")));
        for (int i = 0; i < 20; i++) {
            recorder.record(log("l" + i, "e" + i));
        }
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(recorder.stats().rejected()).isEqualTo(1);
        assertThat(store.executionIds()).hasSize(20);
        assertThat(store.logIds()).hasSize(20);
    }
}
