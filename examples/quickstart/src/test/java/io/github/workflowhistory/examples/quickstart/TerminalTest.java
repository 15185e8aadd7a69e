package io.github.workflowhistory.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    @Test
    void colours_need_a_terminal_that_takes_them_and_nobody_who_minds() {
        assertThat(Terminal.of(Map.of(), true).colours()).isTrue();
        assertThat(Terminal.of(Map.of(), false).colours()).isFalse();
        assertThat(Terminal.of(Map.of("NO_COLOR", "1"), true).colours()).isFalse();
        assertThat(Terminal.of(Map.of("NO_COLOR", ""), true).colours()).isTrue();
        assertThat(Terminal.of(Map.of("TERM", "dumb"), true).colours()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"120,120", "20,60", "9999,200", "wide,100", "'',100"})
    void the_width_is_that_of_the_terminal_within_reason(String columns, int width) {
        assertThat(Terminal.of(Map.of("COLUMNS", columns), false).width()).isEqualTo(width);
    }

    @ParameterizedTest
    @CsvSource({"0,< 1 ms", "999,999 ms", "1000,1.0 s", "59999,60.0 s", "60000,1 min 0 s", "3661000,1 h 1 min"})
    void durations_are_told_in_units_that_people_use(long millis, String text) {
        assertThat(Texts.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void a_text_is_never_cut_within_a_character() {
        assertThat(Texts.fit("ab\ud83d\ude00c", 4)).isEqualTo("ab…");
        assertThat(Texts.fit("abcd", 4)).isEqualTo("abcd");
    }
}
