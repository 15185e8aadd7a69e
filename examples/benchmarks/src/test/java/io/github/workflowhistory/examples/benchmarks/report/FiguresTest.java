package io.github.workflowhistory.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void the_median_is_the_value_in_the_middle_or_between_the_two_in_the_middle() {
        assertThat(Figures.median(List.of(9.0))).isEqualTo(9);
        assertThat(Figures.median(List.of(30.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Figures.median(List.of(30.0, 1.0, 4.0, 2.0))).isEqualTo(3);
    }

    @Test
    void ratios_are_taken_within_a_round_before_their_median() {
        // The machine was slow in round 2. The ratio of the medians would be 0.9.
        List<Double> competitor = List.of(90.0, 10.0, 160.0);
        List<Double> limit = List.of(100.0, 20.0, 200.0);

        assertThat(Figures.medianRatio(competitor, limit)).isEqualTo(0.8);
    }

    @Test
    void a_percentile_is_a_value_that_was_measured() {
        List<Double> hundred =
                IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).boxed().toList();

        assertThat(Figures.percentile(hundred, 0.99)).isEqualTo(99);
        assertThat(Figures.percentile(hundred, 0.5)).isEqualTo(50);
        assertThat(Figures.percentile(hundred, 1)).isEqualTo(100);
        assertThat(Figures.percentile(List.of(7.0), 0)).isEqualTo(7);
    }

    @Test
    void what_was_not_measured_has_no_figures() {
        assertThatIllegalArgumentException().isThrownBy(() -> Figures.median(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Figures.medianRatio(List.of(1.0), List.of()))
                .withMessageContaining("1 values, 0 of the baseline");
    }
}
