package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.store.ExecutionChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The records bring every value into the form in which a store holds it. */
class DomainRecordsTest {
    private static final Instant FINE = Instant.parse("2026-11-24T10:00:00.123456789Z");
    private static final Instant MICROS = Instant.parse("2026-11-24T10:00:00.123456Z");
    private static final UUID USER = UUID.fromString("00000000-0000-0000-0000-000000000001");

    private static WorkflowExecution execution(Duration duration) {
        return new WorkflowExecution(
                "e", "w", USER, ExecutionStatus.FAILED, FINE, FINE, duration, Json.NULL, "a\u0000b", FINE, "r", FINE);
    }

    @Test
    void an_execution_is_normalised() {
        WorkflowExecution execution = execution(Duration.ofNanos(1_500_000));

        assertThat(execution)
                .isEqualTo(new WorkflowExecution(
                        "e",
                        "w",
                        USER,
                        ExecutionStatus.FAILED,
                        MICROS,
                        MICROS,
                        Duration.ofMillis(1),
                        Json.NULL,
                        "a\uFFFDb",
                        MICROS,
                        "r",
                        MICROS));
        assertThat(execution.isAbandoned()).isTrue();
        assertThat(execution.withRecorderId("other").recorderId()).isEqualTo("other");
        assertThatThrownBy(() -> execution(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_summary_is_the_execution_without_its_payload() {
        ExecutionSummary summary = execution(Duration.ofMillis(1)).summary();

        assertThat(summary)
                .isEqualTo(new ExecutionSummary(
                        "e",
                        "w",
                        USER,
                        ExecutionStatus.FAILED,
                        FINE,
                        FINE,
                        Duration.ofNanos(1_999_999),
                        "a\u0000b",
                        FINE,
                        FINE));
    }

    @Test
    void queued_and_running_executions_have_what_their_state_has() {
        assertThat(WorkflowExecution.queued("e", "w", null, FINE))
                .isEqualTo(new WorkflowExecution(
                        "e", "w", null, ExecutionStatus.QUEUED, null, null, null, null, null, MICROS, null, null));
        assertThat(WorkflowExecution.running("e", "w", USER, FINE))
                .isEqualTo(new WorkflowExecution(
                        "e", "w", USER, ExecutionStatus.RUNNING, MICROS, null, null, null, null, MICROS, null, null));
    }

    @Test
    void a_node_result_is_normalised() {
        NodeResult result = new NodeResult(
                "n",
                "e",
                "node",
                "na\uD83Dme",
                NodeStatus.FAILED,
                null,
                "\u0000",
                FINE,
                FINE,
                Duration.ofNanos(999_999),
                2);

        assertThat(result)
                .isEqualTo(new NodeResult(
                        "n",
                        "e",
                        "node",
                        "na\uFFFDme",
                        NodeStatus.FAILED,
                        null,
                        "\uFFFD",
                        MICROS,
                        MICROS,
                        Duration.ZERO,
                        2));
        assertThat(NodeResult.of("n", "e", "node", NodeStatus.SKIPPED, FINE).nodeName())
                .isEqualTo("node");
    }

    @Test
    void a_node_result_counts_attempts_from_1() {
        assertThatThrownBy(() ->
                        new NodeResult("n", "e", "node", "name", NodeStatus.FAILED, null, null, null, FINE, null, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("attempt");
    }

    @Test
    void a_log_entry_is_normalised() {
        ExecutionLog log = new ExecutionLog("l", "e", "run", LogLevel.WARN, "a\u0000b", null, FINE);

        assertThat(log.message()).isEqualTo("a\uFFFDb");
        assertThat(log.timestamp()).isEqualTo(MICROS);
        assertThat(ExecutionLog.of("l", "e", LogLevel.INFO, "", FINE).nodeRunId())
                .isNull();
    }

    @Test
    void an_id_that_breaks_the_rule_is_refused_in_every_place() {
        for (String bad : new String[] {" ", "a\u0000", "x".repeat(513)}) {
            List<Runnable> places = List.of(
                    () -> WorkflowExecution.queued(bad, "w", null, FINE),
                    () -> WorkflowExecution.queued("e", bad, null, FINE),
                    () -> execution(null).withRecorderId(bad),
                    () -> NodeResult.of(bad, "e", "n", NodeStatus.SUCCESS, FINE),
                    () -> NodeResult.of("r", bad, "n", NodeStatus.SUCCESS, FINE),
                    () -> NodeResult.of("r", "e", bad, NodeStatus.SUCCESS, FINE),
                    () -> ExecutionLog.of(bad, "e", LogLevel.INFO, "m", FINE),
                    () -> ExecutionLog.of("l", bad, LogLevel.INFO, "m", FINE),
                    () -> new ExecutionLog("l", "e", bad, LogLevel.INFO, "m", null, FINE),
                    () -> ExecutionChange.running(bad, FINE),
                    () -> ExecutionChange.running("e", FINE).withRecorderId(bad));
            assertThat(places)
                    .allSatisfy(place -> assertThatThrownBy(place::run).isInstanceOf(IllegalArgumentException.class));
        }
    }

    @Test
    void what_must_be_there_is_named_when_it_is_null() {
        assertThatThrownBy(() -> WorkflowExecution.queued("e", "w", null, null)).hasMessageContaining("createdAt");
        assertThatThrownBy(() -> NodeResult.of("r", "e", "n", null, FINE)).hasMessageContaining("status");
        assertThatThrownBy(() -> NodeResult.of("r", "e", "n", NodeStatus.SUCCESS, null))
                .hasMessageContaining("finishedAt");
        assertThatThrownBy(() -> ExecutionLog.of("l", "e", null, "m", FINE)).hasMessageContaining("level");
        assertThatThrownBy(() -> ExecutionLog.of("l", "e", LogLevel.INFO, null, FINE))
                .hasMessageContaining("message");
        assertThatThrownBy(() -> ExecutionLog.of("l", "e", LogLevel.INFO, "m", null))
                .hasMessageContaining("timestamp");
    }

    @Test
    void details_keep_copies_and_find_the_log_of_a_node_run() {
        List<ExecutionLog> logs = new ArrayList<>();
        logs.add(ExecutionLog.of("1", "e", LogLevel.INFO, "m", FINE));
        logs.add(new ExecutionLog("2", "e", "run", LogLevel.INFO, "m", null, FINE));
        ExecutionDetails details = new ExecutionDetails(execution(null), List.of(), logs);
        logs.clear();

        assertThat(details.logs()).hasSize(2);
        assertThat(details.logsOf("run")).extracting(ExecutionLog::id).containsExactly("2");
        assertThat(details.logsOf("other")).isEmpty();
    }

    @Test
    void codes_are_the_words_of_the_guide() {
        assertThat(ExecutionStatus.values())
                .extracting(ExecutionStatus::code)
                .containsExactly("queued", "running", "success", "failed", "partial");
        assertThat(NodeStatus.values()).extracting(NodeStatus::code).containsExactly("success", "failed", "skipped");
        assertThat(LogLevel.values()).extracting(LogLevel::code).containsExactly("debug", "info", "warn", "error");
        for (ExecutionStatus status : ExecutionStatus.values()) {
            assertThat(ExecutionStatus.ofCode(status.code())).isEqualTo(status);
        }
        for (NodeStatus status : NodeStatus.values()) {
            assertThat(NodeStatus.ofCode(status.code())).isEqualTo(status);
        }
        for (LogLevel level : LogLevel.values()) {
            assertThat(LogLevel.ofCode(level.code())).isEqualTo(level);
            assertThat(level.isAtLeast(LogLevel.DEBUG)).isTrue();
            assertThat(level.isAtLeast(LogLevel.ERROR)).isEqualTo(level == LogLevel.ERROR);
        }
    }

    @Test
    void an_unknown_code_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> ExecutionStatus.ofCode("RUNNING")).hasMessageContaining("queued, running, success");
        assertThatThrownBy(() -> NodeStatus.ofCode("")).hasMessageContaining("success, failed, skipped");
        assertThatThrownBy(() -> LogLevel.ofCode("trace")).hasMessageContaining("debug, info, warn, error");
    }
}
