package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "exec_1732412345678_k3j9x2a1b",
                "Robert'); DROP TABLE",
                "100%",
                " a ",
                "漢",
                "😀",
                "a\nb",
                "\\u0000"
            })
    void any_other_text_is_an_id(String id) {
        assertThat(Ids.requireValid("id", id)).isSameAs(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "\u2003"})
    void a_blank_id_is_refused(String id) {
        assertThatThrownBy(() -> Ids.requireValid("node id", id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node id must not be blank");
    }

    @Test
    void null_is_refused_by_name() {
        assertThatThrownBy(() -> Ids.requireValid("node id", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("node id must not be null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000", "\uD83D", "a\uDE00b", "\uDE00\uD83D"})
    void what_would_have_to_be_cleaned_is_refused(String id) {
        assertThatThrownBy(() -> Ids.requireValid("node id", id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node id must not hold U+0000 or a surrogate without its partner");
    }

    @Test
    void the_limit_is_512_bytes() {
        assertThat(Ids.requireValid("id", "x".repeat(512))).hasSize(512);
        assertThat(Ids.requireValid("id", "漢".repeat(170) + "xx")).hasSize(172);
        assertThat(Ids.requireValid("id", "😀".repeat(128))).hasSize(256);
        for (String id : new String[] {"x".repeat(513), "漢".repeat(171), "😀".repeat(128) + "x", "x".repeat(1 << 20)}) {
            assertThatThrownBy(() -> Ids.requireValid("node id", id))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("512")
                    .hasMessageContaining("node id")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
        }
    }
}
