package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionRun;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the executions of a process that dies, or seems to. */
@Timeout(180)
class DeadProcessTest {
    private static final TestDatabase DATABASE =
            TestDatabase.create("dead_process").install();

    private final JdbcExecutionStore store = DATABASE.store();

    @TempDir
    private Path folder;

    @BeforeEach
    void clear() {
        DATABASE.clear();
    }

    private WorkflowHistory historyThatEndsTheAbandoned() {
        return WorkflowHistory.builder(store)
                .pipeline(PipelineSettings.builder()
                        .leaseInterval(Duration.ofMillis(500))
                        .abandonAfter(Duration.ofMillis(1_500))
                        .build())
                .build();
    }

    @Test
    void the_executions_of_a_process_that_is_killed_are_ended_and_keep_what_was_flushed() throws Exception {
        WorkflowExecution ofOthers = WorkflowExecution.running("of others", "javascript", null, Instant.EPOCH);
        store.record(ofOthers);
        try (ChildProcess child = ChildProcess.start(DATABASE, folder, "ten-executions");
                WorkflowHistory history = historyThatEndsTheAbandoned();
                ExecutionRun alive = history.begin("alive", null)) {
            Map<String, Integer> flushed = awaitProgressOfTen(child);
            child.kill();
            // What it told before it died counts as well.
            for (String line = child.nextLine(); line != null; line = child.nextLine()) {
                note(line, flushed);
            }

            Await.until("ten executions are ended", () -> abandoned().size() >= flushed.size());

            assertThat(abandoned()).containsExactlyInAnyOrderElementsOf(flushed.keySet());
            flushed.forEach(this::assertEndedWithAllThatWasFlushed);
            assertThat(executionsOf("ended"))
                    .extracting(ExecutionSummary::status)
                    .containsExactly(ExecutionStatus.SUCCESS);
            assertThat(store.findExecution("of others")).contains(ofOthers);
            assertThat(store.findExecution(alive.id()).orElseThrow().status()).isEqualTo(ExecutionStatus.RUNNING);
        }
    }

    private static Map<String, Integer> awaitProgressOfTen(ChildProcess child) throws IOException {
        Map<String, Integer> flushed = new HashMap<>();
        do {
            note(child.expectLine(), flushed);
        } while (flushed.size() < 10 || flushed.values().stream().anyMatch(last -> last < 50));
        return flushed;
    }

    /** A line is an execution and the last of its log entries that was flushed; the last line may be cut off. */
    private static void note(String line, Map<String, Integer> flushed) {
        String[] parts = line.split(" ", 2);
        if (parts.length == 2 && parts[1].endsWith("9")) {
            flushed.merge(parts[0], Integer.valueOf(parts[1]), Math::max);
        }
    }

    private void assertEndedWithAllThatWasFlushed(String id, int last) {
        WorkflowExecution execution = store.findExecution(id).orElseThrow();
        assertThat(execution.workflowId()).isEqualTo("killed");
        assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(execution.isAbandoned()).isTrue();
        assertThat(execution.error()).isEqualTo(ExecutionLeases.ABANDONED_ERROR);
        List<String> messages = messages(id);
        assertThat(messages).hasSizeGreaterThan(last);
        assertThat(messages)
                .containsExactlyElementsOf(IntStream.range(0, messages.size())
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void a_process_that_was_only_slow_brings_the_real_end_and_it_counts() throws Exception {
        try (ChildProcess child = ChildProcess.start(DATABASE, folder, "one-execution");
                WorkflowHistory history = historyThatEndsTheAbandoned()) {
            String id = child.expectLine();
            child.signal("STOP");
            Await.until("the execution is ended", () -> abandoned().contains(id));
            assertThat(history.store().findExecution(id).orElseThrow().status()).isEqualTo(ExecutionStatus.FAILED);

            child.signal("CONT");
            child.tell("end");
            assertThat(child.expectLine()).isEqualTo("closed");
            child.awaitEnd();

            assertThat(child.exitCode()).isZero();
            WorkflowExecution execution = store.findExecution(id).orElseThrow();
            assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCESS);
            assertThat(execution.isAbandoned()).isFalse();
            assertThat(execution.error()).isNull();
            assertThat(execution.finalOutput()).isEqualTo(Json.of("late, but real"));
            assertThat(messages(id)).containsExactly("still here");
        }
    }

    private List<String> messages(String id) {
        return DATABASE.query("""
                select message from public.execution_logs where execution_id = '%s' order by "timestamp", id""".formatted(id));
    }

    private List<String> abandoned() {
        return DATABASE.query("select id from public.workflow_executions where abandoned_at is not null");
    }

    private List<ExecutionSummary> executionsOf(String workflow) {
        return store.listExecutions(ExecutionQuery.all().ofWorkflow(workflow));
    }
}
