package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.ExecutionStatus.SUCCESS;
import static io.github.workflowhistory.testkit.contract.Samples.START;
import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.end;
import static io.github.workflowhistory.testkit.contract.Samples.queued;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.store.ExecutionChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Durations: measured ones are kept, missing ones computed, and 24.8 days are not the end. */
public abstract class DurationRules extends ContractGroup {
    private static final Duration COLUMN_END = Duration.ofMillis(Integer.MAX_VALUE);

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected DurationRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @Test
    void a_measured_duration_is_kept_even_when_the_clock_says_otherwise() {
        record(running("e"));
        record(end("e", SUCCESS).withDuration(Duration.ofMillis(7)));

        assertThat(execution("e").duration()).hasMillis(7);
    }

    @Test
    void a_missing_duration_is_computed_from_start_and_end() {
        record(running("changed"));
        record(ExecutionChange.ended("changed", SUCCESS, START.plusNanos(1_234_999_000)));
        record(Samples.ended("created", SUCCESS));

        assertThat(execution("changed").duration()).hasMillis(1_234);
        assertThat(execution("created").duration()).hasMillis(1_000);
    }

    @Test
    void a_missing_duration_is_computed_when_the_start_arrives_after_the_end() {
        record(queued("e"));
        record(end("e", SUCCESS));
        assertThat(execution("e").duration()).isNull();

        record(ExecutionChange.running("e", at(400)));

        assertThat(execution("e").duration()).hasMillis(600);
    }

    @Test
    void a_duration_is_zero_when_the_end_lies_before_the_start() {
        record(running("e"));
        record(ExecutionChange.ended("e", SUCCESS, START.minusSeconds(3_600)));

        assertThat(execution("e").completedAt()).isEqualTo(START.minusSeconds(3_600));
        assertThat(execution("e").duration()).isZero();
    }

    @Test
    void an_execution_of_forty_days_can_end() {
        Duration fortyDays = Duration.ofDays(40).plusMillis(123);
        record(running("computed"), running("measured"));
        record(ExecutionChange.ended("computed", SUCCESS, START.plus(fortyDays)));
        // The monotonic clock and the wall clock never agree exactly; past the column's end the wall clock is kept.
        record(ExecutionChange.ended("measured", SUCCESS, START.plus(fortyDays)).withDuration(fortyDays.plusMillis(5)));
        WorkflowExecution atOnce = ended("at once", START, START.plus(fortyDays), fortyDays.plusMillis(5));
        record(atOnce);

        assertThat(execution("computed").duration()).isEqualTo(fortyDays);
        assertThat(execution("measured").duration()).isEqualTo(fortyDays);
        assertThat(execution("at once")).isEqualTo(atOnce);
        assertThat(atOnce.duration()).isEqualTo(fortyDays);
        List<ExecutionSummary> listed = store().listExecutions(ExecutionQuery.all());
        assertThat(listed)
                .hasSize(3)
                .allSatisfy(summary -> assertThat(summary.duration()).isEqualTo(fortyDays));
    }

    @Test
    void durations_around_the_end_of_the_column_come_back_as_they_were() {
        for (long millis : new long[] {-1, 0, 1}) {
            Duration duration = COLUMN_END.plusMillis(millis);
            WorkflowExecution execution = ended("by the clock " + millis, START, START.plus(duration), duration);
            WorkflowExecution withoutStart = ended("without start " + millis, null, START.plus(duration), duration);
            record(execution, withoutStart);

            assertThat(execution(execution.id())).isEqualTo(execution);
            assertThat(execution(withoutStart.id())).isEqualTo(withoutStart);
        }
        assertThat(execution("without start 1").duration()).isEqualTo(COLUMN_END);
    }

    @Test
    void a_start_that_arrives_late_tells_the_duration_of_forty_days() {
        Duration fortyDays = Duration.ofDays(40);
        record(queued("e"));
        record(ExecutionChange.ended("e", SUCCESS, START.plus(fortyDays)).withDuration(fortyDays));
        assertThat(execution("e").duration()).isEqualTo(COLUMN_END);

        record(ExecutionChange.running("e", START));

        assertThat(execution("e").duration()).isEqualTo(fortyDays);
    }

    @Test
    void node_results_keep_their_durations() {
        record(running("e"));
        List<NodeResult> results = List.of(
                result("1 none", null, START, null),
                result("2 zero", START, START, Duration.ZERO),
                result("3 measured", START, at(50), Duration.ofNanos(48_999_999)),
                result("4 column end", null, at(60), COLUMN_END),
                result("5 forty days", START, START.plus(Duration.ofDays(40)), Duration.ofDays(40)),
                result("6 forty days without start", null, START.plus(Duration.ofDays(40)), Duration.ofDays(40)));

        record(results);

        assertThat(results("e")).isEqualTo(results);
        assertThat(results.get(2).duration()).hasMillis(48);
        assertThat(results.get(4).duration()).hasDays(40);
        assertThat(results.get(5).duration()).isEqualTo(COLUMN_END);
    }

    private static WorkflowExecution ended(
            String id, @Nullable Instant startedAt, Instant completedAt, Duration duration) {
        return new WorkflowExecution(
                id, Samples.WORKFLOW, null, SUCCESS, startedAt, completedAt, duration, null, null, START, null, null);
    }

    private static NodeResult result(
            String id, @Nullable Instant startedAt, Instant finishedAt, @Nullable Duration duration) {
        return new NodeResult(
                id, "e", "node", "Node", NodeStatus.SUCCESS, null, null, startedAt, finishedAt, duration, 1);
    }
}
