package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusedExecutionsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private final RefusedExecutions refused = new RefusedExecutions(MINUTE);

    @Test
    void an_execution_counts_as_refused_for_a_while() {
        long start = Long.MAX_VALUE - 5;
        refused.add("e", start);

        assertThat(refused.contains("e", start)).isTrue();
        assertThat(refused.contains("e", start + MINUTE.toNanos() - 1)).isTrue();
        assertThat(refused.contains("other", start)).isFalse();
        assertThat(refused.contains("e", start + MINUTE.toNanos())).isFalse();
        assertThat(refused.isEmpty()).isTrue();
    }

    @Test
    void one_that_is_recorded_anew_does_not() {
        refused.add("e", 0);
        refused.remove("e");

        assertThat(refused.contains("e", 1)).isFalse();
    }

    @Test
    void the_oldest_are_forgotten_first() {
        for (int i = 0; i <= 10_000; i++) {
            refused.add("e" + i, 0);
        }

        assertThat(refused.contains("e0", 1)).isFalse();
        assertThat(refused.contains("e1", 1)).isTrue();
        assertThat(refused.contains("e10000", 1)).isTrue();
    }
}
