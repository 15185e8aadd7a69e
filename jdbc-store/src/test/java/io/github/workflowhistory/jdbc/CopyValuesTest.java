package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values arrive by COPY as they do by INSERT, down to the last byte. */
class CopyValuesTest {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "null",
            "\\N",
            "\\.",
            "a\tb\nc\r\nd\u0001\u007f",
            "quote ' double \" back \\ brace {} comma ,",
            "é ü ß \u0085 \u00a0 \u00ff",
            "\u0100 \u07ff \u0800 € \ufffd \uffff",
            "\u202e\u200d👩‍🚀😀\udbff\udfff",
            "\\u0000",
            "x".repeat(1 << 20),
            "😀".repeat(70_000));

    private static final List<Instant> TIMES = List.of(
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.parse("1582-10-10T12:00:00.000001Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.EPOCH,
            Instant.parse("1999-12-31T23:59:59.000001Z"),
            Instant.parse("2000-01-01T00:00:00Z"),
            Instant.parse("2026-03-29T01:30:00.123456Z"),
            Instant.parse("9999-12-31T23:59:59.999999Z"));

    private static final List<Json> PAYLOADS = List.of(
            Json.NULL,
            Json.parse("\"\""),
            Json.parse("0"),
            Json.parse("-1.50e-7"),
            Json.parse("[]"),
            Json.parse("{\"b\":1,\"a\":[true,null,{\"é\":\"😀\"}],\"\":\"\\u0001\"}"),
            Json.of("x".repeat(1 << 20)));

    private static TestDatabase database;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("copy_values").install();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    private static List<String> rowsAfter(HistoryBatch batch, CopyPolicy policy) {
        database.clear();
        JdbcExecutionStore.builder(database.dataSource())
                .copyPolicy(policy)
                .build()
                .record(batch);
        return database.query("""
                select t from (
                  select e::text from workflow_executions as e
                  union all select r::text from node_execution_results as r
                  union all select l::text from execution_logs as l) as rows (t)
                order by t""");
    }

    private static void assertSameEitherWay(HistoryBatch batch) {
        List<String> copied = rowsAfter(batch, CopyPolicy.always());

        assertThat(copied).hasSize(batch.size()).isEqualTo(rowsAfter(batch, CopyPolicy.never()));
    }

    @Test
    void texts() {
        HistoryBatch.Builder batch = HistoryBatch.builder().add(Records.running("e"));
        for (String text : TEXTS) {
            String id = "id " + batch.build().size();
            batch.add(
                    new NodeResult(id, "e", "node", text, NodeStatus.FAILED, null, text, null, Records.START, null, 1));
            batch.add(ExecutionLog.of(id, "e", LogLevel.DEBUG, text, Records.START));
        }
        assertSameEitherWay(batch.build());
    }

    @Test
    void payloads() {
        HistoryBatch.Builder batch = HistoryBatch.builder().add(Records.running("e"));
        for (Json payload : PAYLOADS) {
            String id = "id " + batch.build().size();
            batch.add(new NodeResult(
                    id, "e", "node", "n", NodeStatus.SUCCESS, payload, null, null, Records.START, null, 1));
            batch.add(new ExecutionLog(id, "e", id, LogLevel.WARN, "m", payload, Records.START));
        }
        assertSameEitherWay(batch.build());
    }

    @Test
    void times_durations_and_numbers() {
        HistoryBatch.Builder batch = HistoryBatch.builder().add(Records.running("e"));
        List<Duration> durations =
                new ArrayList<>(List.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(Integer.MAX_VALUE)));
        durations.add(Duration.ofDays(400));
        for (Instant time : TIMES) {
            for (Duration duration : durations) {
                String id = "id " + batch.build().size();
                batch.add(new NodeResult(
                        id, "e", "node", "n", NodeStatus.SKIPPED, null, null, time, time, duration, Integer.MAX_VALUE));
                batch.add(ExecutionLog.of(id, "e", LogLevel.ERROR, "m", time));
            }
        }
        assertSameEitherWay(batch.build());
    }

    @Test
    void executions_of_a_user_with_everything_and_with_nothing() {
        UUID user = database.newUser();
        HistoryBatch.Builder batch = HistoryBatch.builder();
        batch.add(new WorkflowExecution(
                "all",
                "w",
                user,
                ExecutionStatus.PARTIAL,
                Records.START,
                Records.at(5),
                Duration.ofMillis(5),
                Json.of("output"),
                "error",
                Records.START,
                "recorder",
                null));
        batch.add(WorkflowExecution.running("none", "w", null, Records.START));
        batch.addAll(Records.rest("all", 3));
        assertSameEitherWay(batch.build());
    }
}
