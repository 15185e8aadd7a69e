package io.github.workflowhistory.examples.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoadBenchmarkTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Whether such a tiny run means anything is up to the machine; that it is complete is not. */
    @Test
    void a_quick_run_prints_its_settings_and_a_table() {
        int exitCode = run("--quick", "--executions", "10", "--rounds", "1");

        assertThat(text(out))
                .contains("fsync on, synchronous_commit on")
                .contains("1 batch, 0 dead rows")
                .contains("| one INSERT a commit ")
                .contains("| library, buffered ")
                .contains(" ms: library, synchronous");
        assertThat(text(err)).contains("warm-up: ", "round 1 of 1: library, buffered: ");
        if (exitCode == 0) {
            assertThat(text(out)).doesNotContain("VOID");
        } else {
            assertThat(text(out)).endsWith("times its speed\n").contains("VOID: COPY binary did not beat");
        }
    }

    @Test
    void explains_itself() {
        assertThat(run("--help")).isZero();
        assertThat(text(out)).contains("--quick");

        assertThat(run("--fast")).isEqualTo(2);
        assertThat(text(err)).isEqualTo("benchmark: unknown option --fast (--help shows the options)\n");
    }

    private int run(String... arguments) {
        return new LoadBenchmark(printTo(out), printTo(err)).run(arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream printTo(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
