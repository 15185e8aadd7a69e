package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

class RejectionLogTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private final RuntimeException refused = new HistoryStoreException(Kind.DATA, "no such user", null);

    @Test
    void one_record_is_named_with_its_execution() {
        HistoryBatch lost = HistoryBatch.builder()
                .add(WorkflowExecution.running("exec_1", "import-orders", null, AT))
                .build();
        assertThat(RejectionLog.message(lost, 0, refused))
                .isEqualTo("History could not be recorded and is lost: 1 state of execution 'exec_1'."
                        + " The work itself is not affected. Cause: no such user");
    }

    @Test
    void many_records_are_counted_by_kind() {
        HistoryBatch lost = HistoryBatch.builder()
                .add(NodeResult.of("r1", "exec_1", "fetch", NodeStatus.SUCCESS, AT))
                .add(NodeResult.of("r2", "exec_1", "fetch", NodeStatus.SUCCESS, AT))
                .add(ExecutionLog.of("l1", "exec_2", LogLevel.INFO, "secret", AT))
                .add(ExecutionChange.ended("exec_3\nERROR forged", ExecutionStatus.SUCCESS, AT))
                .build();
        assertThat(RejectionLog.message(lost, 19, refused))
                .contains("1 state, 2 node results, 1 log entry of execution")
                .contains(" and 2 more, and 19 records since the last message. The work")
                .doesNotContain("\n", "secret");
    }

    /** As with the lines of the pipeline about trouble, see {@code TroubleTest}. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_failure_whose_message_says_what_is_wrong_is_shown_without_its_stack_trace(Kind kind) {
        RuntimeException cause = new HistoryStoreException(kind, "scripted", null);

        assertThat(shown(Level.INFO, cause)).isSameAs(kind == Kind.UNKNOWN ? cause : null);
        assertThat(shown(Level.DEBUG, cause)).isSameAs(cause);
    }

    @Test
    void a_failure_that_is_not_the_stores_is_shown_with_its_stack_trace() {
        RuntimeException cause = new IllegalStateException("bug");

        assertThat(shown(Level.INFO, cause)).isSameAs(cause);
    }

    private static Throwable shown(Level threshold, RuntimeException cause) {
        FakeHostLogger host = new FakeHostLogger(threshold);
        new RejectionLog(new SafeLog(host))
                .rejected(
                        HistoryBatch.builder()
                                .add(WorkflowExecution.running("exec_1", "import-orders", null, AT))
                                .build(),
                        cause);
        assertThat(host.lines).hasSize(1);
        return host.lines.get(0).throwable();
    }
}
