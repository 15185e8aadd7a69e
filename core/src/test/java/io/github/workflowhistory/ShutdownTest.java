package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.pipeline.PipelineSettings;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How a JVM ends, and what of the history is kept then. */
@Timeout(120)
class ShutdownTest {
    private static final String READY = "ready";

    /** Records three log entries, makes the first one safe, and ends in one of several ways. */
    static final class Host {
        private Host() {}

        public static void main(String[] args) throws InterruptedException {
            ScriptedHistoryStore store = new ScriptedHistoryStore();
            store.script(batch -> batch.logs().forEach(log -> System.out.println(log.message())));
            WorkflowHistory history = WorkflowHistory.builder(store)
                    .pipeline(PipelineSettings.builder()
                            .linger(Duration.ofHours(1))
                            .build())
                    .build();
            ExecutionRun run = history.begin("workflow", null);
            run.info("first");
            history.flush(Duration.ofSeconds(30));
            run.info("second");
            run.info("third");
            System.out.println(READY);
            switch (args[0]) {
                case "return" -> {}
                case "exit" -> System.exit(0);
                case "crash" -> Runtime.getRuntime().halt(1);
                default -> new CountDownLatch(1).await();
            }
        }
    }

    @Test
    void a_jvm_that_ends_by_itself_writes_what_is_left() throws Exception {
        assertThat(outputOf("return", false)).containsExactly("first", READY, "second", "third");
        assertThat(outputOf("exit", false)).containsExactly("first", READY, "second", "third");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there it is killed, not asked")
    void a_jvm_that_is_asked_to_end_by_a_signal_writes_what_is_left() throws Exception {
        assertThat(outputOf("wait", true)).containsExactly("first", READY, "second", "third");
    }

    @Test
    void a_crash_loses_no_more_than_what_was_in_the_buffer() throws Exception {
        assertThat(outputOf("crash", false)).containsExactly("first", READY);
    }

    private static List<String> outputOf(String end, boolean signal)
            throws IOException, InterruptedException, URISyntaxException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        Host.class.getName(),
                        end)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (signal && line.equals(READY)) {
                    // Not Process.destroy, which closes the stream that is read here.
                    process.toHandle().destroy();
                }
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String classPath() throws URISyntaxException, IOException {
        List<String> paths = new ArrayList<>();
        for (URL location : CodeLocation.ofEverything()) {
            paths.add(Path.of(location.toURI()).toString());
        }
        return String.join(File.pathSeparator, paths);
    }
}
