package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** A secret in every place that a host can fill, but ids, and then in nothing that reached the store. */
class RedactedEverywhereTest {
    private static final String SECRET = "s3cret";

    private static final Redactor MASKING = new Redactor() {
        @Override
        public JsonNode redact(JsonNode payload) {
            return Json.parse(redact(payload.toString())).tree();
        }

        @Override
        public String redact(String text) {
            return text.replace(SECRET, "***");
        }
    };

    private final CollectingStore store = new CollectingStore();

    private WorkflowHistory history(Redactor redactor, boolean buffered) {
        WorkflowHistory.Builder builder = WorkflowHistory.builder(store).redactor(redactor);
        return (buffered ? builder : builder.synchronous()).build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothing_that_reaches_the_store_holds_it(boolean buffered) {
        try (WorkflowHistory history = history(MASKING, buffered)) {
            fillEverything(history);
        }

        assertThat(stored()).contains("***").doesNotContain(SECRET);
    }

    /** Without the redactor the secret is found, in every place: each has a number of its own. */
    @Test
    void every_place_was_filled() {
        try (WorkflowHistory history = history(Redactor.NONE, false)) {
            fillEverything(history);
        }

        String stored = stored();
        for (int place = 1; place <= PLACES; place++) {
            assertThat(stored).contains(secret(place));
        }
    }

    private static final int PLACES = 40;

    private static String secret(int place) {
        return SECRET + "-" + place + ";";
    }

    /** Two places: the exception and its cause. */
    private static Throwable thrown(int place) {
        Throwable thrown = new IllegalStateException(secret(place), new IllegalArgumentException(secret(place + 1)));
        thrown.addSuppressed(new UnsupportedOperationException(secret(place + 2)));
        return thrown;
    }

    private static void fillEverything(WorkflowHistory history) {
        try (ExecutionRun run = history.begin("workflow", null)) {
            fillLogs(run, 1);
            run.begin("named", secret(9)).success(Map.of("key", secret(10), secret(11), List.of(secret(12))));
            run.begin("json").success(Json.parse("{\"deep\": [{\"in\": \"" + secret(13) + "\"}]}"));
            run.begin("failed").failed(secret(14));
            run.begin("threw").failed(thrown(15));
            NodeRun first = run.begin("retried");
            first.failed(secret(17));
            first.retry().success();
            run.begin("skipped").skipped(secret(18));
            run.begin("ended").end(secret(19), null);
            run.begin("refused").end(null, new IllegalStateException(secret(20)));
            run.skip("left out", secret(21), secret(22));
            assertThat(run.<String, RuntimeException>call("called", secret(23), node -> secret(24)))
                    .isEqualTo(secret(24));
            run.run("ran", secret(25), node -> fillLogs(node, 26));
            assertThatThrownBy(() -> run.run("threw again", node -> {
                        throw new IllegalStateException(secret(34));
                    }))
                    .isInstanceOf(IllegalStateException.class);
            run.begin("unserialisable").success(new Unserialisable());
            run.complete(Map.of("output", secret(36)));
        }
        history.begin("failed", null).failed(secret(37));
        assertThatThrownBy(() -> history.record("threw", null, run -> {
                    throw new IllegalStateException(secret(38));
                }))
                .isInstanceOf(IllegalStateException.class);
        history.begin("partial", null).partial(secret(39));
        history.begin("ended", null).success(List.of(secret(40)));
    }

    /** Eight places from the one that is given. */
    private static void fillLogs(ExecutionRun run, int place) {
        run.log(LogLevel.INFO, secret(place), Map.of("data", secret(place + 1)));
        fillLogger(run.logger(new FakeHostLogger(Level.TRACE)), place);
    }

    private static void fillLogs(NodeRun node, int place) {
        node.log(LogLevel.ERROR, secret(place), List.of(secret(place + 1)));
        fillLogger(node.logger(new FakeHostLogger(Level.TRACE)), place);
    }

    private static void fillLogger(Logger logger, int place) {
        logger.warn("message {}", secret(place + 2));
        logger.atInfo().addKeyValue("key", secret(place + 3)).log("pairs");
        Throwable thrown = thrown(place + 5);
        // Stands in the stack trace only.
        thrown.addSuppressed(new UnsupportedOperationException(secret(place + 7)));
        logger.error(secret(place + 4), thrown);
    }

    /** Throws what it should not tell. */
    public static final class Unserialisable {
        @SuppressWarnings("DoNotCallSuggester")
        public String getValue() {
            throw new IllegalStateException(secret(35));
        }
    }

    /** All texts of all records, and their JSON. */
    private String stored() {
        return store.batches().stream()
                .flatMap(RedactedEverywhereTest::records)
                .map(RedactedEverywhereTest::texts)
                .collect(Collectors.joining("\n"));
    }

    private static Stream<Record> records(HistoryBatch batch) {
        return Stream.of(batch.executions(), batch.changes(), batch.nodeResults(), batch.logs())
                .flatMap(List::stream);
    }

    private static String texts(Record value) {
        return Stream.of(value.getClass().getRecordComponents())
                .map(component -> {
                    try {
                        return component.getName() + "="
                                + component.getAccessor().invoke(value);
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError("cannot read " + component, e);
                    }
                })
                .collect(Collectors.joining(", "));
    }
}
