package io.github.workflowhistory.examples.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void a_full_run_is_the_default() {
        assertThat(Options.parse()).isEqualTo(Options.FULL);
    }

    @Test
    void what_is_said_has_precedence_over_quick_wherever_it_stands() {
        assertThat(Options.parse("--rounds", "2", "--quick", "--only", "COPY", "--only", "buffered"))
                .isEqualTo(new Options(
                        Options.QUICK.executions(),
                        Options.QUICK.longestWarmUp(),
                        2,
                        false,
                        List.of("COPY", "buffered"),
                        false));
    }

    @Test
    void refuses_what_makes_no_sense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--fast"))
                .withMessage("unknown option --fast");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds", "none"))
                .withMessage("--rounds must be a number from 1 on, not none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds", "--quick"))
                .withMessage("--rounds needs a value");
    }
}
