package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.MarkerFactory;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

class RunLoggerTest {
    private final CollectingStore store = new CollectingStore();
    private final WorkflowHistory history =
            WorkflowHistory.builder(store).synchronous().build();
    private final ExecutionRun run = history.begin("workflow", null);

    static Stream<FakeHostLogger> hosts() {
        return Stream.of(new FakeHostLogger(Level.TRACE), new FakeHostLogger.Aware(Level.TRACE));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void a_plain_message_goes_to_the_host_once_and_into_the_history(FakeHostLogger host) {
        run.logger(host).info("plain");

        assertThat(host.lines)
                .containsExactly(new FakeHostLogger.Line(Level.INFO, "plain", null, List.of(), List.of()));
        assertThat(store.log().message()).isEqualTo("plain");
        assertThat(store.log().level()).isEqualTo(LogLevel.INFO);
        assertThat(store.log().data()).isNull();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void placeholders_are_filled_in_both(FakeHostLogger host) {
        Logger logger = run.logger(host);

        logger.warn("one {}", 1);
        logger.warn("two {} {}", 1, 2);
        logger.warn("three {} {} {}", 1, 2, 3);
        logger.warn((String) null);
        logger.warn("none", (Object[]) null);

        List<String> expected =
                Stream.of("one 1", "two 1 2", "three 1 2 3", null, "none").toList();
        assertThat(host.lines).extracting(FakeHostLogger.Line::text).isEqualTo(expected);
        assertThat(store.logs())
                .extracting(ExecutionLog::message)
                .containsExactly("one 1", "two 1 2", "three 1 2 3", "null", "none");
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void a_throwable_is_recorded_with_its_stack_trace_however_it_is_handed_in(FakeHostLogger host) {
        IllegalStateException error = new IllegalStateException("boom");
        Logger logger = run.logger(host);

        logger.error("failed", error);
        logger.error("failed {}", "x", error);
        logger.error("failed {} {}", "x", "y", error);
        logger.atError().setCause(error).log("failed");
        logger.atError().log("failed {}", "x", error);

        assertThat(store.logs()).hasSize(5).allSatisfy(log -> {
            JsonNode data = log.data().tree();
            assertThat(data.path("error").asText()).isEqualTo("java.lang.IllegalStateException: boom");
            assertThat(data.path("stackTrace").asText()).contains("RunLoggerTest");
        });
        assertThat(host.lines).hasSize(5);
        assertThat(host.lines.subList(0, 4))
                .allSatisfy(line -> assertThat(line.throwable()).isSameAs(error));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void key_value_pairs_become_data(FakeHostLogger host) {
        run.logger(host)
                .atInfo()
                .addKeyValue("orders", 3)
                .addKeyValue("since", Instant.EPOCH)
                .log("fetched {}", 3);

        assertThat(store.log().message()).isEqualTo("fetched 3");
        assertThat(store.log().data()).isEqualTo(Json.parse("{\"orders\":3,\"since\":\"1970-01-01T00:00:00Z\"}"));
        assertThat(host.lines).hasSize(1);
        assertThat(host.lines.get(0).text()).contains("fetched 3");
    }

    @Test
    void a_host_that_takes_events_gets_key_value_pairs_markers_and_cause_as_they_are() {
        FakeHostLogger host = new FakeHostLogger.Aware(Level.TRACE);
        IllegalStateException error = new IllegalStateException("boom");

        run.logger(host)
                .atInfo()
                .addKeyValue("orders", 3)
                .addMarker(MarkerFactory.getMarker("AUDIT"))
                .setCause(error)
                .log("fetched");

        assertThat(host.lines)
                .containsExactly(new FakeHostLogger.Line(
                        Level.INFO, "fetched", error, List.of("AUDIT"), List.of(new KeyValuePair("orders", 3))));
        assertThat(store.log().data().tree().path("orders").asInt()).isEqualTo(3);
        assertThat(store.log().data().tree().path("error").asText()).contains("boom");
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void markers_reach_the_host_whose_filter_is_obeyed(FakeHostLogger host) {
        Logger logger = run.logger(host);

        logger.info(MarkerFactory.getMarker("AUDIT"), "kept");
        logger.info(MarkerFactory.getMarker("SILENT"), "filtered by the host");
        logger.atInfo().addMarker(MarkerFactory.getMarker("SILENT")).log("filtered by the host, too");

        assertThat(host.lines).filteredOn(line -> line.text().contains("kept")).hasSize(1);
        assertThat(host.lines)
                .filteredOn(line -> line.text().equals("filtered by the host"))
                .isEmpty();
        assertThat(store.logs()).hasSize(3);
    }

    @Test
    void the_host_filters_its_own_lines_and_the_history_its_own() {
        FakeHostLogger host = new FakeHostLogger(Level.ERROR);
        CollectingStore strict = new CollectingStore();
        Logger logger = WorkflowHistory.builder(strict)
                .synchronous()
                .logLevel(LogLevel.WARN)
                .build()
                .begin("workflow", null)
                .logger(host);

        logger.trace("a");
        logger.debug("b");
        logger.info("c");
        logger.warn("d");
        logger.error("e");

        assertThat(host.lines).extracting(FakeHostLogger.Line::text).containsExactly("e");
        assertThat(strict.logs()).extracting(ExecutionLog::message).containsExactly("d", "e");
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void a_level_is_enabled_when_the_host_or_the_history_wants_it(Level level) {
        Logger nobody = WorkflowHistory.noop().begin("workflow", null).logger(new FakeHostLogger(Level.ERROR));
        Logger onlyHost = WorkflowHistory.noop().begin("workflow", null).logger(new FakeHostLogger(Level.TRACE));
        Logger onlyHistory = run.logger(new FakeHostLogger(Level.ERROR));

        assertThat(nobody.isEnabledForLevel(level)).isEqualTo(level == Level.ERROR);
        assertThat(onlyHost.isEnabledForLevel(level)).isTrue();
        assertThat(onlyHistory.isEnabledForLevel(level)).isTrue();
    }

    @Test
    void trace_is_recorded_as_debug() {
        run.logger(new FakeHostLogger(Level.ERROR)).trace("detail");

        assertThat(store.log().level()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void every_level_of_slf4j_arrives_with_its_own_and_with_a_marker() {
        FakeHostLogger host = new FakeHostLogger(Level.TRACE);
        Logger logger = run.logger(host);

        for (Level level : Level.values()) {
            logger.atLevel(level).addMarker(MarkerFactory.getMarker("AUDIT")).log("line");
        }

        assertThat(host.lines).extracting(FakeHostLogger.Line::level).containsExactly(Level.values());
        assertThat(store.logs())
                .extracting(ExecutionLog::level)
                .containsExactly(LogLevel.ERROR, LogLevel.WARN, LogLevel.INFO, LogLevel.DEBUG, LogLevel.DEBUG);
    }

    @Test
    void what_is_logged_through_a_node_belongs_to_the_node() {
        NodeRun node = run.begin("fetch");

        node.logger().info("line");

        assertThat(store.log().nodeRunId()).isEqualTo(node.id());
        assertThat(store.log().executionId()).isEqualTo(run.id());
    }

    @Test
    void the_logger_has_the_name_of_the_host_s() {
        assertThat(run.logger(new FakeHostLogger(Level.TRACE)).getName()).isEqualTo("com.example.host");
        assertThat(run.logger().getName()).isEqualTo("io.github.workflowhistory.execution");
    }

    @Test
    void an_argument_that_throws_does_not_reach_the_host() {
        Object explosive = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("boom");
            }
        };

        assertThatNoException().isThrownBy(() -> run.logger().info("value {}", explosive));
        assertThat(store.log().message()).startsWith("value ");
    }

    @Test
    void the_text_of_a_throwable_is_redacted_with_and_without_key_value_pairs() {
        CollectingStore masked = new CollectingStore();
        Logger logger = WorkflowHistory.builder(masked)
                .synchronous()
                .redactor(new Redactor() {
                    @Override
                    public String redact(String text) {
                        return text.replace("s3cret", "***");
                    }
                })
                .build()
                .begin("workflow", null)
                .logger(new FakeHostLogger(Level.ERROR));
        IllegalStateException error = new IllegalStateException("password s3cret");

        logger.warn("login", error);
        logger.atWarn().addKeyValue("user", "u1").setCause(error).log("login");

        assertThat(masked.logs())
                .hasSize(2)
                .allSatisfy(log -> assertThat(log.data().text())
                        .contains("***", "stackTrace")
                        .doesNotContain("s3cret"));
    }
}
