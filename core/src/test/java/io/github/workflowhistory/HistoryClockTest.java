package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.HistoryClock.Stopwatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryClockTest {
    @Test
    void durations_follow_the_clock_of_a_test() {
        CollectingStore store = new CollectingStore();
        SettableClock clock = new SettableClock();
        WorkflowHistory history =
                WorkflowHistory.builder(store).synchronous().clock(clock).build();

        history.run("workflow", null, run -> {
            clock.advance(Duration.ofSeconds(1));
            run.run("node", node -> clock.advance(Duration.ofMillis(1_500)));
            run.info("line");
            clock.advance(Duration.ofDays(40));
        });

        assertThat(store.nodeResult("node").startedAt()).isEqualTo(SettableClock.START.plusSeconds(1));
        assertThat(store.nodeResult("node").duration()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(store.log().timestamp()).isEqualTo(SettableClock.START.plusMillis(2_500));
        assertThat(store.execution().duration()).isEqualTo(Duration.ofDays(40).plusMillis(2_500));
        assertThat(store.execution().completedAt())
                .isEqualTo(SettableClock.START.plus(Duration.ofDays(40)).plusMillis(2_500));
    }

    @Test
    void without_one_durations_do_not_follow_the_time_of_day() {
        Stopwatch stopwatch = new HistoryClock(null).start();

        for (Instant wrong : new Instant[] {Instant.EPOCH, stopwatch.startedAt().plusSeconds(86_400)}) {
            assertThat(stopwatch.elapsed(wrong)).isBetween(Duration.ZERO, Duration.ofMinutes(5));
        }
    }

    @Test
    void the_monotonic_clock_advances() {
        Stopwatch stopwatch = new HistoryClock(null).start();

        Duration first = stopwatch.elapsed(Instant.EPOCH);
        while (stopwatch.elapsed(Instant.EPOCH).compareTo(first) == 0) {
            Thread.onSpinWait();
        }

        assertThat(stopwatch.elapsed(Instant.EPOCH)).isGreaterThan(first);
    }

    @Test
    void a_clock_that_is_set_back_gives_no_negative_duration() {
        SettableClock clock = new SettableClock();
        Stopwatch stopwatch = new HistoryClock(clock).start();
        clock.advance(Duration.ofHours(-1));

        assertThat(stopwatch.elapsed(clock.instant())).isZero();
    }

    @Test
    void the_system_clock_tells_the_time_by_default() {
        CollectingStore store = new CollectingStore();
        Instant before = Instant.now();

        WorkflowHistory.builder(store).synchronous().build().run("workflow", null, run -> {});

        assertThat(store.execution().startedAt())
                .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
        assertThat(store.execution().completedAt())
                .isAfterOrEqualTo(store.execution().startedAt());
    }

    @Test
    void the_time_that_serialising_takes_belongs_to_nobody() {
        CollectingStore store = new CollectingStore();
        List<Long> serialising = new ArrayList<>();
        long begun = System.nanoTime();
        WorkflowHistory history = WorkflowHistory.builder(store)
                .synchronous()
                .codec((value, out) -> {
                    serialising.add(System.nanoTime() - begun);
                    while (System.nanoTime() - begun - serialising.get(serialising.size() - 1) < 20_000_000) {
                        Thread.onSpinWait();
                    }
                    out.write("1");
                })
                .build();

        history.record("workflow", null, run -> run.call("node", node -> "output"));

        assertThat(store.nodeResult("node").duration()).isLessThanOrEqualTo(Duration.ofNanos(serialising.get(0)));
        assertThat(store.execution().duration()).isLessThanOrEqualTo(Duration.ofNanos(serialising.get(1)));
    }

    @Test
    void a_log_entry_has_the_time_of_the_call() {
        CollectingStore store = new CollectingStore();
        SettableClock clock = new SettableClock();
        WorkflowHistory history = WorkflowHistory.builder(store)
                .synchronous()
                .clock(clock)
                .codec((value, out) -> {
                    clock.advance(Duration.ofSeconds(5));
                    out.write("1");
                })
                .build();

        history.begin("workflow", null).info("line", "data");

        assertThat(store.log().timestamp()).isEqualTo(SettableClock.START);
    }
}
