package io.github.workflowhistory.store;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.NodeResult;
import java.util.Comparator;

/** The order in which stores give back what they hold. */
public final class HistoryOrder {
    /**
     * Ids by their bytes in UTF-8, as PostgreSQL's collation "C" compares them. {@link String#compareTo} differs from
     * it for characters outside the Basic Multilingual Plane.
     */
    public static final Comparator<String> IDS = HistoryOrder::compareCodePoints;

    /** Node results by the time they finished, equal times by id. */
    public static final Comparator<NodeResult> NODE_RESULTS =
            Comparator.comparing(NodeResult::finishedAt).thenComparing(NodeResult::id, IDS);

    /** Log entries by their timestamps, equal times by id. */
    public static final Comparator<ExecutionLog> LOGS =
            Comparator.comparing(ExecutionLog::timestamp).thenComparing(ExecutionLog::id, IDS);

    /** Executions by the time they were recorded, latest first; equal times by id, greatest first. */
    public static final Comparator<ExecutionSummary> NEWEST_FIRST = Comparator.comparing(ExecutionSummary::createdAt)
            .thenComparing(ExecutionSummary::id, IDS)
            .reversed();

    private HistoryOrder() {}

    private static int compareCodePoints(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                // Code points above U+FFFF are written with surrogates, which as chars sort below U+E000 to U+FFFF.
                boolean leftSupplementary = Character.isSurrogate(left);
                boolean rightSupplementary = Character.isSurrogate(right);
                if (leftSupplementary != rightSupplementary) {
                    return leftSupplementary ? 1 : -1;
                }
                return Character.compare(left, right);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
