package io.github.workflowhistory.examples.customstore;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.query.ExecutionQuery;
import java.nio.file.Path;
import java.time.Duration;

/** Records one execution into a file, and prints what the file holds. Run it twice: the history grows. */
public final class CustomStore {
    private CustomStore() {}

    public static void main(String[] args) {
        Path file = Path.of(args.length > 0 ? args[0] : "target/history.jsonl");
        try (JsonLinesStore store = JsonLinesStore.open(file);
                WorkflowHistory history = WorkflowHistory.builder(store).build()) {
            history.run("nightly-backup", null, run -> {
                int files = run.call("copy", "Copy files", node -> {
                    node.info("copying to the attic");
                    return 42;
                });
                run.skip("verify", "no checksum for " + files + " files");
            });
            // A thread of the history writes; reading at once needs what was recorded to be there.
            if (!history.flush(Duration.ofSeconds(10))) {
                System.err.println("not everything could be written in time");
            }
            System.out.println(file + " holds:");
            for (ExecutionSummary summary : store.listExecutions(ExecutionQuery.all())) {
                ExecutionDetails details = store.findDetails(summary.id()).orElseThrow();
                System.out.printf(
                        "  %s  %s  %s: %d nodes, %d log entries%n",
                        summary.createdAt(),
                        summary.workflowId(),
                        summary.status().code(),
                        details.nodeResults().size(),
                        details.logs().size());
            }
        }
    }
}
