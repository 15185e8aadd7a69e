package io.github.workflowhistory.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.LogLevel;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QueriesTest {
    private static final UUID USER = UUID.fromString("00000000-0000-0000-0000-000000000001");

    @Test
    void a_query_of_executions_says_what_it_was_told() {
        assertThat(ExecutionQuery.all()).isEqualTo(new ExecutionQuery(null, null, ExecutionQuery.DEFAULT_LIMIT));
        assertThat(ExecutionQuery.all().ofUser(USER).ofWorkflow("w").limit(7))
                .isEqualTo(new ExecutionQuery(USER, "w", 7));
    }

    @Test
    void a_query_of_logs_says_what_it_was_told() {
        assertThat(LogQuery.ofExecution("e"))
                .isEqualTo(new LogQuery("e", null, LogLevel.DEBUG, LogQuery.DEFAULT_LIMIT));
        assertThat(LogQuery.ofExecution("e")
                        .ofNodeRun("n")
                        .atLeast(LogLevel.WARN)
                        .limit(7))
                .isEqualTo(new LogQuery("e", "n", LogLevel.WARN, 7));
    }

    @Test
    void limits_have_bounds() {
        assertThat(ExecutionQuery.all().limit(1).limit(ExecutionQuery.MAX_LIMIT).limit())
                .isEqualTo(ExecutionQuery.MAX_LIMIT);
        assertThat(LogQuery.ofExecution("e").limit(1).limit(LogQuery.MAX_LIMIT).limit())
                .isEqualTo(LogQuery.MAX_LIMIT);
        List<Runnable> refused = List.of(
                () -> ExecutionQuery.all().limit(0),
                () -> ExecutionQuery.all().limit(-1),
                () -> ExecutionQuery.all().limit(ExecutionQuery.MAX_LIMIT + 1),
                () -> LogQuery.ofExecution("e").limit(0),
                () -> LogQuery.ofExecution("e").limit(LogQuery.MAX_LIMIT + 1));
        assertThat(refused)
                .allSatisfy(query -> assertThatThrownBy(query::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("limit"));
    }

    @Test
    void bad_ids_and_nulls_are_refused_at_once() {
        assertThatThrownBy(() -> ExecutionQuery.all().ofWorkflow(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ExecutionQuery.all().ofWorkflow(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> ExecutionQuery.all().ofUser(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> LogQuery.ofExecution(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> LogQuery.ofExecution("e").ofNodeRun(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> LogQuery.ofExecution("e").ofNodeRun("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LogQuery.ofExecution("e").atLeast(null)).isInstanceOf(NullPointerException.class);
    }
}
