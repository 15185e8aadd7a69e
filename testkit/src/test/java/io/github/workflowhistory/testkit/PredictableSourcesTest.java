package io.github.workflowhistory.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.workflowhistory.store.HistoryOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The clock and the ids. */
class PredictableSourcesTest {

    @Test
    void a_clock_stands_still_until_it_is_moved() {
        SettableClock clock = new SettableClock();
        assertThat(clock.instant()).isEqualTo(SettableClock.DEFAULT_START).isEqualTo(clock.instant());

        assertThat(clock.advance(Duration.ofSeconds(90))).isEqualTo(Instant.parse("2026-01-01T00:01:30Z"));
        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:01:30Z"));
        assertThat(clock.advance(Duration.ofSeconds(-30))).isEqualTo(Instant.parse("2026-01-01T00:01:00Z"));

        clock.set(Instant.EPOCH);
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
        assertThat(clock).hasToString("SettableClock[1970-01-01T00:00:00Z]");
    }

    @Test
    void a_clock_that_many_threads_advance_loses_nothing() {
        SettableClock clock = new SettableClock(Instant.EPOCH);

        IntStream.range(0, 10_000).parallel().forEach(i -> clock.advance(Duration.ofMillis(1)));

        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(10));
    }

    @Test
    void ids_count_from_one() {
        SequentialIds ids = new SequentialIds();

        assertThat(ids.newId()).isEqualTo("id-000001");
        assertThat(ids.newId()).isEqualTo("id-000002");
        assertThat(new SequentialIds("run-").newId()).isEqualTo("run-000001");
        assertThat(new SequentialIds("").newId()).isEqualTo("000001");
    }

    @Test
    void ids_grow_in_byte_order_beyond_a_million() {
        SequentialIds ids = new SequentialIds();
        List<String> made = Stream.generate(ids::newId).limit(1_000_100).toList();

        List<String> sorted = new ArrayList<>(made);
        sorted.sort(HistoryOrder.IDS);
        assertThat(sorted.equals(made))
                .as("ids are made in the order of their bytes")
                .isTrue();
        assertThat(made.get(999_998)).isEqualTo("id-999999");
    }

    @Test
    void ids_of_many_threads_are_all_different() {
        SequentialIds ids = new SequentialIds();
        Set<String> made = new HashSet<>(
                IntStream.range(0, 10_000).parallel().mapToObj(i -> ids.newId()).toList());

        assertThat(made).hasSize(10_000);
    }

    @Test
    void a_prefix_that_makes_bad_ids_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SequentialIds("a\u0000"));
        assertThatIllegalArgumentException().isThrownBy(() -> new SequentialIds("x".repeat(500)));
    }
}
