package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Two JSON values are equal when jsonb would call them equal. */
class JsonEqualityTest {
    @Test
    void numbers_are_equal_by_value() {
        for (List<String> equal : List.of(
                List.of("100", "1e2", "1E+2", "100.00", "10e1", "1000e-1"),
                List.of("0", "-0", "0.0", "0e5", "-0.00e-3"),
                List.of("-1.5", "-1.50", "-15e-1"))) {
            for (String a : equal) {
                for (String b : equal) {
                    assertThat(Json.parse(a)).isEqualTo(Json.parse(b)).hasSameHashCodeAs(Json.parse(b));
                }
            }
        }
    }

    @Test
    void different_values_differ() {
        List<String> values = List.of(
                "0",
                "1",
                "-1",
                "10",
                "1.5",
                "9007199254740992",
                "9007199254740993",
                "\"1\"",
                "\"\"",
                "\"null\"",
                "null",
                "true",
                "false",
                "\"true\"",
                "[]",
                "{}",
                "[[]]",
                "[{}]",
                "[1]",
                "[1,1]",
                "[1,2]",
                "[2,1]",
                "[[1],2]",
                "[1,[2]]",
                "\"[1,\"",
                "{\"a\":1}",
                "{\"a\":null}",
                "{\"a\":2}",
                "{\"b\":1}",
                "{\"A\":1}",
                "{\"a\":1,\"b\":1}",
                "{\"a\":{\"b\":1}}",
                "\"\\\"a\\\":1,\"",
                "{\"a\\\":1,\\\"b\":1}",
                "\"\\\\\"",
                "\"\\\\\\\\\"",
                "\"é\"",
                "\"e\u0301\"");
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j < values.size(); j++) {
                assertThat(Json.parse(values.get(i)).equals(Json.parse(values.get(j))))
                        .as("%s and %s", values.get(i), values.get(j))
                        .isEqualTo(i == j);
            }
        }
    }

    @Test
    void nothing_else_is_equal_to_json() {
        assertThat(Json.of("a").equals((Object) "a")).isFalse();
        assertThat(Json.of("a").equals(null)).isFalse();
        assertThat(Json.NULL.equals(null)).isFalse();
    }

    @RepeatedTest(200)
    void another_spelling_of_a_value_is_equal_and_another_value_is_not() {
        long seed = Awkward.seed();
        Random random = new Random(seed);
        Object value = value(random, 4);

        Json one = Json.parse(spell(value, random));
        Json other = Json.parse(spell(value, random));
        Json different = Json.parse(spell(List.of("not", value), random));

        assertThat(one).as("seed %d", seed).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(other).as("seed %d", seed).isEqualTo(one);
        assertThat(one).as("seed %d", seed).isNotEqualTo(different);
        assertThat(Json.parse(one.text())).as("seed %d", seed).isEqualTo(one);
        assertThat(Json.parse(one.tree().toString())).as("seed %d", seed).isEqualTo(one);
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> Awkward.text(random, 5);
            case 1 -> BigDecimal.valueOf(random.nextInt(2_000) - 1_000, random.nextInt(40) - 20);
            case 2 -> random.nextBoolean();
            case 3 -> Json.NULL;
            case 4 -> {
                List<Object> array = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array;
            }
            default -> {
                Map<String, Object> object = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.put("k" + random.nextInt(100), value(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static String spell(Object value, Random random) {
        if (value instanceof BigDecimal number) {
            return switch (random.nextInt(3)) {
                case 0 -> number.toPlainString();
                case 1 -> number.setScale(number.scale() + random.nextInt(5)).toString();
                default -> number.unscaledValue() + (random.nextBoolean() ? "e" : "E") + -number.scale();
            };
        }
        if (value instanceof List<?> array) {
            return "["
                    + String.join(
                            " ,",
                            array.stream()
                                    .map(element -> spell(element, random))
                                    .toList()) + "]";
        }
        if (value instanceof Map<?, ?> object) {
            List<Map.Entry<?, ?>> entries = new ArrayList<>(object.entrySet());
            Collections.shuffle(entries, random);
            return "{"
                    + String.join(
                            ",",
                            entries.stream()
                                    .map(entry -> "\"" + entry.getKey() + "\":" + spell(entry.getValue(), random))
                                    .toList())
                    + "}";
        }
        return Json.of(value).text();
    }
}
