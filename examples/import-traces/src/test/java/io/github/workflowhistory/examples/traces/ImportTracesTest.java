package io.github.workflowhistory.examples.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.testkit.InMemoryExecutionStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTracesTest {
    private static final SampleTrace DIAMOND = SampleTrace.create()
            .task("end", 0, "left", "right")
            .task("left", 0, "start")
            .task("right", 1.5, "start")
            .task("start", 0.25);

    private final InMemoryExecutionStore store = new InMemoryExecutionStore();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @Test
    void records_a_folder_of_traces_on_their_own_time_line_and_verifies_them() throws Exception {
        write("a.json", DIAMOND.json());
        write(
                "deeper/b.json",
                SampleTrace.create()
                        .executedAt("03-23-21T05:57:15Z")
                        .task("x", 1)
                        .json());
        write("LICENSE", "not looked at");

        assertThat(importAll(folder)).isZero();

        assertThat(output()).contains("2 executions, 5 node results, 5 logs: all verified");
        assertThat(errors()).isEmpty();
        ExecutionDetails diamond = store.findDetails(DIAMOND.read().id()).orElseThrow();
        assertThat(diamond.execution().startedAt()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(diamond.execution().completedAt()).isEqualTo("2026-01-02T03:04:15Z");
        // Tasks that took no time finish together with their parents, and still come after them.
        assertThat(diamond.nodeResults())
                .extracting(NodeResult::nodeId)
                .containsExactly("start", "left", "right", "end");
    }

    @Test
    void importing_again_changes_nothing() throws Exception {
        Path file = write("a.json", DIAMOND.json());
        importAll(file);
        ExecutionDetails before = store.findDetails(DIAMOND.read().id()).orElseThrow();

        assertThat(importAll(file)).isZero();

        assertThat(output())
                .contains("1 execution, 4 node results, 4 logs: all verified")
                .contains("There before, and unchanged: 1 execution");
        assertThat(store.findDetails(DIAMOND.read().id())).contains(before);
        assertThat(store.listExecutions(ExecutionQuery.all())).hasSize(1);
    }

    @Test
    void what_is_no_trace_gets_one_line_and_does_not_stop_the_rest() throws Exception {
        Path notes = write("notes.json", "{\"title\": \"notes\"}");
        Path good = write("z.json", DIAMOND.json());
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path tooLong = write("long.json", DIAMOND.json().replace("sample", "s".repeat(600)));

        assertThat(importAll(notes, empty, folder.resolve("missing"), tooLong, good))
                .isEqualTo(1);

        assertThat(errors().lines())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).startsWith(notes + ": is JSON, but no trace in WfFormat"))
                .anySatisfy(line -> assertThat(line).isEqualTo(empty + ": has no .json file in it"))
                .anySatisfy(line -> assertThat(line).endsWith("missing: does not exist"))
                .anySatisfy(line -> assertThat(line).startsWith(tooLong + ": cannot be recorded: "));
        assertThat(output()).contains("4 refused").contains("1 execution, 4 node results, 4 logs: all verified");
    }

    @Test
    void a_copy_of_a_trace_is_not_counted_twice() throws Exception {
        Path first = write("a.json", DIAMOND.json());
        Path copy = write("b.json", DIAMOND.json());

        assertThat(importAll(folder)).isZero();

        assertThat(output()).contains("1 execution, 4 node results");
        assertThat(errors()).isEqualTo(copy + ": is the same trace as " + first + ", and is left out\n");
    }

    @Test
    void each_difference_is_listed() throws Exception {
        Path file = write("a.json", DIAMOND.json());
        Trace trace = DIAMOND.read();
        // Somebody else took the ids before, with another result of the first task and a result of no task.
        store.record(WorkflowExecution.running(trace.id(), trace.workflow(), null, trace.executedAt()));
        store.record(NodeResult.of(
                trace.id() + "/000000",
                trace.id(),
                "start",
                NodeStatus.FAILED,
                trace.executedAt().plusSeconds(5)));
        store.record(NodeResult.of("stray", trace.id(), "stray", NodeStatus.SUCCESS, trace.executedAt()));

        assertThat(importAll(file)).isEqualTo(1);

        assertThat(output()).contains("differences in 1 execution");
        assertThat(errors().lines())
                .allSatisfy(line -> assertThat(line).startsWith(file + ": "))
                .anySatisfy(line -> assertThat(line).contains("number of node results: the trace says 4, the store 5"))
                .anySatisfy(line -> assertThat(line).contains("status of task 'start': the trace says SUCCESS"))
                .anySatisfy(line -> assertThat(line).contains("task 'left' does not come after its parent 'start'"));
    }

    @Test
    void a_trace_that_is_larger_than_a_batch_is_recorded_in_several() throws Exception {
        SampleTrace large = SampleTrace.create();
        for (int i = 0; i < 2_500; i++) {
            large.task("task" + i, 0.001);
        }
        assertThat(TraceHistory.batches(large.read())).hasSize(3);

        assertThat(importAll(write("large.json", large.json()))).isZero();

        assertThat(output()).contains("1 execution, 2,500 node results, 2,500 logs: all verified");
    }

    @Test
    void records_into_an_embedded_server() throws Exception {
        write("a.json", DIAMOND.json());

        int exitCode = ImportTraces.run(printTo(out), printTo(err), folder.toString());

        assertThat(errors()).isEmpty();
        assertThat(output()).contains("embedded", "1 execution, 4 node results, 4 logs: all verified");
        assertThat(exitCode).isZero();
    }

    @Test
    void explains_itself() {
        assertThat(ImportTraces.run(printTo(out), printTo(err), "--help")).isZero();
        assertThat(output()).contains("--jdbc-url");

        assertThat(ImportTraces.run(printTo(out), printTo(err))).isEqualTo(2);
        assertThat(errors())
                .isEqualTo("import-traces: name a file or a folder with traces (--help shows the options)\n");
    }

    private int importAll(Path... paths) {
        out.reset();
        err.reset();
        return new ImportTraces(store, printTo(out), printTo(err)).importAll(List.of(paths));
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream printTo(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
