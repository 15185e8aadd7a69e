package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Payloads as they are stored: what serialisation, cleaning and the limit make of host objects. */
class PayloadEncoderTest {
    private static final int LIMIT = 1 << 20;

    private final PayloadEncoder encoder = encoder(PayloadCodec.jackson(), LIMIT);

    private static PayloadEncoder encoder(PayloadCodec codec, int maxJsonBytes) {
        return new PayloadEncoder(codec, Redactor.NONE, maxJsonBytes, 1 << 16);
    }

    @Test
    void null_is_no_payload_and_json_null_is_one() {
        assertThat(encoder.payload(null)).isNull();
        assertThat(encoder.payload(Json.NULL)).isEqualTo(Json.NULL);
    }

    @Test
    void json_is_taken_as_it_is_alone_and_inside_other_values() {
        Json json = Json.parse("{\"a\":[1,2.50]}");

        assertThat(encoder.payload(json)).isSameAs(json);
        assertThat(encoder.payload(Map.of("inner", json))).isEqualTo(Json.parse("{\"inner\":{\"a\":[1,2.5]}}"));
        assertThat(encoder(PayloadCodec.jackson(new ObjectMapper()), LIMIT).payload(List.of(json)))
                .isEqualTo(Json.parse("[{\"a\":[1,2.5]}]"));
    }

    @Test
    void a_later_change_of_the_object_does_not_change_history() {
        Map<String, Object> value = new HashMap<>(Map.of("state", "before"));

        Json recorded = encoder.payload(value);
        value.put("state", "after");

        assertThat(recorded).isEqualTo(Json.parse("{\"state\":\"before\"}"));
    }

    @Test
    void a_cyclic_object_becomes_a_marker() {
        Map<String, Object> cyclic = new HashMap<>();
        cyclic.put("self", new ArrayList<>(List.of(cyclic)));
        Map<String, Object> simple = new HashMap<>();
        simple.put("self", simple);

        for (Object value : List.of(cyclic.get("self"), simple)) {
            JsonNode marker = encoder.payload(value).tree();
            assertThat(marker.path("unserializable").asBoolean()).isTrue();
            assertThat(marker.path("type").asText()).isEqualTo(value.getClass().getName());
            assertThat(marker.path("error").asText()).isNotBlank();
        }
    }

    @Test
    void a_cyclic_object_becomes_a_marker_with_a_mapper_of_the_host_too() {
        List<Object> cyclic = new ArrayList<>();
        cyclic.add(cyclic);

        Json recorded = encoder(PayloadCodec.jackson(new ObjectMapper()), LIMIT).payload(cyclic);

        assertThat(recorded.tree().path("unserializable").asBoolean()).isTrue();
    }

    public static class GetterThrows {
        public String getValue() {
            throw new IllegalStateException("not now");
        }
    }

    public static class GetterRunsOutOfStack {
        public String getValue() {
            throw new StackOverflowError();
        }
    }

    public static class GetterFailsToLink {
        public String getValue() {
            throw new NoClassDefFoundError("com/example/Missing");
        }
    }

    @Test
    void a_getter_that_throws_becomes_a_marker_with_its_error() {
        for (Object value : List.of(new GetterThrows(), new GetterRunsOutOfStack(), new GetterFailsToLink())) {
            JsonNode marker = encoder.payload(value).tree();
            assertThat(marker.path("unserializable").asBoolean()).isTrue();
            assertThat(marker.path("type").asText()).isEqualTo(value.getClass().getName());
        }
        assertThat(encoder.payload(new GetterThrows()).tree().path("error").asText())
                .contains("not now");
    }

    @Test
    void a_key_whose_text_throws_becomes_a_marker() {
        Object key = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no text");
            }
        };

        Json recorded = encoder.payload(Map.of(key, 1));

        assertThat(recorded.tree().path("unserializable").asBoolean()).isTrue();
    }

    @Test
    void a_codec_that_writes_no_json_becomes_a_marker() {
        for (String written : List.of("", "{", "[1]]", "nonsense", "NaN")) {
            Json recorded = encoder((value, out) -> out.write(written), LIMIT).payload("anything");
            assertThat(recorded.tree().path("unserializable").asBoolean())
                    .as(written)
                    .isTrue();
        }
    }

    @Test
    void a_codec_that_throws_anything_becomes_a_marker() {
        List<Throwable> throwables = List.of(
                new IOException("io"),
                new IllegalStateException("state"),
                new StackOverflowError(),
                new OutOfMemoryError());
        for (Throwable throwable : throwables) {
            PayloadCodec codec = (value, out) -> sneak(throwable);
            assertThat(encoder(codec, LIMIT).payload("x").tree().path("error").asText())
                    .contains(throwable.getClass().getName());
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable throwable) throws X {
        throw (X) throwable;
    }

    @Test
    void a_chain_of_600_objects_is_cut_at_500_levels() {
        Object chain = "end";
        for (int i = 0; i < 600; i++) {
            chain = List.of(chain);
        }

        Json recorded = encoder.payload(chain);

        assertThat(recorded.text()).contains("nested deeper than 500 levels").doesNotContain("end");
        assertThat(recorded.tree().path("unserializable").isMissingNode()).isTrue();
    }

    @Test
    void a_payload_of_exactly_the_limit_is_kept_and_one_byte_more_is_not() {
        PayloadEncoder small = encoder(PayloadCodec.jackson(), 200);

        assertThat(small.payload("x".repeat(198)).isTruncated()).isFalse();
        Json truncated = small.payload("x".repeat(199));
        assertThat(truncated.isTruncated()).isTrue();
        assertThat(truncated.tree().path("bytes").asLong()).isEqualTo(201);
        assertThat(truncated.tree().path("preview").asText()).isEqualTo("\"" + "x".repeat(199));
    }

    @Test
    void the_limit_counts_bytes_not_characters() {
        PayloadEncoder small = encoder(PayloadCodec.jackson(), 200);

        assertThat(small.payload("漢".repeat(66)).isTruncated()).isFalse();
        assertThat(small.payload("漢".repeat(67)).tree().path("bytes").asLong()).isEqualTo(203);
        assertThat(small.payload("😀".repeat(50)).tree().path("bytes").asLong()).isEqualTo(202);
    }

    @Test
    void a_json_value_over_the_limit_is_truncated_too() {
        Json truncated = encoder(PayloadCodec.jackson(), 200).payload(Json.of("x".repeat(300)));

        assertThat(truncated.isTruncated()).isTrue();
        assertThat(truncated.tree().path("bytes").asLong()).isEqualTo(302);
    }

    @Test
    void what_cleaning_makes_larger_than_the_limit_is_truncated() {
        // 500 levels around many empty arrays, each of which becomes a placeholder that is ten times as long.
        String deep = "[".repeat(500) + "[],".repeat(2_000) + "[]" + "]".repeat(500);

        Json recorded = encoder((value, out) -> out.write(deep), 10_000).payload("x");

        assertThat(deep).hasSizeLessThan(10_000);
        assertThat(recorded.isTruncated()).isTrue();
        assertThat(recorded.text()).hasSizeLessThan(10_000);
    }

    /** A sequence of 300 megabytes that never exists as a whole. */
    private static Iterable<String> megabytes(int count) {
        String megabyte = "x".repeat(1 << 20);
        return () -> new Iterator<>() {
            private int left = count;

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public String next() {
                left--;
                return megabyte;
            }
        };
    }

    @Test
    void hundreds_of_megabytes_are_counted_and_not_kept() {
        BoundedWriter out = new BoundedWriter(LIMIT, 1_000);

        assertThatNoException().isThrownBy(() -> PayloadCodec.jackson().write(megabytes(300), out));

        assertThat(out.bytes()).isEqualTo(2 + 300L * ((1 << 20) + 3) - 1);
        assertThat(out.kept()).hasSize(1_000).startsWith("[\"xxx");
    }

    @Test
    void a_sequence_without_end_is_given_up() {
        Iterable<String> endless = megabytes(Integer.MAX_VALUE);

        Json recorded = encoder.payload(endless);

        assertThat(recorded.isTruncated()).isTrue();
        assertThat(recorded.tree().path("bytes").asLong()).isGreaterThan(BoundedWriter.MAX_COUNTED);
    }

    @Test
    void a_throwable_becomes_an_object_with_its_text_and_stack_trace() {
        JsonNode data = encoder.payload(new IllegalStateException("boom", new IOException("disk")))
                .tree();

        assertThat(data.path("error").asText())
                .isEqualTo("java.lang.IllegalStateException: boom\ncaused by: java.io.IOException: disk");
        assertThat(data.path("stackTrace").asText()).contains("PayloadEncoderTest");
    }

    public record Order(String customerName, int amount) {}

    @Test
    void a_mapper_of_the_host_is_used_as_it_is() {
        ObjectMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();

        Json recorded = encoder(PayloadCodec.jackson(mapper), LIMIT).payload(new Order("Ann", 3));

        assertThat(recorded).isEqualTo(Json.parse("{\"customer_name\":\"Ann\",\"amount\":3}"));
    }
}
