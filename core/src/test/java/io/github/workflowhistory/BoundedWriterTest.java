package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.internal.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BoundedWriterTest {
    @Test
    void the_preview_is_one_piece_even_when_a_pair_stands_where_it_ends() throws IOException {
        BoundedWriter out = new BoundedWriter(100, 10);

        out.write("123456789😀");
        out.write("x".repeat(200));
        out.write("never seen");

        assertThat(out.kept()).isEqualTo("123456789");
    }

    @Test
    void a_pair_that_is_written_in_two_calls_stays_a_pair() throws IOException {
        BoundedWriter out = new BoundedWriter(100, 10);

        out.write("a\uD83D");
        out.write("\uDE00b");

        assertThat(out.kept()).isEqualTo("a😀b");
        assertThat(out.bytes()).isEqualTo(6);
    }

    @Test
    void text_and_characters_are_counted_alike() throws IOException {
        BoundedWriter characters = new BoundedWriter(100, 10);
        BoundedWriter text = new BoundedWriter(100, 10);

        characters.write("__aé漢😀__".toCharArray(), 2, 5);
        text.write("__aé漢😀__", 2, 5);

        assertThat(characters.kept()).isEqualTo("aé漢😀").isEqualTo(text.kept());
        assertThat(characters.bytes()).isEqualTo(10).isEqualTo(text.bytes());
    }

    @RepeatedTest(50)
    void what_is_kept_is_the_whole_or_a_beginning_of_it_however_it_is_written() throws IOException {
        long seed = Awkward.seed();
        Random random = new Random(seed);
        String whole = Texts.clean(Awkward.text(random, 200));
        BoundedWriter out = new BoundedWriter(150, 60);

        for (int start = 0; start < whole.length(); ) {
            int end = Math.min(whole.length(), start + 1 + random.nextInt(40));
            out.write(whole, start, end - start);
            start = end;
        }

        assertThat(out.bytes()).as("seed %d", seed).isEqualTo(whole.getBytes(StandardCharsets.UTF_8).length);
        assertThat(whole).as("seed %d", seed).startsWith(out.kept());
        assertThat(Texts.isStorable(out.kept())).as("seed %d", seed).isTrue();
        if (out.isExceeded()) {
            assertThat(out.kept()).as("seed %d", seed).hasSizeBetween(1, 60);
        } else {
            assertThat(out.kept()).as("seed %d", seed).isEqualTo(whole);
        }
    }
}
