package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.workflowhistory.store.ExecutionLeases.Scope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When other recorders are taken for dead: not before this one has renewed its own lease for as long without a gap. */
class AbandonedSweepTest extends LeaseKeeperFixture {
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
}
