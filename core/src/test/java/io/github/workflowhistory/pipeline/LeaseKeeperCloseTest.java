package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The end of a lease keeper: it tries a last time what it was asked for, and leaves no thread and nobody waiting. */
class LeaseKeeperCloseTest extends LeaseKeeperFixture {
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
}
