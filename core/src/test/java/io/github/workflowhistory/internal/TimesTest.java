package io.github.workflowhistory.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimesTest {
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void instants_are_truncated_to_microseconds_towards_the_past() {
        assertThat(Times.micros("t", Instant.parse("2026-11-24T10:00:00.123456999Z")))
                .isEqualTo(Instant.parse("2026-11-24T10:00:00.123456Z"));
        assertThat(Times.micros("t", Instant.parse("1969-12-31T23:59:59.999999999Z")))
                .isEqualTo(Instant.parse("1969-12-31T23:59:59.999999Z"));
        assertThat(Times.microsOrNull("t", null)).isNull();
    }

    @Test
    void years_from_1_to_9999_are_taken_and_others_refused() {
        Instant first = Instant.parse("0001-01-01T00:00:00Z");
        Instant last = Instant.parse("9999-12-31T23:59:59.999999999Z");

        assertThat(Times.micros("t", first)).isEqualTo(first);
        assertThat(Times.micros("t", last)).isEqualTo(last.minusNanos(999));
        for (Instant refused : new Instant[] {first.minusNanos(1), last.plusNanos(1), Instant.MIN, Instant.MAX}) {
            assertThatThrownBy(() -> Times.micros("startedAt", refused))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("startedAt must be");
        }
    }

    @Test
    void durations_have_whole_milliseconds() {
        assertThat(Times.stored(Duration.ofNanos(1_999_999), null, null)).isEqualTo(Duration.ofMillis(1));
        assertThat(Times.stored(Duration.ZERO, null, null)).isZero();
        assertThat(Times.stored(null, START, START)).isNull();
        assertThatThrownBy(() -> Times.stored(Duration.ofNanos(-1), null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("negative");
    }

    @Test
    void from_the_limit_of_the_column_on_the_timestamps_tell_the_duration() {
        Duration limit = Duration.ofMillis(Integer.MAX_VALUE);
        Duration forty = Duration.ofDays(40);

        assertThat(Times.stored(limit.minusMillis(1), START, START.plus(forty))).isEqualTo(limit.minusMillis(1));
        assertThat(Times.stored(limit, START, START.plus(forty))).isEqualTo(forty);
        assertThat(Times.stored(forty, START, START.plus(forty))).isEqualTo(forty);
        assertThat(Times.stored(forty, null, null)).isEqualTo(limit);
        assertThat(Times.stored(forty, START, null)).isEqualTo(limit);
        assertThat(Times.stored(forty, START, START.plusSeconds(1))).isEqualTo(limit);
        assertThat(Times.stored(Duration.ofSeconds(Long.MAX_VALUE), null, null)).isEqualTo(limit);
    }

    @Test
    void the_time_between_two_instants_is_never_negative() {
        assertThat(Times.between(START, START.plusNanos(1_500_000))).isEqualTo(Duration.ofMillis(1));
        assertThat(Times.between(START, START.minusSeconds(1))).isZero();
    }

    @Test
    void a_time_to_wait_can_be_added_to_the_monotonic_clock_whatever_its_length() {
        assertThat(Times.nanos(Duration.ofMillis(3))).isEqualTo(3_000_000);
        assertThat(Times.nanos(Duration.ZERO)).isZero();
        assertThat(Times.nanos(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE / 2);
        assertThat(Times.nanos(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE / 2);
        assertThat(Times.nanos(Duration.ofNanos(-1))).isZero();
        assertThat(Times.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
    }
}
