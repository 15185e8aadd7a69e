package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StoreContactTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private final StoreContact contact = new StoreContact(INTERVAL.toNanos());
    private long nanos = Long.MAX_VALUE - Duration.ofMinutes(3).toNanos();
    private Instant time = Instant.parse("2026-01-01T00:00:00Z");

    private void renewAfter(Duration passed) {
        renewAfter(passed, passed);
    }

    private void renewAfter(Duration passed, Duration passedOnTheClock) {
        nanos += passed.toNanos();
        time = time.plus(passedOnTheClock);
        contact.renewed(nanos, time);
    }

    private void renewTimes(int times) {
        for (int i = 0; i < times; i++) {
            renewAfter(INTERVAL);
        }
    }

    private boolean lastsFor(Duration duration) {
        return contact.lastsFor(duration, nanos, time);
    }

    @Test
    void before_the_first_renewal_nothing_is_known() {
        assertThat(lastsFor(Duration.ZERO)).isFalse();
    }

    @Test
    void contact_counts_from_the_first_renewal() {
        renewTimes(10);
        assertThat(lastsFor(FIVE_MINUTES)).isFalse();

        renewTimes(1);
        assertThat(lastsFor(FIVE_MINUTES)).isTrue();
        assertThat(lastsFor(FIVE_MINUTES.plusNanos(1))).isFalse();
    }

    @Test
    void contact_goes_on_between_renewals() {
        renewTimes(10);
        nanos += INTERVAL.toNanos();

        assertThat(lastsFor(FIVE_MINUTES)).isTrue();
    }

    @Test
    void while_a_renewal_hangs_contact_is_over_although_nothing_has_failed() {
        renewTimes(20);
        nanos += Duration.ofSeconds(45).toNanos();
        assertThat(lastsFor(FIVE_MINUTES)).isTrue();

        nanos += 1;
        assertThat(lastsFor(FIVE_MINUTES)).isFalse();
        assertThat(lastsFor(Duration.ZERO)).isFalse();
    }

    @Test
    void a_machine_that_slept_since_the_last_renewal_has_no_contact() {
        renewTimes(20);
        time = time.plus(Duration.ofHours(8));

        assertThat(lastsFor(FIVE_MINUTES)).isFalse();
    }

    @Test
    void after_a_renewal_that_failed_it_starts_again() {
        renewTimes(20);
        contact.failed();
        assertThat(lastsFor(Duration.ZERO)).isFalse();

        renewTimes(10);
        assertThat(lastsFor(FIVE_MINUTES)).isFalse();
        renewTimes(1);
        assertThat(lastsFor(FIVE_MINUTES)).isTrue();
    }

    @Test
    void a_renewal_that_comes_late_is_a_gap() {
        renewTimes(20);
        renewAfter(Duration.ofSeconds(45));
        assertThat(lastsFor(FIVE_MINUTES)).isTrue();

        renewAfter(Duration.ofSeconds(45).plusNanos(1));
        assertThat(lastsFor(Duration.ofNanos(1))).isFalse();
    }

    @Test
    void a_machine_that_slept_was_away_although_its_monotonic_clock_stood_still() {
        renewTimes(20);
        renewAfter(INTERVAL, Duration.ofHours(8));

        assertThat(lastsFor(Duration.ofNanos(1))).isFalse();
    }

    @Test
    void a_clock_that_is_set_back_is_no_gap() {
        renewTimes(20);
        renewAfter(INTERVAL, Duration.ofHours(-1));

        assertThat(lastsFor(FIVE_MINUTES)).isTrue();
    }

    @Test
    void the_longest_interval_has_no_overflow() {
        StoreContact rarely = new StoreContact(Long.MAX_VALUE / 2);
        rarely.renewed(0, time);
        rarely.renewed(Long.MAX_VALUE / 2, time.plusSeconds(1));

        assertThat(rarely.lastsFor(Duration.ofDays(365 * 100), Long.MAX_VALUE / 2, time.plusSeconds(1)))
                .isTrue();
    }
}
