package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MomentTest {
    private static final long SECOND = 1_000_000_000;
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");
    private static final Moment STARTED = new Moment(Long.MAX_VALUE, TIME);

    @Test
    void what_passes_while_the_machine_sleeps_has_passed() {
        assertThat(STARTED.until(moment(1, 3_600))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void a_clock_that_is_set_back_makes_nothing_shorter() {
        assertThat(STARTED.until(moment(5, -3_600))).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void time_that_passes_is_never_negative() {
        assertThat(STARTED.until(moment(-1, -1))).isZero();
        assertThat(STARTED.until(STARTED)).isZero();
    }

    private static Moment moment(long seconds, long secondsByClock) {
        // Beyond the largest number, as the nanoseconds start anywhere.
        return new Moment(STARTED.nanos() + seconds * SECOND, TIME.plusSeconds(secondsByClock));
    }
}
