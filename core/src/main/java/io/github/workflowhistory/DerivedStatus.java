package io.github.workflowhistory;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How an execution ended, when nobody says so: by how its nodes ended.
 *
 * <table>
 *   <caption>The status of an execution</caption>
 *   <tr><th>the body threw</th><th>nodes that succeeded</th><th>nodes that failed</th><th>status</th></tr>
 *   <tr><td>yes</td><td>any</td><td>any</td><td>failed</td></tr>
 *   <tr><td>no</td><td>any</td><td>none</td><td>success</td></tr>
 *   <tr><td>no</td><td>some</td><td>some</td><td>partial</td></tr>
 *   <tr><td>no</td><td>none</td><td>some</td><td>failed</td></tr>
 * </table>
 *
 * <p>Skipped nodes count neither way. A failed attempt that was followed by another attempt does not count.
 */
final class DerivedStatus {
    private DerivedStatus() {}

    static ExecutionStatus of(boolean bodyThrew, long succeeded, long failed) {
        if (bodyThrew) {
            return ExecutionStatus.FAILED;
        }
        if (failed == 0) {
            return ExecutionStatus.SUCCESS;
        }
        return succeeded > 0 ? ExecutionStatus.PARTIAL : ExecutionStatus.FAILED;
    }

    /**
     * The same, from results as a store holds them. Only a failed attempt is retried, and each retry has one result; so
     * each result of attempt n+1 of a node cancels one failed result of attempt n, whichever branch of a fan-out it was.
     */
    static ExecutionStatus ofResults(Collection<NodeResult> results) {
        Map<Attempt, Long> failedAttempts = new HashMap<>();
        long succeeded = 0;
        for (NodeResult result : results) {
            if (result.status() == NodeStatus.SUCCESS) {
                succeeded++;
            } else if (result.status() == NodeStatus.FAILED) {
                failedAttempts.merge(new Attempt(result.nodeId(), result.attempt()), 1L, Long::sum);
            }
        }
        for (NodeResult result : results) {
            failedAttempts.computeIfPresent(
                    new Attempt(result.nodeId(), result.attempt() - 1), (attempt, count) -> Math.max(0, count - 1));
        }
        long failed =
                failedAttempts.values().stream().mapToLong(Long::longValue).sum();
        return of(false, succeeded, failed);
    }

    private record Attempt(String nodeId, int number) {}
}
