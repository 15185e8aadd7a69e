package io.github.workflowhistory.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "false",
                "0",
                "-12.50",
                "\"\"",
                "\"a \\\" quote, a \\\\ and a \\n\"",
                "{\"a\":[1,2.5,{\"b\":null}],\"c\":\"text with spaces, ümläuts and 漢字\",\"d\":[true,false]}"
            })
    void what_is_clean_and_compact_already_is_not_written_anew(String text) {
        assertThat(JsonText.clean(text)).isSameAs(text);
    }

    @Test
    void everything_else_is_written_anew() {
        assertThat(JsonText.clean(" { \"a\" : 1 } ")).isEqualTo("{\"a\":1}");
        assertThat(JsonText.clean("\"a\\u0000b\"")).isEqualTo("\"a\uFFFDb\"");
        assertThat(JsonText.clean("{\"a\\u0000\":1}")).isEqualTo("{\"a\uFFFD\":1}");
        assertThat(JsonText.clean("\"\\\\u0000\"")).isEqualTo("\"\\\\u0000\"");
        assertThat(JsonText.clean("\"\uD800\"")).isEqualTo("\"\uFFFD\"");
        assertThat(JsonText.clean("\"\uD83D\uDE00\"")).isEqualTo("\"\uD83D\uDE00\"");
        assertThat(JsonText.clean("1e999999999")).isEqualTo("\"1e999999999\"");
        assertThat(JsonText.clean("[1E5]")).isEqualTo("[1E5]");
        assertThat(JsonText.clean("9".repeat(131_073))).isEqualTo("\"" + "9".repeat(131_073) + "\"");
        assertThat(JsonText.clean("9".repeat(101))).isEqualTo("9".repeat(101));
        assertThat(JsonText.clean("[".repeat(501) + "]".repeat(501))).contains(JsonText.TOO_DEEP);
        assertThat(JsonText.clean("[".repeat(500) + "]".repeat(500))).isEqualTo("[".repeat(500) + "]".repeat(500));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "}",
                "[1",
                "[1]]",
                "{\"a\"}",
                "1 2",
                "1,2",
                "truee",
                "tru",
                "nul",
                "-",
                ".5",
                "1.",
                "01",
                "\"a",
                "\"a\nb\"",
                "\"\\x\"",
                "'a'",
                "{\"a\":1,}",
                "[,]",
                "uNdefined",
                "ee"
            })
    void what_is_not_json_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonText.clean(text));
    }
}
