package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionRun;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.WorkflowHistory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The work whose history is recorded, once through the API and once as finished rows: an execution with start and end,
 * 10 node results of about 330 bytes of JSON, and 30 log entries of 81 characters, a third of them with data.
 */
final class Workload {
    static final int NODES = 10;
    static final int LOGS_OF_A_NODE = 3;
    static final int LOGS = NODES * LOGS_OF_A_NODE;
    /** Start, end, node results and log entries: what a host reports. */
    static final int EVENTS = 2 + NODES + LOGS;
    /** As many rows as come of that: start and end are one. */
    static final int ROWS = 1 + NODES + LOGS;

    private static final String WORKFLOW = "import-orders";
    private static final String[] MESSAGES = {
        "asked the shop for the orders since the last run, page by page, newest page first",
        "dropped the lines that another run has taken over already; the rest goes to stock",
        "reserved what is in stock and wrote the remaining lines to the list of the buyers",
    };

    private final UUID user;
    private final String recorder = IdGenerator.timeOrdered().newId();

    Workload(UUID user) {
        this.user = user;
    }

    /** The final rows of one execution. */
    record Rows(WorkflowExecution execution, List<NodeResult> results, List<ExecutionLog> logs) {}

    /** What a node of the work returns. */
    record Batch(String batchId, String warehouse, List<Line> lines, long totalCents, String currency, String status) {}

    /** A line of an order. */
    record Line(String sku, int quantity, long priceCents, boolean inStock) {}

    /** Does the work as a host application does it. */
    void perform(WorkflowHistory history, int number) {
        perform(history, number, executionId -> {});
    }

    /** The same, and says which execution ends right before it does. */
    void perform(WorkflowHistory history, int number, Consumer<String> ending) {
        history.run(WORKFLOW, user, run -> {
            perform(run, number);
            ending.accept(run.id());
        });
    }

    private static void perform(ExecutionRun run, int number) {
        for (int node = 0; node < NODES; node++) {
            int step = node;
            run.call(nodeId(step), nodeName(step), handle -> {
                for (int entry = 0; entry < LOGS_OF_A_NODE; entry++) {
                    handle.info(MESSAGES[entry], data(number, entry));
                }
                return output(number, step);
            });
        }
    }

    /** The rows that {@link #perform} leaves behind, of new executions, with ids and times in order. */
    List<Rows> rows(int executions) {
        List<Rows> all = new ArrayList<>(executions);
        for (int number = 0; number < executions; number++) {
            all.add(rowsOf(number));
        }
        return all;
    }

    private Rows rowsOf(int number) {
        IdGenerator ids = IdGenerator.timeOrdered();
        String execution = ids.newId();
        Instant started = Instant.now();
        List<NodeResult> results = new ArrayList<>(NODES);
        List<ExecutionLog> logs = new ArrayList<>(LOGS);
        Instant now = started;
        for (int node = 0; node < NODES; node++) {
            String run = ids.newId();
            for (int entry = 0; entry < LOGS_OF_A_NODE; entry++) {
                now = now.plus(1, ChronoUnit.MICROS);
                Map<String, Object> data = data(number, entry);
                logs.add(new ExecutionLog(
                        ids.newId(),
                        execution,
                        run,
                        LogLevel.INFO,
                        MESSAGES[entry],
                        data == null ? null : Json.of(data),
                        now));
            }
            results.add(new NodeResult(
                    run,
                    execution,
                    nodeId(node),
                    nodeName(node),
                    NodeStatus.SUCCESS,
                    Json.of(output(number, node)),
                    null,
                    started,
                    now,
                    Duration.ZERO,
                    1));
        }
        return new Rows(
                new WorkflowExecution(
                        execution,
                        WORKFLOW,
                        user,
                        ExecutionStatus.SUCCESS,
                        started,
                        now,
                        Duration.ZERO,
                        null,
                        null,
                        started,
                        recorder,
                        null),
                results,
                logs);
    }

    private static String nodeId(int node) {
        return "step-" + node;
    }

    private static String nodeName(int node) {
        return "Step " + node;
    }

    private static @Nullable Map<String, Object> data(int number, int entry) {
        return entry == 0 ? Map.of("page", number, "orders", 40 + number % 60, "source", "shop.example") : null;
    }

    private static Batch output(int number, int node) {
        List<Line> lines = List.of(
                new Line("SKU-40017", 1 + number % 9, 1_999, true),
                new Line("SKU-40382", 2, 12_950 + node, number % 2 == 0),
                new Line("SKU-51120", 1 + node, 499, true));
        return new Batch(
                "batch-" + number + "-" + node, "Hamburg Altenwerder", lines, 31_337L + number, "EUR", "packed");
    }
}
