package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopyPolicyTest {
    private static final int LARGE = CopyPolicy.LARGE;

    private final CopyPolicy policy = CopyPolicy.standard();

    /** How many large batches go the other way before one tries COPY. */
    private static int pause(CopyPolicy policy) {
        int pause = 0;
        while (!policy.permits(LARGE)) {
            pause++;
        }
        return pause;
    }

    @Test
    void large_batches_try_and_small_ones_do_not() {
        assertThat(policy.permits(LARGE)).isTrue();
        assertThat(policy.permits(LARGE - 1)).isFalse();
        assertThat(policy.permits(0)).isFalse();
    }

    @Test
    void after_a_failure_the_next_batches_do_not_try() {
        policy.failed();

        assertThat(pause(policy)).isEqualTo(8);
        assertThat(policy.permits(LARGE)).isTrue();
    }

    @Test
    void batches_that_keep_failing_try_ever_more_seldom_up_to_a_limit() {
        int attempts = 0;
        for (int batch = 0; batch < 10_000; batch++) {
            if (policy.permits(LARGE)) {
                attempts++;
                policy.failed();
            }
        }

        assertThat(attempts).isBetween(20, 30);
        assertThat(pause(policy)).isLessThanOrEqualTo(512);
    }

    @Test
    void a_success_ends_the_caution() {
        policy.failed();
        pause(policy);
        policy.failed();
        assertThat(pause(policy)).isEqualTo(16);

        policy.succeeded();
        policy.failed();

        assertThat(pause(policy)).isEqualTo(8);
    }

    @Test
    void small_batches_do_not_shorten_a_pause() {
        policy.failed();
        for (int i = 0; i < 1_000; i++) {
            policy.permits(1);
        }

        assertThat(pause(policy)).isEqualTo(8);
    }

    @Test
    void always_and_never_stay_what_they_are() {
        CopyPolicy always = CopyPolicy.always();
        CopyPolicy never = CopyPolicy.never();
        always.failed();
        never.succeeded();

        assertThat(always.permits(1)).isTrue();
        assertThat(always.permits(0)).isFalse();
        assertThat(never.permits(1_000_000)).isFalse();
    }
}
