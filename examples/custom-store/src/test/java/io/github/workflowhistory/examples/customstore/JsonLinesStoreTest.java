package io.github.workflowhistory.examples.customstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the contract suite cannot know: that the history is there again when the file is opened again. */
class JsonLinesStoreTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    @Test
    void what_was_recorded_is_there_when_the_file_is_opened_again() {
        Path file = folder.resolve("history.jsonl");
        HistoryBatch batch = HistoryBatch.builder()
                .add(WorkflowExecution.running("e1", "wf", UUID.randomUUID(), T0))
                .add(ExecutionChange.ended("e1", ExecutionStatus.SUCCESS, T0.plusSeconds(2))
                        .withFinalOutput(Json.parse("{\"a\": [1, null, \"ü\\u2028\"]}")))
                .add(NodeResult.of("n1", "e1", "node", NodeStatus.SUCCESS, T0.plusSeconds(1)))
                .add(new ExecutionLog("l1", "e1", "n1", LogLevel.WARN, "two\nlines", Json.NULL, T0))
                .add(ExecutionLog.of("l2", "e1", LogLevel.INFO, "no data", T0))
                .build();
        try (JsonLinesStore store = JsonLinesStore.open(file)) {
            store.record(batch);
            store.record(WorkflowExecution.queued("e2", "wf", null, T0));
            store.deleteExecution("e2");
        }

        try (JsonLinesStore store = JsonLinesStore.open(file)) {
            var details = store.findDetails("e1").orElseThrow();
            assertThat(details.execution()).isEqualTo(batch.executions().get(0));
            assertThat(details.nodeResults()).isEqualTo(batch.nodeResults());
            assertThat(details.logs()).isEqualTo(batch.logs());
            assertThat(store.findExecution("e2")).isEmpty();
        }
    }

    @Test
    void a_line_that_a_crash_cut_off_is_as_if_it_had_never_been_written() throws IOException {
        Path file = folder.resolve("history.jsonl");
        try (JsonLinesStore store = JsonLinesStore.open(file)) {
            store.record(WorkflowExecution.queued("e1", "wf", null, T0));
        }
        Files.writeString(file, "{\"executions\":[{\"id\":\"e2\",\"workf", StandardOpenOption.APPEND);

        try (JsonLinesStore store = JsonLinesStore.open(file)) {
            assertThat(store.findExecution("e1")).isPresent();
            assertThat(store.findExecution("e2")).isEmpty();
            store.record(WorkflowExecution.queued("e3", "wf", null, T0));
        }

        try (JsonLinesStore store = JsonLinesStore.open(file)) {
            assertThat(store.findExecution("e3")).isPresent();
        }
        assertThat(Files.readAllLines(file)).hasSize(2);
    }
}
