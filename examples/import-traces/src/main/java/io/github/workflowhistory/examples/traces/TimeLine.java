package io.github.workflowhistory.examples.traces;

import static java.util.Objects.requireNonNull;

import io.github.workflowhistory.examples.traces.Trace.Task;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * When each task of a trace ran. A task starts at the time that the trace states for it, but not before the last of its
 * parents has finished; most traces state none, then it starts at that moment, or with the execution.
 *
 * @param start when the execution started
 * @param end when it ended: after its makespan, but not before its last task
 * @param tasks in dependency order: parents first, otherwise as in the file
 */
record TimeLine(Instant start, Instant end, List<Entry> tasks) {

    /** A task with its times. */
    record Entry(Task task, Instant start, Instant end) {}

    static TimeLine of(Trace trace) throws TraceException {
        Map<String, Entry> placed = new LinkedHashMap<>();
        Instant end = trace.executedAt().plus(trace.makespan());
        for (Task task : inDependencyOrder(trace.tasks())) {
            Instant start = task.executedAt() != null ? task.executedAt() : trace.executedAt();
            for (String parent : task.parents()) {
                start = latest(
                        start,
                        requireNonNull(placed.get(parent), "parents come first").end());
            }
            Entry entry = new Entry(task, start, start.plus(task.runtime()));
            placed.put(task.id(), entry);
            end = latest(end, entry.end());
        }
        return new TimeLine(trace.executedAt(), end, List.copyOf(placed.values()));
    }

    /** Kahn's algorithm: again and again takes a task whose parents have all been taken. */
    private static List<Task> inDependencyOrder(List<Task> tasks) throws TraceException {
        Map<String, List<Task>> children = new HashMap<>();
        Map<String, Set<String>> waitsFor = new LinkedHashMap<>();
        tasks.forEach(task -> waitsFor.put(task.id(), new HashSet<>(task.parents())));
        Queue<Task> ready = new ArrayDeque<>();
        for (Task task : tasks) {
            for (String parent : task.parents()) {
                if (!waitsFor.containsKey(parent)) {
                    throw new TraceException("task '" + task.id() + "' has a parent '" + parent + "' that is no task");
                }
                children.computeIfAbsent(parent, id -> new ArrayList<>()).add(task);
            }
            if (task.parents().isEmpty()) {
                ready.add(task);
            }
        }
        List<Task> ordered = new ArrayList<>();
        for (Task task = ready.poll(); task != null; task = ready.poll()) {
            ordered.add(task);
            waitsFor.remove(task.id());
            for (Task child : children.getOrDefault(task.id(), List.of())) {
                Set<String> parents = waitsFor.get(child.id());
                if (parents != null && parents.remove(task.id()) && parents.isEmpty()) {
                    ready.add(child);
                }
            }
        }
        if (!waitsFor.isEmpty()) {
            throw new TraceException("tasks wait for each other: " + cycle(waitsFor));
        }
        return ordered;
    }

    /** Follows parents that never ran until one of them comes again. */
    private static String cycle(Map<String, Set<String>> waitsFor) {
        Set<String> path = new LinkedHashSet<>();
        String id = waitsFor.keySet().iterator().next();
        while (path.add(id)) {
            id = requireNonNull(waitsFor.get(id), "what never ran waits")
                    .iterator()
                    .next();
        }
        List<String> circle = new ArrayList<>(path);
        circle = circle.subList(circle.indexOf(id), circle.size());
        return String.join(" <- ", circle) + " <- " + id;
    }

    private static Instant latest(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
