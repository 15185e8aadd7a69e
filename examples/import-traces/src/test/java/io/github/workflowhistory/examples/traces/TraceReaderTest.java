package io.github.workflowhistory.examples.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TraceReaderTest {
    private static final String GOOD = SampleTrace.create().task("a", 1).json();

    @Test
    void keeps_everything_that_was_measured() throws TraceException {
        Trace trace = read(GOOD);

        assertThat(trace.workflow()).isEqualTo("sample");
        assertThat(trace.executedAt()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(trace.about()
                        .tree()
                        .path("machines")
                        .path(0)
                        .path("nodeName")
                        .asText())
                .isEqualTo("m1");
        assertThat(trace.tasks()).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("name of a");
            assertThat(task.files()).isEqualTo(new Trace.Files(List.of("in.txt"), List.of()));
            assertThat(task.measurements())
                    .isEqualTo(Json.parse("{\"avgCPU\": 93.1, \"command\": {\"arguments\": [\"-x\", \"1\"]}}"));
        });
    }

    @Test
    void the_id_belongs_to_the_contents() throws TraceException {
        assertThat(read(GOOD).id())
                .matches("sample-[0-9a-f]{16}")
                .isEqualTo(read(GOOD).id());
        assertThat(read(GOOD + " ").id()).isNotEqualTo(read(GOOD).id());
    }

    @Test
    void version_1_6_is_1_5_with_more_optional_fields() throws TraceException {
        assertThat(read(GOOD.replace("\"1.5\"", "\"1.6\"")).tasks()).hasSize(1);
    }

    static Stream<Arguments> no_traces() {
        return Stream.of(
                Arguments.of("", "is JSON, but no trace in WfFormat: it lacks schemaVersion or workflow"),
                Arguments.of("hello", "is not JSON: "),
                Arguments.of(GOOD + "}", "is not JSON: "),
                Arguments.of("[".repeat(5_000), "is not JSON: "),
                Arguments.of("[1]", "is JSON, but no trace in WfFormat: it lacks schemaVersion or workflow"),
                Arguments.of(GOOD.replace("\"1.5\"", "\"1.4\""), "is WfFormat 1.4; this example reads 1.5 and 1.6"),
                Arguments.of(GOOD.replace("\"execution\"", "\"plan\""), "describes a workflow that has not run: "),
                Arguments.of(GOOD.replace("\"sample\"", "\" \""), "the trace has no name"),
                Arguments.of(GOOD.replace("\"2026-", "\"soon-"), "executedAt of workflow.execution: nobody can read"),
                Arguments.of(GOOD.replace("executedAt", "at"), "workflow.execution has no executedAt"),
                Arguments.of(GOOD.replace("makespanIn", "in"), "workflow.execution has no makespanInSeconds"),
                Arguments.of(GOOD.replace(": 10.0", ": -1"), "makespanInSeconds of workflow.execution must be from 0"),
                Arguments.of(GOOD.replace(": 1.0", ": -0.5"), "runtimeInSeconds of task 'a' must be from 0"),
                Arguments.of(GOOD.replace(": 1.0", ": 1e999999"), "runtimeInSeconds of task 'a' must be from 0"),
                Arguments.of(GOOD.replace("[\"in.txt\"]", "\"in.txt\""), "task 'a' has no list of inputFiles"),
                Arguments.of(GOOD.replace("[\"in.txt\"]", "[1]"), "inputFiles of task 'a' must be texts, not 1"),
                Arguments.of(SampleTrace.create().json(), "has no tasks"),
                Arguments.of(
                        SampleTrace.create().described("a").json(),
                        "task 'a' has no entry in workflow.execution.tasks"),
                Arguments.of(
                        SampleTrace.create().run("a", 1, "").json(),
                        "task 'a' ran, but has no entry in workflow.specification.tasks"),
                Arguments.of(
                        SampleTrace.create().task("a", 1).described("a").json(),
                        "task 'a' has several entries in workflow.specification.tasks"),
                Arguments.of(
                        SampleTrace.create().task("a", 1).run("a", 1, "").json(),
                        "task 'a' has several entries in workflow.execution.tasks"));
    }

    @ParameterizedTest
    @MethodSource("no_traces")
    void what_is_no_trace_is_refused_with_the_reason(String text, String reason) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(TraceException.class).hasMessageStartingWith(reason);
    }

    @Test
    void a_file_that_cannot_be_read_is_refused() {
        assertThatThrownBy(() -> TraceReader.read(Path.of("no/such/file.json")))
                .isInstanceOf(TraceException.class)
                .hasMessage("cannot be read: NoSuchFileException");
    }

    private static Trace read(String text) throws TraceException {
        return TraceReader.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
