package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.internal.Texts;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class TextLimitTest {
    private static final Pattern MARKER = Pattern.compile("\n… \\((\\d+) characters left out\\) …\n");

    @Test
    void a_text_within_the_limit_is_untouched() {
        String text = "x".repeat(1_000);

        assertThat(TextLimit.apply(text, 1_000)).isSameAs(text);
        assertThat(TextLimit.apply("漢".repeat(333), 999)).isEqualTo("漢".repeat(333));
        assertThat(TextLimit.apply("", 100)).isEmpty();
    }

    @Test
    void a_longer_text_keeps_its_head_and_its_tail() {
        String limited = TextLimit.apply("head" + "x".repeat(10_000) + "root cause", 200);

        assertThat(limited).startsWith("headxxx").endsWith("xxxroot cause").contains("characters left out");
        assertThat(limited).hasSizeBetween(180, 200);
    }

    @Test
    void a_limited_text_is_not_limited_again() {
        String once = TextLimit.apply("x".repeat(10_000), 200);

        assertThat(TextLimit.apply(once, 200)).isSameAs(once);
    }

    @RepeatedTest(200)
    void any_text_stays_within_the_limit_and_begins_and_ends_as_it_did() {
        long seed = Awkward.seed();
        Random random = new Random(seed);
        String text = Texts.clean(Awkward.text(random, 400));
        int limit = 100 + random.nextInt(300);

        String limited = TextLimit.apply(text, limit);

        byte[] utf8 = limited.getBytes(StandardCharsets.UTF_8);
        assertThat(utf8.length).as("seed %d", seed).isLessThanOrEqualTo(limit);
        assertThat(Texts.isStorable(limited)).as("seed %d", seed).isTrue();
        assertThat(new String(utf8, StandardCharsets.UTF_8)).as("seed %d", seed).isEqualTo(limited);
        if (text.getBytes(StandardCharsets.UTF_8).length <= limit) {
            assertThat(limited).as("seed %d", seed).isSameAs(text);
            return;
        }
        Matcher marker = MARKER.matcher(limited);
        assertThat(marker.find()).as("seed %d", seed).isTrue();
        String head = limited.substring(0, marker.start());
        String tail = limited.substring(marker.end());
        assertThat(text).as("seed %d", seed).startsWith(head).endsWith(tail);
        assertThat(Integer.parseInt(marker.group(1)))
                .as("seed %d", seed)
                .isEqualTo(text.length() - head.length() - tail.length());
        assertThat(utf8.length).as("seed %d: uses its room", seed).isGreaterThan(limit - 12);
    }
}
