package io.github.workflowhistory.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Awkward;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void a_text_that_can_be_stored_is_the_same_instance() {
        String text = "plain 'quoted' 漢 😀 \\u0000 \n \u0001";

        assertThat(Texts.clean(text)).isSameAs(text);
    }

    @Test
    void nul_and_lone_surrogates_are_replaced_one_by_one() {
        assertThat(Texts.clean("\u0000a\u0000")).isEqualTo("\uFFFDa\uFFFD");
        assertThat(Texts.clean("\uD83D")).isEqualTo("\uFFFD");
        assertThat(Texts.clean("\uDE00\uD83D")).isEqualTo("\uFFFD\uFFFD");
        assertThat(Texts.clean("\uD83D\uD83D\uDE00\uDE00")).isEqualTo("\uFFFD😀\uFFFD");
        assertThat(Texts.clean("😀\u0000😀")).isEqualTo("😀\uFFFD😀");
    }

    @RepeatedTest(200)
    void what_is_clean_survives_utf8_and_is_left_alone() {
        long seed = Awkward.seed();
        String text = Awkward.text(new Random(seed), 50);

        String clean = Texts.clean(text);

        byte[] utf8 = clean.getBytes(StandardCharsets.UTF_8);
        assertThat(new String(utf8, StandardCharsets.UTF_8)).as("seed %d", seed).isEqualTo(clean);
        assertThat(clean).as("seed %d", seed).doesNotContain("\u0000").hasSameSizeAs(text);
        assertThat(Texts.isStorable(clean)).as("seed %d", seed).isTrue();
        assertThat(Texts.isStorable(text)).as("seed %d", seed).isEqualTo(clean.equals(text));
        assertThat(Texts.clean(clean)).as("seed %d", seed).isSameAs(clean);
        assertThat(Texts.utf8Length(clean)).as("seed %d", seed).isEqualTo(utf8.length);
        assertThat(Texts.utf8Length(text.replace('\u0000', '\uFFFD')))
                .as("seed %d", seed)
                .isEqualTo(utf8.length);
    }

    @Test
    void a_quoted_text_is_short_and_shows_odd_characters() {
        assertThat(Texts.quote("a\u0000\n\uD83D")).isEqualTo("'a\\u0000\\u000A\\uD83D'");
        assertThat(Texts.quote("x".repeat(60))).isEqualTo("'" + "x".repeat(60) + "'");
        assertThat(Texts.quote("x".repeat(61))).isEqualTo("'" + "x".repeat(60) + "…'");
        assertThat(Texts.isStorable(Texts.quote("x".repeat(59) + "😀"))).isTrue();
    }
}
