package io.github.workflowhistory.examples.traces;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes small traces in WfFormat. */
final class SampleTrace {
    private final List<String> described = new ArrayList<>();
    private final List<String> runs = new ArrayList<>();
    private String executedAt = "2026-01-02T03:04:05Z";
    private double makespan = 10;

    static SampleTrace create() {
        return new SampleTrace();
    }

    SampleTrace executedAt(String text) {
        executedAt = text;
        return this;
    }

    SampleTrace makespan(double seconds) {
        makespan = seconds;
        return this;
    }

    /** A task that took some seconds, with its parents. */
    SampleTrace task(String id, double seconds, String... parents) {
        return described(id, parents).run(id, seconds, "");
    }

    SampleTrace described(String id, String... parents) {
        String list = parents.length == 0 ? "" : "\"" + String.join("\", \"", parents) + "\"";
        described.add("""
                {"id": "%s", "name": "name of %s", "parents": [%s], "children": [], "inputFiles": ["in.txt"]}""".formatted(id, id, list));
        return this;
    }

    SampleTrace run(String id, double seconds, String more) {
        runs.add("""
                {"id": "%s", "runtimeInSeconds": %s, "avgCPU": 93.10, "command": {"arguments": ["-x", "1"]}%s}""".formatted(id, seconds, more));
        return this;
    }

    String json() {
        return """
            {"name": "sample", "schemaVersion": "1.5", "runtimeSystem": {"name": "by hand"},
             "workflow": {
               "specification": {"tasks": [%s]},
               "execution": {"makespanInSeconds": %s, "executedAt": "%s", "machines": [{"nodeName": "m1"}],
                 "tasks": [%s]}}}
            """.formatted(String.join(",\n", described), makespan, executedAt, String.join(",\n", runs));
    }

    Trace read() throws TraceException {
        return TraceReader.read(json().getBytes(StandardCharsets.UTF_8));
    }
}
