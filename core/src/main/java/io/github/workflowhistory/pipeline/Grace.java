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
    /** How many records are tried again together. */
    private static final int PORTION = 1_000;

    private final long graceNanos;
    private final Map<String, Group> groups = new LinkedHashMap<>();

    Grace(Duration grace) {
        graceNanos = Times.nanos(grace);
    }

    /** The records of one execution, in order, since when they wait, and when to try again. */
    private static final class Group {
        final List<Entry> entries = new ArrayList<>();
        final Long since;
        long nextAttempt;

        Group(Long since, long nextAttempt) {
            this.since = since;
            this.nextAttempt = nextAttempt;
        }

        void add(Entry entry) {
            entries.add(entry);
            entry.waitsSince = since;
        }
    }

    /**
     * Keeps the records of executions that are waited for, and gives back the others. A creation never waits: it is
     * what the others wait for, and is in nobody's way when it comes before them.
     */
    List<Entry> admit(List<Entry> entries, long now) {
        if (groups.isEmpty()) {
            return entries;
        }
        List<Entry> others = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            Group group = groups.get(entry.executionId);
            if (group == null) {
                others.add(entry);
            } else if (entry.createsExecution()) {
                others.add(entry);
                group.nextAttempt = now;
            } else {
                group.add(entry);
            }
        }
        return others;
    }

    /** Lets the records of one execution wait; those that have waited before do not begin anew. */
    void add(String executionId, List<Entry> entries, long now) {
        Group group = groups.get(executionId);
        if (group != null) {
            entries.forEach(group::add);
            return;
        }
        Long since = entries.get(0).waitsSince;
        Group added = new Group(since == null ? now : since, now + Math.min(graceNanos, ATTEMPT_NANOS));
        entries.forEach(added::add);
        groups.put(executionId, added);
    }

    /** Whether the records of one execution have waited for it as long as they may; once they always may. */
    boolean isOver(List<Entry> entries, long now) {
        Long since = entries.get(0).waitsSince;
        return since != null && graceNanos - (now - since) <= 0;
    }

    /**
     * Gives out the records whose execution is to be tried again now, about as many as go to the store together. When a
     * user is deleted, a thousand executions may be gone, and others are not to wait for one after the other.
     *
     * @param all those that are not due as well
     */
    List<Entry> takeDue(long now, boolean all) {
        List<Entry> due = new ArrayList<>();
        List<String> executionIds = new ArrayList<>();
        for (Map.Entry<String, Group> waiting : groups.entrySet()) {
            Group group = waiting.getValue();
            if (all || group.nextAttempt - now <= 0) {
                due.addAll(group.entries);
                executionIds.add(waiting.getKey());
                if (due.size() >= PORTION) {
                    break;
                }
            }
        }
        // At last, as it needs no memory: when there is none, nothing has happened.
        executionIds.forEach(groups::remove);
        return due;
    }

    boolean holds(Entry entry) {
        Group group = groups.get(entry.executionId);
        return group != null && group.entries.contains(entry);
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
