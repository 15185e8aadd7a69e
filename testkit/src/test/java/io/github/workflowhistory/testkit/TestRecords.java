package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** An execution with something of everything. */
final class TestRecords {
    static final UUID ADA = UUID.fromString("00000000-0000-0000-0000-00000000ada0");
    static final Instant START = SettableClock.DEFAULT_START;

    private TestRecords() {}

    static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    static ExecutionDetails partial() {
        String id = "id-000001";
        WorkflowExecution execution = new WorkflowExecution(
                id,
                "import-orders",
                ADA,
                ExecutionStatus.PARTIAL,
                START,
                at(1_200),
                Duration.ofMillis(1_200),
                Json.of(List.of(1, 2)),
                "1 of 3 nodes failed",
                START,
                null,
                null);
        NodeResult fetch = new NodeResult(
                "id-000002",
                id,
                "fetch",
                "Fetch orders",
                NodeStatus.SUCCESS,
                Json.of(3),
                null,
                at(0),
                at(700),
                Duration.ofMillis(700),
                1);
        NodeResult index = new NodeResult(
                "id-000003",
                id,
                "index",
                "Index",
                NodeStatus.FAILED,
                null,
                "IllegalStateException: no index",
                at(700),
                at(1_200),
                Duration.ofMillis(500),
                1);
        NodeResult mail = new NodeResult(
                "id-000004", id, "mail", "Mail", NodeStatus.SKIPPED, null, "nothing new", null, at(1_200), null, 2);
        return new ExecutionDetails(
                execution,
                List.of(fetch, index, mail),
                List.of(
                        ExecutionLog.of("id-000005", id, LogLevel.INFO, "starting", START),
                        new ExecutionLog(
                                "id-000006",
                                id,
                                "id-000002",
                                LogLevel.WARN,
                                "the shop is slow",
                                Json.parse("{\"seconds\": 7}"),
                                at(200)),
                        new ExecutionLog(
                                "id-000007", id, "id-000099", LogLevel.DEBUG, "still running", null, at(900))));
    }
}
