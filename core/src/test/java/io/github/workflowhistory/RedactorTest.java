package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RedactorTest {
    private static PayloadEncoder encoder(Redactor redactor) {
        return new PayloadEncoder(PayloadCodec.jackson(), redactor, 1_000, 1_000);
    }

    private static Redactor payloads(UnaryOperator<JsonNode> masking) {
        return new Redactor() {
            @Override
            public JsonNode redact(JsonNode payload) {
                return masking.apply(payload);
            }
        };
    }

    private static Redactor texts(UnaryOperator<String> masking) {
        return new Redactor() {
            @Override
            public String redact(String text) {
                return masking.apply(text);
            }
        };
    }

    @Test
    void keys_are_masked_at_any_depth_and_in_any_case() {
        Map<String, Object> value = Map.of(
                "user",
                "ann",
                "Password",
                "s3cret",
                "list",
                List.of(Map.of("TOKEN", Map.of("inner", "s3cret"), "kept", 1), "password"));

        Json recorded = encoder(Redactor.keys("password", "token")).payload(value);

        assertThat(recorded).isEqualTo(Json.parse("""
                        {"user": "ann", "Password": "***", "list": [{"TOKEN": "***", "kept": 1}, "password"]}"""));
    }

    @Test
    void keys_of_other_languages_do_not_depend_on_the_locale() {
        assertThat(encoder(Redactor.keys("APIKEY")).payload(Map.of("apiKey", "s3cret")))
                .isEqualTo(Json.parse("{\"apiKey\":\"***\"}"));
    }

    @Test
    void json_of_the_host_is_masked_and_stays_what_it_was() {
        Json original = Json.parse("{\"password\":\"s3cret\"}");

        assertThat(encoder(Redactor.keys("password")).payload(original).text()).doesNotContain("s3cret");
        assertThat(original.text()).contains("s3cret");
    }

    @Test
    void a_truncated_payload_has_no_preview_because_nobody_could_mask_it() {
        Json recorded = encoder(Redactor.keys("password")).payload(Map.of("password", "s3cret".repeat(1_000)));

        assertThat(recorded.isTruncated()).isTrue();
        assertThat(recorded.text()).doesNotContain("s3cret");
    }

    @Test
    void what_a_redactor_makes_too_large_is_truncated() {
        Json recorded = encoder(payloads(tree -> JsonNodeFactory.instance.textNode("x".repeat(2_000))))
                .payload("y");

        assertThat(recorded.isTruncated()).isTrue();
    }

    @Test
    void texts_are_masked_before_they_are_shortened() {
        PayloadEncoder encoder = encoder(texts(text -> text.replace("s3cret", "***")));

        assertThat(encoder.text("x".repeat(479) + "s3cret" + "y".repeat(2_000)))
                .doesNotContain("s3c")
                .contains("left out");
        assertThat(encoder.error(new IllegalStateException("s3cret", new RuntimeException("s3cret"))))
                .doesNotContain("s3cret");
    }

    @Test
    void the_error_of_an_unserialisable_value_is_masked() {
        Json recorded =
                encoder(texts(text -> text.replace("not now", "***"))).payload(new PayloadEncoderTest.GetterThrows());

        assertThat(recorded.text()).contains("unserializable").doesNotContain("not now");
    }

    @Test
    void a_redactor_that_fails_stores_nothing_and_harms_nobody() {
        List<Throwable> failures = List.of(
                new IllegalStateException("s3cret"), new StackOverflowError(), new NoClassDefFoundError("s3cret"));
        for (Throwable failure : failures) {
            PayloadEncoder forPayloads = encoder(payloads(tree -> sneak(failure)));
            PayloadEncoder forTexts = encoder(texts(text -> sneak(failure)));

            assertThatNoException().isThrownBy(() -> forTexts.text("x"));
            assertThat(forPayloads.payload("s3cret").text())
                    .contains("not recorded", failure.getClass().getName())
                    .doesNotContain("s3cret");
            assertThat(forTexts.text("s3cret"))
                    .contains("not recorded", failure.getClass().getName())
                    .doesNotContain("s3cret");
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, X extends Throwable> T sneak(Throwable throwable) throws X {
        throw (X) throwable;
    }

    @Test
    void a_redactor_that_returns_null_stores_nothing() {
        assertThat(encoder(payloads(tree -> null)).payload("s3cret").text()).contains("not recorded");
        assertThat(encoder(texts(text -> null)).text("s3cret")).contains("not recorded");
    }

    @Test
    void what_a_redactor_returns_is_cleaned() {
        ArrayNode deep = JsonNodeFactory.instance.arrayNode();
        deep.add("a\u0000b");

        assertThat(encoder(payloads(tree -> deep)).payload("x")).isEqualTo(Json.parse("[\"a\uFFFDb\"]"));
    }

    @Test
    void none_leaves_everything_as_it_is() {
        assertThat(Redactor.NONE.redact("text")).isEqualTo("text");
        assertThat(Redactor.NONE.redact(JsonNodeFactory.instance.nullNode()).isNull())
                .isTrue();
    }
}
