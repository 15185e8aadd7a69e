package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How a lease is renewed, and who waits for that. */
class LeaseKeeperTest extends LeaseKeeperFixture {
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

    @Test
    void settings_without_leases_are_refused() {
        PipelineSettings without = PipelineSettings.builder().withoutLeases().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LeaseKeeper(leases, "recorder-1", without))
                .withMessageContaining("without leases");
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
}
