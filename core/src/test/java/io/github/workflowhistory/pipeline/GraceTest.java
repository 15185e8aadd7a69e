package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records whose execution is not there (yet): a short grace, in which others go on. */
class GraceTest extends PipelineTest {

    @BeforeEach
    void the_store_insists_on_parents() {
        store.checksParents();
    }

    @Test
    void what_comes_before_its_execution_is_written_in_order_when_another_process_has_recorded_it() {
        start(eager().grace(LONG));
        recorder.record(log("l1", "late"));
        store.awaitAttempts(1);
        recorder.record(running("other"));
        recorder.record(log("l2", "late"));
        recorder.record(log("o1", "other"));
        store.awaitWritten(1);
        assertThat(recorder.flush(Duration.ZERO)).isFalse();
        assertThat(recorder.stats().inFlight()).isPositive();
        assertBalanced(recorder.stats());

        store.create("late");

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.logIds("late")).containsExactly("l1", "l2");
        assertThat(store.logIds("other")).containsExactly("o1");
        assertThat(told.rejections()).isEmpty();
    }

    @Test
    void the_execution_itself_ends_the_wait_at_once() {
        start(eager().grace(LONG));
        recorder.record(log("l1", "late"));
        recorder.record(success("late"));
        store.awaitAttempts(1);
        recorder.record(running("late"));

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.executionIds()).containsExactly("late");
        assertThat(store.logIds()).containsExactly("l1");
        assertThat(recorder.stats().stored()).isEqualTo(3);
    }

    @Test
    void after_the_grace_everything_of_the_execution_is_refused_and_the_store_is_not_asked_again() {
        start(lingering().grace(Duration.ofMillis(20)));
        recorder.record(log("l1", "gone"));
        assertThat(recorder.flush(LONG)).isTrue();
        int attempts = store.attempts().size();
        recorder.record(log("l2", "gone"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(told.rejectedLogIds()).containsExactly("l1", "l2");
        assertThat(told.rejections())
                .allSatisfy(rejection -> assertThat(rejection.cause())
                        .isInstanceOf(UnknownExecutionException.class)
                        .hasMessageContaining("gone"));
        assertThat(store.attempts()).hasSize(attempts);
    }

    @Test
    void without_grace_it_is_refused_at_once() {
        start(lingering().grace(Duration.ZERO));
        recorder.record(log("l1", "gone"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(told.rejectedLogIds()).containsExactly("l1");
    }

    @Test
    void an_execution_that_comes_after_its_grace_is_recorded_all_the_same() {
        start(lingering().grace(Duration.ZERO));
        recorder.record(log("too early", "late"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(told.rejectedLogIds()).containsExactly("too early");

        recorder.record(running("late"));
        recorder.record(log("l1", "late"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.executionIds()).containsExactly("late");
        assertThat(store.logIds()).containsExactly("l1");
        assertThat(recorder.stats().rejected()).isEqualTo(1);
    }

    @Test
    void an_execution_that_is_deleted_with_a_thousand_records_to_come_harms_no_other() {
        start(eager().batchSize(50).grace(Duration.ofMillis(50)));
        recorder.record(running("deleted"));
        recorder.record(running("living"));
        assertThat(recorder.flush(LONG)).isTrue();
        store.delete("deleted");
        for (int i = 0; i < 1_000; i++) {
            recorder.record(log("d" + i, "deleted"));
            recorder.record(log("l" + i, "living"));
        }
        recorder.record(success("deleted"));
        recorder.record(success("living"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(recorder.stats().rejected()).isEqualTo(1_001);
        assertThat(told.rejectedLogIds()).hasSize(1_000).doesNotHaveDuplicates();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            expected.add("l" + i);
        }
        assertThat(store.logIds("living")).containsExactlyElementsOf(expected);
        assertThat(store.changeOf("living")).isNotNull();
        assertThat(store.executionIds()).as("never resurrected").containsExactlyInAnyOrder("deleted", "living");
    }

    @Test
    void a_thousand_executions_that_are_gone_are_tried_together_and_not_one_by_one() {
        start(lingering().grace(Duration.ofMillis(10)));
        for (int i = 0; i < 1_000; i++) {
            recorder.record(log("l" + i, "gone-" + i));
        }
        recorder.record(running("living"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(recorder.stats().rejected()).isEqualTo(1_000);
        assertThat(store.executionIds()).containsExactly("living");
        assertThat(store.attempts()).hasSizeLessThan(20);
    }

    @Test
    void the_end_of_the_outage_that_hit_in_the_middle_of_the_grace_is_waited_for() {
        start(eager().grace(LONG));
        recorder.record(log("l1", "late"));
        store.awaitAttempts(1);
        store.failsWith(ScriptedStore.failure(Kind.CONNECTION), ScriptedStore.failure(Kind.CONNECTION));
        store.create("late");

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.logIds()).containsExactly("l1");
    }

    @Test
    void poison_among_what_waits_costs_no_neighbour() {
        start(eager().grace(LONG));
        recorder.record(log("l1", "late"));
        recorder.record(log("bad", "late"));
        recorder.record(log("l3", "late"));
        store.awaitAttempts(1);
        store.refuses(batch -> batch.logs().stream().anyMatch(log -> log.id().equals("bad")));
        store.create("late");

        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.logIds()).containsExactly("l1", "l3");
        assertThat(told.rejectedLogIds()).containsExactly("bad");
    }

    @Test
    void what_waits_counts_against_the_capacity() {
        start(eager().capacityBytes(64 << 10).batchSize(100).grace(LONG).maxBlock(Duration.ZERO));
        for (int i = 0; recorder.stats().dropped() == 0; i++) {
            recorder.record(log("l" + i, "late"));
            assertThat(i).isLessThan(1_000);
        }
        store.create("late");
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(told.rejections()).isEmpty();
    }

    @Test
    void no_more_than_ten_thousand_executions_are_remembered_as_refused() {
        start(lingering().grace(Duration.ZERO).capacityBytes(256 << 20));
        for (int i = 0; i < 10_001; i++) {
            recorder.record(log("l" + i, "gone-" + i));
        }
        assertThat(recorder.flush(LONG)).isTrue();
        int attempts = store.attempts().size();
        recorder.record(log("remembered", "gone-10000"));
        assertThat(recorder.flush(LONG)).isTrue();
        assertThat(store.attempts()).hasSize(attempts);

        recorder.record(log("forgotten", "gone-0"));
        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.attempts()).hasSizeGreaterThan(attempts);
        assertThat(recorder.stats().rejected()).isEqualTo(10_003);
    }

    @Test
    void closing_tries_once_more_and_refuses_what_is_still_without_its_execution() {
        start(eager().grace(Duration.ofHours(1)));
        recorder.record(log("l1", "never"));
        recorder.record(log("l2", "late"));
        store.awaitAttempts(1);
        store.create("late");

        recorder.close();

        assertThat(store.logIds()).containsExactly("l2");
        assertThat(told.rejectedLogIds()).containsExactly("l1");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 50})
    void what_cannot_be_tried_together_is_refused_all_the_same_when_its_grace_is_over(long millis) {
        start(lingering().grace(Duration.ofMillis(millis)));
        recorder.record(log("same", "never-1"));
        recorder.record(log("same", "never-2"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(told.rejectedLogIds()).containsExactly("same", "same");
        assertThat(told.rejections())
                .allSatisfy(rejection -> assertThat(rejection.cause()).isInstanceOf(UnknownExecutionException.class));
    }

    @Test
    void closing_refuses_what_cannot_be_tried_together() {
        start(eager().grace(Duration.ofHours(1)));
        recorder.record(log("same", "never-1"));
        recorder.record(log("same", "never-2"));
        store.awaitAttempts(2);

        recorder.close();

        assertThat(told.rejectedLogIds()).containsExactly("same", "same");
        assertThat(recorder.stats().inFlight()).isZero();
    }

    @Test
    void closing_refuses_what_waits_when_its_last_attempt_fails_for_another_reason() {
        start(eager().grace(Duration.ofHours(1)));
        recorder.record(log("l1", "never"));
        recorder.record(log("l2", "never"));
        store.awaitAttempts(1);
        awaitWaiting(store.writers().iterator().next());
        AtomicBoolean isFirst = new AtomicBoolean(true);
        store.reacts(batch -> {
            if (batch.size() == 2 && isFirst.getAndSet(false)) {
                throw ScriptedStore.failure(Kind.TIMEOUT);
            }
        });

        recorder.close();

        assertThat(told.rejectedLogIds()).containsExactly("l1", "l2");
    }

    @Test
    void what_waits_is_refused_with_its_execution() {
        start(eager().grace(Duration.ofHours(1)));
        recorder.record(log("l1", "bad"));
        store.awaitAttempts(1);
        store.refuses(batch -> !batch.executions().isEmpty());
        recorder.record(running("bad"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(told.rejectedExecutionIds()).containsExactly("bad");
        assertThat(told.rejectedLogIds()).containsExactly("l1");
    }

    @Test
    void the_order_is_kept_when_its_execution_appears_while_a_batch_is_taken_apart() {
        AtomicInteger attempts = new AtomicInteger();
        store.reacts(batch -> {
            switch (attempts.incrementAndGet()) {
                case 1 -> throw ScriptedStore.failure(Kind.TIMEOUT);
                case 2 -> {
                    // The first half comes too early.
                }
                default -> store.create("late");
            }
        });
        start(lingering().grace(LONG));
        recorder.record(log("l1", "late"));
        recorder.record(log("l2", "late"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.logIds()).containsExactly("l1", "l2");
        assertThat(told.rejections()).isEmpty();
    }

    @Test
    void what_stands_before_its_execution_is_kept_when_their_batch_is_taken_apart() {
        store.refuses(batch -> batch.logs().stream().anyMatch(log -> log.id().equals("bad")));
        start(lingering().grace(Duration.ZERO));
        recorder.record(log("l1", "e1"));
        recorder.record(running("e1"));
        recorder.record(log("bad", "e1"));

        assertThat(recorder.flush(LONG)).isTrue();

        assertThat(store.executionIds()).containsExactly("e1");
        assertThat(store.logIds()).containsExactly("l1");
        assertThat(told.rejectedLogIds()).containsExactly("bad");
    }
}
