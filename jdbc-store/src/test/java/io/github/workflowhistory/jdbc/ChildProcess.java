package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** Another JVM that records into the database of a test. */
final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final Path errors;

    private ChildProcess(Process process, Path errors) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.errors = errors;
    }

    /**
     * Starts one.
     *
     * @param what which of the things to do that {@link RecordingChild} knows, and what it needs for that
     */
    static ChildProcess start(TestDatabase database, Path folder, String... what) throws IOException {
        Path errors = folder.resolve("child-" + String.join("-", what) + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                RecordingChild.class.getName());
        builder.command().addAll(List.of(what));
        PGSimpleDataSource dataSource = database.dataSource();
        builder.environment().put(RecordingChild.URL, dataSource.getURL());
        put(builder, RecordingChild.USER, dataSource.getUser());
        put(builder, RecordingChild.PASSWORD, dataSource.getPassword());
        builder.redirectError(errors.toFile());
        return new ChildProcess(builder.start(), errors);
    }

    private static void put(ProcessBuilder builder, String name, String value) {
        if (value != null) {
            builder.environment().put(name, value);
        }
    }

    /** What this JVM runs with, whether as modules or not. The tests are patched into the module, so no property names them. */
    private static String classPath() {
        List<String> parts = new ArrayList<>();
        parts.add(testClasses().toString());
        Stream.of("jdk.module.path", "java.class.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .forEach(parts::add);
        return String.join(File.pathSeparator, parts);
    }

    private static Path testClasses() {
        String name = RecordingChild.class.getName().replace('.', '/') + ".class";
        URL url = Objects.requireNonNull(RecordingChild.class.getResource("RecordingChild.class"));
        try {
            String location = url.toURI().toString();
            return Path.of(new URI(location.substring(0, location.length() - name.length())));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next line that it writes, or null when it has ended. */
    String nextLine() {
        try {
            return output.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line that it writes; it must not end before. */
    String expectLine() throws IOException {
        String line = nextLine();
        assertThat(line).as("the child has ended: %s", Files.readString(errors)).isNotNull();
        return line;
    }

    void tell(String command) throws IOException {
        Writer input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(command + "\n");
        input.flush();
    }

    /** SIGKILL: nothing in it runs any more. What it has written can still be read. */
    void kill() throws InterruptedException {
        // Process.destroyForcibly would close the streams.
        assertThat(process.toHandle().destroyForcibly())
                .as("the child is killed")
                .isTrue();
        awaitEnd();
    }

    void awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("the child has ended")
                .isTrue();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** SIGSTOP, SIGCONT; skips the test where there is no such thing. */
    void signal(String signal) throws IOException, InterruptedException {
        Process kill;
        try {
            kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "this system has no command kill: " + e.getMessage());
            return;
        }
        assertThat(kill.waitFor()).as("kill -%s", signal).isZero();
    }

    /** Never leaves one behind. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
