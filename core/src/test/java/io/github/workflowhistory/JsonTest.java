package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void nul_and_lone_surrogates_become_replacement_characters_in_keys_and_values() {
        assertThat(Json.parse("{\"a\\u0000b\":\"c\\u0000d\"}").text()).isEqualTo("{\"a\uFFFDb\":\"c\uFFFDd\"}");
        assertThat(Json.parse("[\"\\ud83d\",\"\\ude00\",\"x\uD83Dy\"]").text())
                .isEqualTo("[\"\uFFFD\",\"\uFFFD\",\"x\uFFFDy\"]");
        assertThat(Json.of(Map.of("k\u0000", "v\uDE00")).text()).isEqualTo("{\"k\uFFFD\":\"v\uFFFD\"}");
    }

    @Test
    void escaped_surrogates_without_partner_become_replacement_characters_in_keys_too() {
        assertThat(Json.parse("{\"a\\ud800\":1,\"\\uDE00\\uD83D\\uDE00\\\\ud800\":\"\\ud83dx\"}")
                        .tree())
                .isEqualTo(Json.of(Map.of("a\uFFFD", 1, "\uFFFD😀\\ud800", "\uFFFDx"))
                        .tree());
    }

    @Test
    void pairs_stay_however_they_are_spelled() {
        assertThat(Json.parse("\"\\ud83d\\ude00 😀\"").tree().textValue()).isEqualTo("😀 😀");
    }

    @Test
    void the_six_characters_of_an_escape_that_are_written_out_stay() {
        Json json = Json.parse("{\"\\\\u0000\":\"\\\\u0000 \\\\ud800\"}");

        assertThat(json.tree().path("\\u0000").textValue()).isEqualTo("\\u0000 \\ud800");
        assertThat(Json.of("\\u0000").tree().textValue()).isEqualTo("\\u0000");
    }

    @Test
    void the_last_of_several_equal_keys_wins() {
        Json json = Json.parse("{\"a\":1,\"b\":2,\"a\":3}");

        assertThat(json.tree().path("a").intValue()).isEqualTo(3);
        assertThat(json).isEqualTo(Json.parse("{\"b\":2,\"a\":3}")).hasSameHashCodeAs(Json.parse("{\"a\":3,\"b\":2}"));
        assertThat(json).isNotEqualTo(Json.parse("{\"b\":2,\"a\":1}"));
    }

    @Test
    void keys_that_cleaning_makes_equal_are_one_key() {
        assertThat(Json.parse("{\"a\\u0000\":1,\"a\\ufffd\":2}")).isEqualTo(Json.parse("{\"a\uFFFD\":2}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1.5",
                "1e2",
                "1E+2",
                "-1e-2",
                "9223372036854775808",
                "1e131071",
                "-1e131071",
                "1e-16383",
                "0.1e-16382",
                "123456789012345678901234567890.123456789"
            })
    void a_number_that_numeric_can_hold_stays_a_number(String number) {
        assertThat(Json.parse(number).tree().isNumber()).isTrue();
        assertThat(Json.parse(number).tree().decimalValue()).isEqualByComparingTo(new BigDecimal(number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e131072", "-1e131072", "10e131071", "1e-16384", "0.1e-16383", "1e999999999", "1e-999999999999"
            })
    void a_number_that_numeric_cannot_hold_becomes_a_string(String number) {
        assertThat(Json.parse(number).tree().textValue()).isEqualTo(number);
    }

    @Test
    void the_limits_hold_for_digits_that_are_written_out() {
        assertThat(Json.parse("9".repeat(131_072)).tree().isNumber()).isTrue();
        assertThat(Json.parse("9".repeat(131_073)).tree().isTextual()).isTrue();
        assertThat(Json.parse("0." + "1".repeat(16_383)).tree().isNumber()).isTrue();
        assertThat(Json.parse("0." + "1".repeat(16_384)).tree().isTextual()).isTrue();
    }

    @Test
    void five_hundred_levels_are_kept_and_the_next_is_a_placeholder() {
        Json kept = Json.parse("[".repeat(500) + "]".repeat(500));
        Json cut = Json.parse("[".repeat(501) + "]".repeat(501));

        assertThat(kept.text()).isEqualTo("[".repeat(500) + "]".repeat(500));
        assertThat(cut.text()).isEqualTo("[".repeat(500) + "\"(nested deeper than 500 levels)\"" + "]".repeat(500));
        assertThat(Json.parse("{\"a\":".repeat(501) + "1" + "}".repeat(501)).text())
                .contains("{\"a\":\"(nested deeper than 500 levels)\"}");
    }

    @Test
    void a_hundred_thousand_levels_do_no_harm() {
        Json json = Json.parse("[".repeat(100_000) + "]".repeat(100_000));
        Json after = Json.parse("[[1," + "[".repeat(100_000) + "]".repeat(100_000) + ",2],3]");

        assertThat(json).isEqualTo(Json.parse(json.text())).hasSameHashCodeAs(Json.parse(json.text()));
        assertThat(json.tree().size()).isEqualTo(1);
        assertThat(after.text()).endsWith(",2],3]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,",
                "[1]]",
                "1 2",
                "{} {}",
                "nul",
                "'a'",
                "{a:1}",
                "[1,]",
                "NaN",
                "Infinity",
                "01",
                "+1",
                "\"a",
                "\"\u0001\"",
                "// comment\n1",
                "\uFEFF1",
                "]",
                "{\"a\"}",
                "tru",
                "1.",
                "\"\\x\""
            })
    void text_that_is_not_one_json_value_is_refused(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not JSON");
    }

    @Test
    void null_is_refused_as_text_and_as_class() {
        assertThatThrownBy(() -> Json.parse(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Json.NULL.as(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void white_space_does_not_count() {
        assertThat(Json.parse(" \n{ \"a\" : [ 1 , 2 ] }\t").text()).isEqualTo("{\"a\":[1,2]}");
    }

    @Test
    void json_null_is_a_value() {
        assertThat(Json.NULL).isEqualTo(Json.parse("null")).isEqualTo(Json.of(null));
        assertThat(Json.NULL.tree().isNull()).isTrue();
        assertThat(Json.NULL.as(String.class)).isNull();
    }

    @Test
    void only_the_marker_of_a_truncated_payload_counts_as_truncated() {
        assertThat(Json.parse("{\"truncated\":true,\"bytes\":5,\"preview\":\"\"}")
                        .isTruncated())
                .isTrue();
        for (String other : List.of(
                "{\"truncated\":false,\"bytes\":5,\"preview\":\"\"}",
                "{\"truncated\":\"true\",\"bytes\":5,\"preview\":\"\"}",
                "{\"truncated\":true}",
                "{\"truncated\":true,\"bytes\":\"5\",\"preview\":\"\"}",
                "{\"truncated\":true,\"bytes\":5,\"preview\":1}",
                "[{\"truncated\":true,\"bytes\":5,\"preview\":\"\"}]",
                "\"truncated\"",
                "null")) {
            assertThat(Json.parse(other).isTruncated()).as(other).isFalse();
        }
    }

    @Test
    void a_value_is_read_as_an_object() {
        assertThat(Json.parse("{\"customerName\":\"Ann\",\"amount\":3,\"unknown\":true}")
                        .as(PayloadEncoderTest.Order.class))
                .isEqualTo(new PayloadEncoderTest.Order("Ann", 3));
        assertThat(Json.parse("[1,2]").as(int[].class)).containsExactly(1, 2);
        assertThatThrownBy(() -> Json.parse("[1]").as(PayloadEncoderTest.Order.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Order");
    }

    @Test
    void a_tree_belongs_to_the_caller() {
        Json json = Json.parse("{\"a\":1}");

        ((ObjectNode) json.tree()).put("a", 2);

        assertThat(json.tree().path("a").intValue()).isEqualTo(1);
        assertThat(json).hasToString("{\"a\":1}");
    }
}
