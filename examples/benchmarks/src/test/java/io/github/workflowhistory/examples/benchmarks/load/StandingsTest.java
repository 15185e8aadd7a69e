package io.github.workflowhistory.examples.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StandingsTest {
    private final Rounds.Results results = new Rounds.Results();

    @Test
    void a_run_in_which_copy_binary_does_not_win_is_void() {
        results.add(Field.COPY_BINARY, 50_000);
        results.add(Field.IDEMPOTENT, 55_000);

        assertThatThrownBy(() -> new Standings(List.of(), results).requireMeaning())
                .isInstanceOf(VoidRunException.class)
                .hasMessage("COPY binary did not beat the idempotent insert, which reached 1.10 times its speed");
    }

    @Test
    void a_run_in_which_copy_binary_wins_is_not() {
        results.add(Field.COPY_BINARY, 50_000);
        results.add(Field.IDEMPOTENT, 49_000);

        assertThatCode(() -> new Standings(List.of(), results).requireMeaning()).doesNotThrowAnyException();
    }
}
