package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaseKeeperTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final FakeLeases leases = new FakeLeases();
    private LeaseKeeper keeper;

    private LeaseKeeper start(Duration interval, Duration abandonAfter) {
        keeper = new LeaseKeeper(
                leases,
                "recorder-1",
                PipelineSettings.builder()
                        .leaseInterval(interval)
                        .abandonAfter(abandonAfter)
                        .build());
        return keeper;
    }

    /** Renews once, and then for a long time not again. */
    private LeaseKeeper startSeldom() {
        return start(Duration.ofHours(1), Duration.ZERO);
    }

    @AfterEach
    void close() {
        if (keeper != null) {
            keeper.close();
            assertThat(threads()).noneMatch(thread -> thread == keeper.thread());
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }

    // -- renewing

    @Test
    void the_lease_is_renewed_at_once_and_then_at_every_interval() throws InterruptedException {
        start(Duration.ofMillis(50), Duration.ZERO);

        leases.await("renew", 5);

        List<FakeLeases.Call> log = leases.log();
        assertThat(Duration.ofNanos(log.get(4).at() - log.get(0).at())).isGreaterThan(Duration.ofMillis(150));
        assertThat(leases.calls()).containsOnly("renew");
    }

    @Test
    void a_renewal_that_failed_is_tried_again_at_the_next_interval() throws InterruptedException {
        leases.fail(call -> true);
        start(SHORT, Duration.ZERO);
        leases.await("renew", 3);

        leases.recover();

        leases.await("renew", 6);
    }

    @Test
    void what_waits_for_the_first_renewal_goes_on_when_it_fails() {
        leases.fail(call -> true);
        startSeldom().awaitFirstRenewal();

        assertThat(leases.calls()).containsExactly("renew");
    }

    @Test
    void what_waits_for_the_first_renewal_goes_on_when_it_hangs() throws InterruptedException {
        CountDownLatch gate = leases.hold("renew"::equals);
        startSeldom();
        leases.await("renew", 1);

        long before = System.nanoTime();
        keeper.awaitFirstRenewal();
        Duration first = Duration.ofNanos(System.nanoTime() - before);
        before = System.nanoTime();
        keeper.awaitFirstRenewal();
        Duration second = Duration.ofNanos(System.nanoTime() - before);

        assertThat(first).isLessThan(Duration.ofSeconds(20));
        assertThat(second).isLessThan(Duration.ofSeconds(2));
        gate.countDown();
    }

    // -- requests

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

    // -- the dead

    @Test
    void nobody_is_abandoned_before_the_lease_was_renewed_without_a_gap_for_as_long() throws InterruptedException {
        Duration abandonAfter = Duration.ofMillis(300);
        leases.fail(call -> true);
        start(Duration.ofMillis(100), abandonAfter);
        leases.await("renew", 3);
        leases.recover();
        leases.await("end abandoned", 2);
        leases.fail("renew"::equals);
        leases.await("renew", leases.count("renew") + 2);
        leases.recover();
        leases.await("end abandoned", leases.count("end abandoned") + 2);

        Long since = null;
        for (FakeLeases.Call call : leases.log()) {
            if (call.what().equals("renew")) {
                since = !call.succeeded() ? null : since == null ? Long.valueOf(call.at()) : since;
            } else {
                assertThat(since)
                        .as("the lease is renewed when others are taken for dead")
                        .isNotNull();
                assertThat(Duration.ofNanos(call.at() - since)).isGreaterThanOrEqualTo(abandonAfter);
            }
        }
    }

    @Test
    void whoever_asks_gets_nothing_while_it_is_too_early_to_know() throws InterruptedException {
        leases.abandon("e");
        start(Duration.ofMillis(100), Duration.ZERO);
        leases.await("renew", 1);

        assertThat(keeper.endAbandoned(Duration.ofHours(1), Scope.ALL)).isEmpty();
        assertThat(leases.count("end abandoned")).isZero();
    }

    @Test
    void whoever_asks_gets_the_executions_that_were_ended() throws InterruptedException {
        leases.abandon("e", "f");
        start(SHORT, Duration.ZERO);

        while (leases.count("end abandoned") == 0) {
            leases.await("renew", leases.count("renew") + 1);
            List<String> ended = keeper.endAbandoned(Duration.ofMillis(60), Scope.ALL);
            assertThat(ended).isIn(List.of(), List.of("e", "f"));
        }
    }

    @Test
    void a_time_within_which_those_who_are_alive_look_dead_is_refused() {
        start(Duration.ofSeconds(30), Duration.ZERO);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> keeper.endAbandoned(Duration.ofSeconds(89), Scope.LEASED))
                .withMessageContaining("olderThan PT1M29S")
                .withMessageContaining("leaseInterval PT30S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keeper.endAbandoned(Duration.ofSeconds(-1), Scope.LEASED));
        assertThat(keeper.endAbandoned(Duration.ofSeconds(90), Scope.LEASED)).isEmpty();
    }

    @Test
    void settings_without_leases_are_refused() {
        PipelineSettings without = PipelineSettings.builder().withoutLeases().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LeaseKeeper(leases, "recorder-1", without))
                .withMessageContaining("without leases");
    }

    // -- the end

    @Test
    void closing_tries_a_last_time_what_was_asked_for() throws InterruptedException {
        startSeldom();
        leases.await("renew", 1);
        keeper.release("e");
        keeper.flush(LONG);
        leases.open.add("e");

        keeper.close();

        assertThat(leases.log().get(leases.log().size() - 1).what()).isEqualTo("release e");
        int before = leases.calls().size();
        keeper.takeOver("f");
        assertThat(keeper.flush(LONG)).isTrue();
        keeper.close();
        assertThat(leases.calls()).hasSize(before);
    }

    @Test
    void closing_waits_no_longer_than_it_may_and_leaves_no_thread() throws InterruptedException {
        leases.hold("release e"::equals);
        startSeldom();
        keeper.release("e");
        keeper.release("f");
        leases.await("release e", 1);

        keeper.close(Duration.ofMillis(10));

        assertThat(keeper.thread().isAlive()).isFalse();
        assertThat(leases.count("release f")).isZero();
    }

    @Test
    void an_interrupt_from_before_closing_costs_no_release_and_is_kept() throws InterruptedException {
        leases.open.addAll(Set.of("e", "f"));
        CountDownLatch gate = leases.hold("release e"::equals);
        startSeldom();
        leases.await("renew", 1);
        keeper.release("e");
        leases.await("release e", 1);
        keeper.release("f");
        AtomicBoolean flag = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            keeper.close(LONG);
            flag.set(Thread.currentThread().isInterrupted());
        });
        closer.start();
        PipelineTest.awaitWaiting(closer);
        gate.countDown();

        PipelineTest.join(closer);

        assertThat(flag).isTrue();
        assertThat(leases.count("release f")).isEqualTo(1);
        assertThat(keeper.thread().isAlive()).isFalse();
    }

    @Test
    void a_thread_that_is_interrupted_while_it_closes_gives_up_what_is_left_and_leaves_no_thread()
            throws InterruptedException {
        leases.hold("release e"::equals);
        startSeldom();
        keeper.release("e");
        leases.await("release e", 1);
        AtomicBoolean flag = new AtomicBoolean();
        AtomicBoolean isLeft = new AtomicBoolean(true);
        Thread closer = new Thread(() -> {
            keeper.close(Duration.ofHours(1));
            isLeft.set(keeper.thread().isAlive());
            flag.set(Thread.currentThread().isInterrupted());
        });
        closer.start();
        PipelineTest.awaitWaiting(closer);

        closer.interrupt();

        PipelineTest.join(closer);
        assertThat(flag).isTrue();
        assertThat(isLeft).isFalse();
    }

    @Test
    void closing_lets_go_of_whoever_waits() throws InterruptedException {
        leases.hold("renew"::equals);
        startSeldom();
        leases.await("renew", 1);
        keeper.takeOver("e");
        Thread waiting = new Thread(() -> {
            keeper.awaitFirstRenewal();
            boolean unused = keeper.flush(LONG);
        });
        waiting.start();

        keeper.close(Duration.ZERO);

        waiting.join(LONG.toMillis());
        assertThat(waiting.isAlive()).isFalse();
    }

    @Test
    void an_error_of_the_store_does_not_end_the_thread() throws InterruptedException {
        leases.fail(call -> {
            throw new StackOverflowError("once");
        });
        start(SHORT, Duration.ZERO);
        leases.recover();

        leases.await("renew", 3);
    }

    @Test
    void a_failure_that_cannot_even_be_told_does_not_end_the_thread() throws InterruptedException {
        CountDownLatch failures = new CountDownLatch(2);
        leases.fail(call -> {
            failures.countDown();
            throw new IllegalStateException() {
                private static final long serialVersionUID = 1L;

                @Override
                public String getMessage() {
                    throw new NoClassDefFoundError("com/example/Messages");
                }
            };
        });
        start(SHORT, Duration.ZERO);
        PipelineTest.await(failures);

        leases.recover();

        leases.await("renew", 2);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new HistoryStoreException(Kind.CONNECTION, "interrupted", e);
        }
    }
}
