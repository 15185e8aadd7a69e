package io.github.workflowhistory.examples.traces;

import io.github.workflowhistory.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a workflow, as its trace file tells it.
 *
 * @param id the same for the same file, so that importing it again is recognised
 * @param workflow the workflow's name
 * @param executedAt when the execution started
 * @param makespan how long it took
 * @param about what the trace says of the system and the machines that it ran on
 * @param tasks in the order of the file
 */
record Trace(String id, String workflow, Instant executedAt, Duration makespan, Json about, List<Task> tasks) {

    /**
     * A task of the workflow and how it went.
     *
     * @param id its id, which no other task of the trace has
     * @param name its name
     * @param parents the ids of the tasks that have to finish first
     * @param executedAt when it started, or null when the trace does not say so
     * @param runtime how long it took
     * @param measurements all else that was measured: command, CPU, memory, bytes read and written, machines
     * @param files the names of the files that it reads and writes
     */
    record Task(
            String id,
            String name,
            List<String> parents,
            @Nullable Instant executedAt,
            Duration runtime,
            Json measurements,
            Files files) {}

    record Files(List<String> read, List<String> written) {}
}
