package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.START;
import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Rule 9: any Java string can be recorded, as the domain records clean it, and comes back as it was. */
public abstract class TextRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected TextRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @TestFactory
    Stream<DynamicTest> every_text_comes_back_in_every_field() {
        return AwkwardTexts.all().entrySet().stream()
                .map(text -> DynamicTest.dynamicTest(
                        text.getKey(), () -> assertKeptInEveryField(text.getKey(), text.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> every_text_that_is_an_id_comes_back_as_an_id() {
        return AwkwardTexts.validInIds().entrySet().stream()
                .map(text -> DynamicTest.dynamicTest(text.getKey(), () -> assertKeptAsId(text.getValue())));
    }

    @Test
    void all_texts_of_one_batch_stay_apart() {
        List<ExecutionLog> entries = new ArrayList<>();
        for (Map.Entry<String, String> text : AwkwardTexts.all().entrySet()) {
            entries.add(new ExecutionLog(
                    text.getKey(),
                    "e",
                    null,
                    LogLevel.INFO,
                    text.getValue(),
                    Json.of(text.getValue()),
                    at(entries.size())));
        }

        record(running("e"), entries);

        assertThat(logs("e").equals(entries)).as("all texts are equal").isTrue();
    }

    @Test
    void nul_and_lone_surrogates_come_back_as_the_replacement_character() {
        record(running("e"));
        record(new ExecutionLog("l", "e", null, LogLevel.INFO, "a\u0000b\uD83Dc", Json.of("a\u0000b\uDE80c"), START));

        assertThat(logs("e").get(0).message()).isEqualTo("a\uFFFDb\uFFFDc");
        assertThat(logs("e").get(0).data()).isEqualTo(Json.of("a\uFFFDb\uFFFDc"));
    }

    @Test
    void the_six_characters_of_an_escape_stay_six_characters() {
        record(running("e"));
        record(new ExecutionLog(
                "l", "e", null, LogLevel.INFO, "a\\u0000b", Json.of(Map.of("a\\u0000b", "a\\u0000b")), START));

        assertThat(logs("e").get(0).message()).hasSize(8).isEqualTo("a\\u0000b");
        assertThat(logs("e").get(0).data()).isEqualTo(Json.parse("{\"a\\\\u0000b\": \"a\\\\u0000b\"}"));
    }

    @Test
    void ids_that_differ_only_in_case_accent_or_spaces_are_different() {
        List<String> ids = List.of("exec", "Exec", "EXEC", "\u00E9xec", "e\u0301xec", " exec", "exec ", "exec\u200B");
        ids.forEach(id -> record(running(id)));

        assertThat(listedIds()).containsExactlyInAnyOrderElementsOf(ids);
        ids.forEach(id -> assertThat(execution(id)).isEqualTo(running(id)));
    }

    @Test
    void ids_of_the_greatest_length_are_taken() {
        for (String unit : List.of("x", "\u00E9", "\u20AC", AwkwardTexts.ROCKET)) {
            String id = longest(unit);
            WorkflowExecution execution =
                    WorkflowExecution.running(id, id, null, START).withRecorderId(id);
            NodeResult result = new NodeResult(
                    id, id, id, "name", NodeStatus.SUCCESS, null, null, null, START, null, Integer.MAX_VALUE);
            ExecutionLog log = new ExecutionLog(id, id, id, LogLevel.INFO, "message", null, START);

            record(execution, result, log);

            assertThat(details(id)).isEqualTo(new ExecutionDetails(execution, List.of(result), List.of(log)));
            assertThat(store().listExecutions(ExecutionQuery.all().ofWorkflow(id)))
                    .containsExactly(execution.summary());
        }
    }

    /** As many of a character as fit into 512 bytes of UTF-8. */
    private static String longest(String unit) {
        int bytes = unit.getBytes(StandardCharsets.UTF_8).length;
        return unit.repeat(512 / bytes) + "x".repeat(512 % bytes);
    }

    private void assertKeptInEveryField(String id, String text) {
        WorkflowExecution execution = new WorkflowExecution(
                id,
                Samples.WORKFLOW,
                null,
                ExecutionStatus.FAILED,
                START,
                at(1),
                Duration.ofMillis(1),
                Json.of(text),
                text,
                START,
                null,
                null);
        NodeResult result = new NodeResult(
                id, id, "node", text, NodeStatus.FAILED, Json.of(List.of(text)), text, null, START, null, 1);
        ExecutionLog log = new ExecutionLog(id, id, null, LogLevel.ERROR, text, Json.of(Map.of(text, text)), START);

        record(execution, result, log);

        ExecutionDetails details = details(id);
        // Compared outside of AssertJ: a megabyte in a failure message helps nobody.
        assertThat(details.execution().equals(execution))
                .as("the execution with '%s' is equal", id)
                .isTrue();
        assertThat(details.nodeResults().equals(List.of(result)))
                .as("the node result with '%s' is equal", id)
                .isTrue();
        assertThat(details.logs().equals(List.of(log)))
                .as("the log entry with '%s' is equal", id)
                .isTrue();
    }

    private void assertKeptAsId(String id) {
        WorkflowExecution execution =
                WorkflowExecution.running(id, id, null, START).withRecorderId(id);
        NodeResult result = NodeResult.of(id, id, id, NodeStatus.SUCCESS, START);
        ExecutionLog log = new ExecutionLog(id, id, id, LogLevel.INFO, id, null, START);

        record(execution, result, log);

        assertThat(details(id)).isEqualTo(new ExecutionDetails(execution, List.of(result), List.of(log)));
        assertThat(logs(id, id)).containsExactly(log);
        assertThat(store().listExecutions(ExecutionQuery.all().ofWorkflow(id))).containsExactly(execution.summary());
        assertThat(store().deleteExecution(id)).isTrue();
        assertGone(id);
    }
}
