package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Misuse throws at once, names the thing, and records nothing. */
class MisuseTest {
    private static final String[] BAD_IDS = {"", " ", "a\u0000b", "\uD83D", "x".repeat(513)};

    private final CollectingStore store = new CollectingStore();
    private final WorkflowHistory history =
            WorkflowHistory.builder(store).synchronous().build();

    @Test
    void a_bad_id_is_refused_at_the_call() {
        ExecutionRun run = history.begin("workflow", null);
        int before = store.batches().size();
        for (String bad : BAD_IDS) {
            Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
            calls.put("record", () -> history.record(bad, null, any -> 1));
            calls.put("run", () -> history.run(bad, null, any -> {}));
            calls.put("begin", () -> history.begin(bad, null));
            calls.put("recordQueued", () -> history.recordQueued(bad, null));
            calls.put("execution", () -> history.execution(bad));
            calls.put("id", () -> history.execution("workflow").id(bad));
            calls.put("attach", () -> history.attach(bad));
            calls.put("attach with work", () -> history.attach(bad, any -> 1));
            calls.put("node", () -> run.run(bad, any -> {}));
            calls.put("node call", () -> run.call(bad, "name", any -> 1));
            calls.put("node begin", () -> run.begin(bad));
            calls.put("node skip", () -> run.skip(bad, "reason"));
            calls.forEach((name, call) -> assertThatThrownBy(call)
                    .as("%s with %s", name, bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(" id "));
        }
        assertThat(store.batches()).hasSize(before);
    }

    @Test
    void null_is_refused_at_the_call_by_name() {
        ExecutionRun run = history.begin("workflow", null);
        NodeRun node = run.begin("node");
        int before = store.batches().size();
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("store", () -> WorkflowHistory.builder(null));
        calls.put(
                "recorder",
                () -> WorkflowHistory.builder(store).recorder(any -> null).build());
        calls.put("wrapper", () -> WorkflowHistory.builder(store).recorder(null));
        calls.put("codec", () -> WorkflowHistory.builder(store).codec(null));
        calls.put("redactor", () -> WorkflowHistory.builder(store).redactor(null));
        calls.put("minimum", () -> WorkflowHistory.builder(store).logLevel(null));
        calls.put("clock", () -> WorkflowHistory.builder(store).clock(null));
        calls.put("ids", () -> WorkflowHistory.builder(store).idGenerator(null));
        calls.put("listener", () -> WorkflowHistory.builder(store).onRejection(null));
        calls.put("workflow id", () -> history.begin(null, null));
        calls.put("body", () -> history.record("workflow", null, null));
        calls.put("action", () -> history.run("workflow", null, null));
        calls.put("execution id", () -> history.attach(null));
        calls.put("timeout", () -> history.flush(null));
        calls.put("node id", () -> run.begin((String) null));
        calls.put("nodeName", () -> run.begin("node", null));
        calls.put("reason", () -> run.skip("node", null));
        calls.put("level", () -> run.log(null, "message", null));
        calls.put("message", () -> node.info(null));
        calls.put("host", () -> node.logger(null));
        calls.put("error", () -> run.failed((String) null));
        calls.forEach((name, call) -> assertThatThrownBy(call)
                .as(name)
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining(name));
        assertThatThrownBy(() -> run.call("node", null)).hasMessageContaining("body");
        assertThatThrownBy(() -> run.run("node", null)).hasMessageContaining("action");
        assertThatThrownBy(() -> history.attach("e", null)).hasMessageContaining("body");
        assertThatThrownBy(() -> node.failed((Throwable) null)).hasMessageContaining("error");
        assertThatThrownBy(() -> node.skipped(null)).hasMessageContaining("reason");
        assertThat(store.batches()).hasSize(before);
    }

    @Test
    void a_refused_node_does_not_end_the_work_of_others() {
        history.run("workflow", UUID.randomUUID(), run -> {
            assertThatThrownBy(() -> run.run(" ", any -> {})).isInstanceOf(IllegalArgumentException.class);
            run.run("good", any -> {});
        });

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.nodeResults()).hasSize(1);
    }

    @Test
    void a_limit_below_100_bytes_is_refused() {
        WorkflowHistory.builder(store)
                .maxPayloadBytes(100)
                .maxTextBytes(100)
                .synchronous()
                .build();
        assertThatThrownBy(() -> WorkflowHistory.builder(store).maxPayloadBytes(99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxPayloadBytes must be at least 100, not 99");
        assertThatThrownBy(() -> WorkflowHistory.builder(store).maxTextBytes(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxTextBytes must be at least 100, not -1");
    }
}
