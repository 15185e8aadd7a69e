package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class NoopTest {
    private final WorkflowHistory history = WorkflowHistory.noop();

    /** Counts how often it is serialised. */
    public static final class Counted {
        private final AtomicInteger reads = new AtomicInteger();

        private Counted() {}

        public int getValue() {
            return reads.incrementAndGet();
        }
    }

    @Test
    void work_runs_as_usual_and_nothing_is_serialised_or_kept() {
        Counted counted = new Counted();

        Object output = history.record("workflow", null, run -> {
            run.info("line", counted);
            run.logger(new FakeHostLogger(Level.ERROR))
                    .atInfo()
                    .addKeyValue("k", counted)
                    .log("line");
            NodeRun node = run.begin("callback");
            node.failed("boom");
            node.retry().end(counted, null);
            run.skip("skipped", "reason");
            return run.call("node", inner -> counted);
        });

        assertThat(output).isSameAs(counted);
        assertThat(counted.reads).hasValue(0);
        assertThat(history.store().listExecutions(ExecutionQuery.all())).isEmpty();
    }

    @Test
    void an_attached_execution_ends_without_a_store() {
        String id = history.recordQueued("workflow", null);

        assertThat(history.<Integer, RuntimeException>attach(id, run -> 7)).isEqualTo(7);
        assertThat(history.store().findExecution(id)).isEmpty();
        assertThat(history.store().findDetails(id)).isEmpty();
        assertThat(history.store().listLogs(LogQuery.ofExecution(id))).isEmpty();
        assertThat(history.store().deleteExecution(id)).isFalse();
        assertThat(history.store().leases()).isEmpty();
    }

    @Test
    void exceptions_pass_and_misuse_is_still_refused() {
        IllegalStateException error = new IllegalStateException("boom");

        assertThatThrownBy(() -> history.run("workflow", null, run -> {
                    throw error;
                }))
                .isSameAs(error);
        assertThatThrownBy(() -> history.begin(" ", null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void it_is_shared_and_survives_closing() {
        history.close();

        assertThat(WorkflowHistory.noop()).isSameAs(history);
        assertThat(history.flush(Duration.ZERO)).isTrue();
        assertThat(history.<Integer, RuntimeException>record("workflow", null, run -> 1))
                .isEqualTo(1);
    }
}
