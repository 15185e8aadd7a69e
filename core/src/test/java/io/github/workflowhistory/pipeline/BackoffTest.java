package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {
    private final Random random = new Random(42);

    @ParameterizedTest
    @CsvSource({
        "CONTENTION, 1, 1, 2",
        "CONTENTION, 4, 8, 16",
        "STALE_STATEMENT, 1, 1, 2",
        "CONNECTION, 1, 25, 50",
        "CONNECTION, 2, 50, 100",
        "CONNECTION, 7, 1600, 3200",
        "CONNECTION, 8, 2500, 5000",
        "UNKNOWN, 3, 100, 200",
        "RESOURCES, 1, 250, 500",
        "CONFIGURATION, 2, 500, 1000",
        "TIMEOUT, 6, 2500, 5000"
    })
    void the_pause_doubles_up_to_five_seconds_and_is_drawn_from_its_upper_half(
            Kind kind, int failures, long least, long most) {
        for (int i = 0; i < 1_000; i++) {
            assertThat(Backoff.pause(kind, failures, random))
                    .isBetween(Duration.ofMillis(least), Duration.ofMillis(most));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void any_number_of_failures_gives_five_seconds_at_most(Kind kind) {
        for (int failures : new int[] {20, 31, 32, 33, 63, 64, 65, 1_000_000, Integer.MAX_VALUE}) {
            assertThat(Backoff.pause(kind, failures, random))
                    .isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(5));
        }
    }

    @Test
    void writers_do_not_come_back_at_the_same_moment() {
        Set<Duration> pauses = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            pauses.add(Backoff.pause(Kind.RESOURCES, 1, random));
        }
        assertThat(pauses).hasSizeGreaterThan(50);
    }
}
