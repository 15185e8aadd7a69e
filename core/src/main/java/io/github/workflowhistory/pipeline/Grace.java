package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records that wait a short time for an execution that does not exist yet, because another process may be about to
 * record it. Belongs to one writer and is used by its thread alone.
 */
final class Grace {
    private static final long ATTEMPT_NANOS = Duration.ofMillis(100).toNanos();

    private final long graceNanos;
    private final Map<String, Group> groups = new LinkedHashMap<>();

    Grace(Duration grace) {
        graceNanos = Times.nanos(grace);
    }

    /** The records of one execution, in order, and when to try again and for how long. */
    static final class Group {
        final List<Entry> entries = new ArrayList<>();
        private final long since;
        private final long deadline;
        private long nextAttempt;

        private Group(long now, long graceNanos) {
            since = now;
            deadline = now + graceNanos;
            nextAttempt = now + Math.min(graceNanos, ATTEMPT_NANOS);
        }

        boolean isOver(long now) {
            return deadline - now <= 0;
        }
    }

    /** Keeps the records of executions that are waited for, and gives back the others. */
    List<Entry> admit(List<Entry> entries, long now) {
        if (groups.isEmpty()) {
            return entries;
        }
        List<Entry> others = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            Group group = groups.get(entry.executionId);
            if (group == null) {
                others.add(entry);
            } else {
                group.entries.add(entry);
                if (entry.createsExecution()) {
                    group.nextAttempt = now;
                }
            }
        }
        return others;
    }

    /** Lets the records of one execution wait. */
    void add(String executionId, List<Entry> entries, long now) {
        groups.computeIfAbsent(executionId, id -> new Group(now, graceNanos))
                .entries
                .addAll(entries);
    }

    /** The executions to try again now; they stay here until they are removed. */
    Map<String, Group> due(long now, boolean all) {
        Map<String, Group> due = new LinkedHashMap<>();
        groups.forEach((id, group) -> {
            if (all || group.nextAttempt - now <= 0) {
                group.nextAttempt = now + ATTEMPT_NANOS;
                due.put(id, group);
            }
        });
        return due;
    }

    boolean holds(Entry entry) {
        Group group = groups.get(entry.executionId);
        return group != null && group.entries.contains(entry);
    }

    void remove(String executionId) {
        groups.remove(executionId);
    }

    /** When the next execution is due, or null when nothing waits. */
    @Nullable
    Long nextDue() {
        return groups.values().stream()
                .map(group -> group.nextAttempt)
                .reduce((a, b) -> a - b <= 0 ? a : b)
                .orElse(null);
    }

    /**
     * The first of the records that wait here.
     *
     * @param sequence its place in the order of arrival
     * @param since from when on it has waited, by {@link System#nanoTime()}
     */
    record Oldest(long sequence, long since) {}

    /** The first of the records that wait here, or null when none does. */
    @Nullable
    Oldest oldest() {
        return groups.values().stream()
                .map(group -> new Oldest(group.entries.get(0).sequence, group.since))
                .min(Comparator.comparingLong(Oldest::sequence))
                .orElse(null);
    }
}
