package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is too large or too deep is cut to size before it reaches the database. */
class OversizedJsonTest {
    private static final TestDatabase DATABASE =
            TestDatabase.create("oversized_json").install();
    private static final int BYTES = 101 << 20;

    private final ExecutionStore store = DATABASE.store();

    @BeforeEach
    void clear() {
        DATABASE.clear();
    }

    @Test
    void a_hundred_megabytes_in_every_payload_and_message() {
        String huge = "x".repeat(BYTES);
        try (WorkflowHistory history =
                WorkflowHistory.builder(store).synchronous().build()) {
            history.execution("wf").id("e").record(run -> {
                run.call("node", node -> {
                    node.info(huge, Map.of("data", huge));
                    return huge;
                });
                return huge;
            });
        }

        ExecutionDetails details = store.findDetails("e").orElseThrow();
        assertThat(details.execution().finalOutput().isTruncated()).isTrue();
        assertThat(details.nodeResults())
                .singleElement()
                .satisfies(result -> assertThat(result.output().isTruncated()).isTrue());
        assertThat(details.logs()).singleElement().satisfies(log -> {
            assertThat(log.data().isTruncated()).isTrue();
            assertThat(log.message())
                    .hasSizeLessThanOrEqualTo(64 << 10)
                    .startsWith("xxx")
                    .endsWith("xxx");
        });
        assertThat(Long.parseLong(DATABASE.value("select sum(pg_column_size(final_output)) from workflow_executions")))
                .isLessThan(1 << 20);
    }

    @Test
    void nested_a_hundred_thousand_deep() {
        List<Object> deep = new ArrayList<>();
        for (int level = 1; level < 100_000; level++) {
            List<Object> outer = new ArrayList<>();
            outer.add(deep);
            deep = outer;
        }
        List<Object> payload = deep;
        try (WorkflowHistory history =
                WorkflowHistory.builder(store).synchronous().build()) {
            history.execution("wf").id("e").record(run -> {
                run.run("node", node -> node.log(LogLevel.INFO, "deep", payload));
                return payload;
            });
        }
        store.record(Records.running("direct"));
        store.record(ExecutionChange.ended("direct", ExecutionStatus.SUCCESS, Records.at(1))
                .withFinalOutput(Json.parse("[".repeat(100_000) + "]".repeat(100_000))));

        assertThat(store.findDetails("e").orElseThrow().execution().status().code())
                .isEqualTo("success");
        assertThat(store.findExecution("e").orElseThrow().finalOutput()).isNotNull();
        assertThat(store.findExecution("direct").orElseThrow().finalOutput().text())
                .contains("nested deeper than 500 levels");
    }
}
