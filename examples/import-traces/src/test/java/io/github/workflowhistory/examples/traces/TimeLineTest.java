package io.github.workflowhistory.examples.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeLineTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void parents_come_first_and_siblings_in_the_order_of_the_file() throws TraceException {
        TimeLine timeLine = TimeLine.of(SampleTrace.create()
                .task("last", 1, "b", "a")
                .task("a", 1, "first")
                .task("b", 1, "first")
                .task("first", 1)
                .task("alone", 1)
                .read());

        assertThat(timeLine.tasks())
                .extracting(entry -> entry.task().id())
                .containsExactly("first", "alone", "a", "b", "last");
    }

    @Test
    void a_task_starts_when_the_last_of_its_parents_has_finished() throws TraceException {
        TimeLine timeLine = TimeLine.of(SampleTrace.create()
                .task("short", 1)
                .task("long", 2.5)
                .task("child", 0.000001, "short", "long")
                .read());

        assertThat(timeLine.tasks().get(0).start()).isEqualTo(START);
        assertThat(timeLine.tasks().get(2).start()).isEqualTo(START.plusMillis(2_500));
        assertThat(timeLine.tasks().get(2).end())
                .isEqualTo(START.plusMillis(2_500).plusNanos(1_000));
    }

    @Test
    void a_start_that_the_trace_states_counts_unless_a_parent_was_still_running() throws TraceException {
        TimeLine timeLine = TimeLine.of(SampleTrace.create()
                .described("a")
                .run("a", 3, ", \"executedAt\": \"2026-01-02T03:04:06Z\"")
                .described("b", "a")
                .run("b", 1, ", \"executedAt\": \"2026-01-02T03:04:08Z\"")
                .read());

        assertThat(timeLine.tasks().get(0).start()).isEqualTo(START.plusSeconds(1));
        assertThat(timeLine.tasks().get(1).start()).isEqualTo(START.plusSeconds(4));
    }

    @Test
    void the_execution_ends_after_its_makespan_or_with_its_last_task() throws TraceException {
        SampleTrace trace = SampleTrace.create().task("a", 7);

        assertThat(TimeLine.of(trace.makespan(10).read()).end()).isEqualTo(START.plusSeconds(10));
        assertThat(TimeLine.of(trace.makespan(5).read()).end()).isEqualTo(START.plusSeconds(7));
    }

    @Test
    void runtimes_keep_their_microseconds() throws TraceException {
        Trace trace = SampleTrace.create().task("a", 0.1234567).read();

        assertThat(trace.tasks().get(0).runtime()).isEqualTo(Duration.ofNanos(123_457_000));
    }

    @Test
    void a_parent_that_is_named_twice_is_waited_for_once() throws TraceException {
        Trace trace = SampleTrace.create().task("a", 1).task("b", 1, "a", "a").read();

        assertThat(TimeLine.of(trace).tasks()).hasSize(2);
    }

    @Test
    void tasks_that_wait_for_each_other_are_named() {
        assertThatThrownBy(() -> TimeLine.of(SampleTrace.create()
                        .task("ok", 1)
                        .task("after", 1, "c")
                        .task("b", 1, "ok", "c")
                        .task("c", 1, "b")
                        .read()))
                .isInstanceOf(TraceException.class)
                .hasMessage("tasks wait for each other: c <- b <- c");
        assertThatThrownBy(
                        () -> TimeLine.of(SampleTrace.create().task("a", 1, "a").read()))
                .hasMessage("tasks wait for each other: a <- a");
    }

    @Test
    void a_parent_that_is_no_task_is_named() {
        assertThatThrownBy(() ->
                        TimeLine.of(SampleTrace.create().task("a", 1, "ghost").read()))
                .isInstanceOf(TraceException.class)
                .hasMessage("task 'a' has a parent 'ghost' that is no task");
    }
}
