package io.github.workflowhistory.examples.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EndUserBenchmarkTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void a_quick_run_prints_its_settings_and_a_table() {
        assertThat(run("--quick", "--executions", "1000", "--rounds", "1"))
                .as(text(err))
                .isZero();

        assertThat(text(out))
                .contains("fsync on, synchronous_commit on")
                .contains("1,000 executions, a tenth of them of the user; medians of 1 rounds")
                .contains("| recent executions, 50 ")
                .contains("| details, 10 node results, 30 logs ")
                .contains("| logs, 1,000 ")
                .contains("| insert 10,000 logs ")
                .contains("| insert 10,000 logs, no COPY ");
    }

    @Test
    void explains_itself() {
        assertThat(run("--help")).isZero();
        assertThat(text(out)).contains("--quick");

        assertThat(run("--executions", "5")).isEqualTo(2);
        assertThat(text(err))
                .isEqualTo("benchmark: --executions must be a number from 1000 on, not 5"
                        + " (--help shows the options)\n");
    }

    private int run(String... arguments) {
        return new EndUserBenchmark(printTo(out), printTo(err)).run(arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream printTo(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
