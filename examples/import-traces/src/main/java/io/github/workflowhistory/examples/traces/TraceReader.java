package io.github.workflowhistory.examples.traces;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.examples.traces.Trace.Task;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads WfFormat 1.5, and 1.6, which adds nothing but optional fields.
 *
 * @see <a href="https://github.com/wfcommons/WfFormat">the format</a>
 */
final class TraceReader {
    private static final Set<String> VERSIONS = Set.of("1.5", "1.6");
    private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(1_000_000_000);
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private TraceReader() {}

    static Trace read(Path file) throws TraceException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TraceException("cannot be read: " + e.getClass().getSimpleName());
        }
        return read(bytes);
    }

    static Trace read(byte[] bytes) throws TraceException {
        JsonNode root = parse(bytes);
        if (!root.path("schemaVersion").isTextual() || !root.path("workflow").isObject()) {
            throw new TraceException("is JSON, but no trace in WfFormat: it lacks schemaVersion or workflow");
        }
        String version = root.path("schemaVersion").textValue();
        if (!VERSIONS.contains(version)) {
            throw new TraceException("is WfFormat " + version + "; this example reads 1.5 and 1.6");
        }
        JsonNode specification = root.path("workflow").path("specification");
        JsonNode execution = root.path("workflow").path("execution");
        if (execution.isMissingNode()) {
            throw new TraceException("describes a workflow that has not run: it has no workflow.execution");
        }
        String name = text(root, "name", "the trace");
        return new Trace(
                name + "-" + fingerprint(bytes),
                name,
                date(text(execution, "executedAt", "workflow.execution"), "workflow.execution"),
                seconds(execution, "makespanInSeconds", "workflow.execution"),
                about(root, execution),
                tasks(specification, execution));
    }

    private static List<Task> tasks(JsonNode specification, JsonNode execution) throws TraceException {
        Map<String, JsonNode> runs = new HashMap<>();
        for (JsonNode run : array(execution, "tasks", "workflow.execution")) {
            String id = text(run, "id", "a task of workflow.execution");
            if (runs.put(id, run) != null) {
                throw new TraceException("task '" + id + "' has several entries in workflow.execution.tasks");
            }
        }
        List<Task> tasks = new ArrayList<>();
        for (JsonNode described : array(specification, "tasks", "workflow.specification")) {
            String id = text(described, "id", "a task of workflow.specification");
            JsonNode run = runs.remove(id);
            if (run == null) {
                boolean again = tasks.stream().anyMatch(task -> task.id().equals(id));
                throw new TraceException("task '" + id + "' "
                        + (again
                                ? "has several entries in workflow.specification.tasks"
                                : "has no entry in workflow.execution.tasks"));
            }
            tasks.add(task(id, described, run));
        }
        if (!runs.isEmpty()) {
            throw new TraceException("task '" + runs.keySet().iterator().next()
                    + "' ran, but has no entry in workflow.specification.tasks");
        }
        if (tasks.isEmpty()) {
            throw new TraceException("has no tasks");
        }
        return List.copyOf(tasks);
    }

    private static Task task(String id, JsonNode described, JsonNode run) throws TraceException {
        String where = "task '" + id + "'";
        ObjectNode measurements = run.deepCopy();
        measurements.remove(List.of("id", "runtimeInSeconds"));
        return new Task(
                id,
                text(described, "name", where),
                texts(described, "parents", where),
                run.hasNonNull("executedAt") ? date(text(run, "executedAt", where), where) : null,
                seconds(run, "runtimeInSeconds", where),
                Json.of(measurements),
                new Trace.Files(texts(described, "inputFiles", where), texts(described, "outputFiles", where)));
    }

    private static Json about(JsonNode root, JsonNode execution) {
        ObjectNode about = root.deepCopy();
        about.retain("description", "createdAt", "author", "runtimeSystem");
        ObjectNode frame = execution.deepCopy();
        frame.remove("tasks");
        about.setAll(frame);
        return Json.of(about);
    }

    // -- fields

    private static JsonNode parse(byte[] bytes) throws TraceException {
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new TraceException("is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new TraceException("is not JSON: " + e.getMessage());
        }
    }

    private static String text(JsonNode parent, String field, String where) throws TraceException {
        JsonNode value = parent.path(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new TraceException(where + " has no " + field);
        }
        return value.textValue();
    }

    private static JsonNode array(JsonNode parent, String field, String where) throws TraceException {
        JsonNode value = parent.path(field);
        if (!value.isArray()) {
            throw new TraceException(where + " has no list of " + field);
        }
        return value;
    }

    /** A list of texts that may be missing altogether. */
    private static List<String> texts(JsonNode parent, String field, String where) throws TraceException {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : parent.has(field) ? array(parent, field, where) : List.<JsonNode>of()) {
            if (!text.isTextual()) {
                throw new TraceException(field + " of " + where + " must be texts, not " + text);
            }
            texts.add(text.textValue());
        }
        return List.copyOf(texts);
    }

    private static Instant date(String text, String where) throws TraceException {
        try {
            return TraceDates.parse(text);
        } catch (TraceException e) {
            throw new TraceException("executedAt of " + where + ": " + e.getMessage());
        }
    }

    /** Seconds with any number of decimals, as a duration of whole microseconds, which is what a store keeps. */
    private static Duration seconds(JsonNode parent, String field, String where) throws TraceException {
        JsonNode value = parent.path(field);
        if (!value.isNumber()) {
            throw new TraceException(where + " has no " + field);
        }
        BigDecimal seconds = value.decimalValue();
        if (seconds.signum() < 0 || seconds.compareTo(LONGEST_SECONDS) > 0) {
            throw new TraceException(
                    field + " of " + where + " must be from 0 to " + LONGEST_SECONDS + ", not " + value.asText());
        }
        BigDecimal micros = seconds.movePointRight(6).setScale(0, RoundingMode.HALF_UP);
        return Duration.ofNanos(micros.longValueExact() * 1_000);
    }

    /** The beginning of the file's SHA-256. */
    private static String fingerprint(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
