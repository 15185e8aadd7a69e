package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a recorder asks for single executions: to take them over, to let go of them, and to have that done by a time. */
class LeaseRequestsTest extends LeaseKeeperFixture {
    @Test
    void executions_are_taken_over_and_released_without_waiting_for_the_interval() {
        leases.open.addAll(Set.of("e", "f"));
        startSeldom();
        keeper.takeOver("e");
        keeper.release("f");

        assertThat(keeper.flush(LONG)).isTrue();

        assertThat(leases.calls()).containsExactlyInAnyOrder("renew", "take over e", "release f");
    }

    @Test
    void a_request_is_repeated_until_the_execution_exists() throws InterruptedException {
        start(SHORT, Duration.ZERO);
        keeper.takeOver("late");
        leases.await("take over late", 3);

        leases.open.add("late");
        assertThat(keeper.flush(LONG)).isTrue();

        int tries = leases.count("take over late");
        leases.await("renew", leases.count("renew") + 3);
        assertThat(leases.count("take over late")).isEqualTo(tries);
    }

    @Test
    void a_request_for_an_execution_that_never_comes_is_given_up() throws InterruptedException {
        startSeldom();
        keeper.takeOver("never");

        int tries = 0;
        while (leases.count("take over never") > tries || tries == 0) {
            tries = leases.count("take over never");
            assertThat(keeper.flush(LONG)).isTrue();
        }

        assertThat(tries).isEqualTo(20);
    }

    @Test
    void what_is_asked_for_an_execution_is_forgotten_when_it_ends() throws InterruptedException {
        CountDownLatch gate = leases.hold("take over ended"::equals);
        startSeldom();
        keeper.takeOver("ended");
        leases.await("take over ended", 1);

        keeper.forget("ended");
        gate.countDown();
        keeper.takeOver("other");

        assertThat(keeper.flush(LONG)).isTrue();
        assertThat(keeper.flush(LONG)).isTrue();
        assertThat(leases.count("take over ended")).isEqualTo(1);
    }

    @Test
    void an_execution_that_is_taken_over_and_let_go_of_at_once_comes_out_of_the_lease_of_whoever_had_it() {
        leases.open.add("e");
        CountDownLatch gate = leases.hold("renew"::equals);
        startSeldom();
        keeper.takeOver("e");
        keeper.release("e");
        gate.countDown();

        assertThat(keeper.flush(LONG)).isTrue();

        assertThat(leases.calls()).containsExactly("renew", "take over e", "release e");
    }

    @Test
    void an_execution_that_is_let_go_of_and_taken_over_again_is_not_released() {
        leases.open.add("e");
        CountDownLatch gate = leases.hold("renew"::equals);
        startSeldom();
        keeper.release("e");
        keeper.takeOver("e");
        gate.countDown();

        assertThat(keeper.flush(LONG)).isTrue();

        assertThat(leases.calls()).containsExactly("renew", "take over e");
    }

    @Test
    void an_execution_is_not_released_before_what_was_recorded_for_it_has_arrived() {
        leases.open.add("e");
        startSeldom();
        CountDownLatch store = new CountDownLatch(1);
        try (BufferedRecorder recorder = new BufferedRecorder(
                batch -> awaitUninterruptibly(store), PipelineSettings.defaults(), (lost, cause) -> {})) {
            recorder.record(ExecutionChange.running("e", Instant.EPOCH).withRecorderId("recorder-1"));
            keeper.release("e", recorder);

            assertThat(keeper.flush(LONG)).isTrue();
            assertThat(leases.count("release e")).isZero();

            store.countDown();
            assertThat(recorder.flush(LONG)).isTrue();
            assertThat(keeper.flush(LONG)).isTrue();
            assertThat(leases.count("release e")).isEqualTo(1);

            recorder.record(WorkflowExecution.queued("f", "wf", null, Instant.EPOCH));
        }
    }

    @Test
    void a_flush_that_the_store_refuses_says_so() throws InterruptedException {
        leases.open.add("e");
        leases.fail("take over e"::equals);
        startSeldom();
        leases.await("renew", 1);
        keeper.takeOver("e");

        assertThat(keeper.flush(LONG)).isFalse();

        leases.recover();
        assertThat(keeper.flush(LONG)).isTrue();
        assertThat(keeper.flush(Duration.ZERO)).isTrue();
    }

    @Test
    void a_flush_waits_no_longer_than_it_may() throws InterruptedException {
        CountDownLatch gate = leases.hold("renew"::equals);
        startSeldom();
        leases.await("renew", 1);
        keeper.takeOver("e");

        assertThat(keeper.flush(Duration.ZERO)).isFalse();
        assertThat(keeper.flush(Duration.ofMillis(10))).isFalse();
        gate.countDown();
    }

    @Test
    void an_execution_that_cannot_be_taken_over_keeps_neither_others_nor_the_lease_waiting()
            throws InterruptedException {
        leases.open.addAll(Set.of("bad", "good"));
        leases.fail("take over bad"::equals);
        start(SHORT, Duration.ZERO);
        keeper.takeOver("bad");
        leases.await("take over bad", 1);
        keeper.takeOver("good");

        leases.await("take over good", 1);
        leases.await("renew", leases.count("renew") + 2);

        leases.recover();
        leases.await("take over bad", leases.count("take over bad") + 1);
    }

    @Test
    void while_the_lease_cannot_be_renewed_requests_wait() throws InterruptedException {
        leases.fail(call -> true);
        start(SHORT, Duration.ZERO);
        leases.await("renew", 1);
        for (int i = 0; i < 100; i++) {
            leases.open.add("e" + i);
            keeper.takeOver("e" + i);
        }
        leases.await("renew", 4);
        assertThat(leases.calls()).containsOnly("renew");

        leases.recover();

        leases.await("take over e99", 1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new HistoryStoreException(Kind.CONNECTION, "interrupted", e);
        }
    }
}
