package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.START;
import static io.github.workflowhistory.testkit.contract.Samples.at;
import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Rule 9 for payloads: every JSON value comes back equal, wherever it stands. */
public abstract class JsonRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected JsonRules(StoreUnderTest underTest) {
        super(underTest);
    }

    private static Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("null", "null");
        values.put("true", "true");
        values.put("false", "false");
        values.put("a number", "42");
        values.put("a text", "\"text\"");
        values.put("an empty text", "\"\"");
        values.put("an empty object", "{}");
        values.put("an empty array", "[]");
        values.put("an empty key", "{\"\": 1}");
        values.put("null in an object and in an array", "{\"a\": null, \"b\": [null, null]}");
        values.put("duplicate keys", "{\"a\": 1, \"b\": 2, \"a\": {\"c\": 3, \"c\": 4}}");
        values.put("keys out of order", "{\"z\": 1, \"aa\": 2, \"b\": 3, \"A\": 4}");
        values.put("numbers spelled in several ways", "[1e2, 100, 100.0, 1.00E+2, 10000e-2, -0, -0.0, 0e10]");
        values.put("numbers beyond double", "[9007199254740993, 0.1, 3.141592653589793238462643383279502884197]");
        values.put("numbers beyond long", "[-9223372036854775809, 18446744073709551616, 1e300, 1e-300]");
        values.put("the longest integer that numeric holds", "9".repeat(131_072));
        values.put("an integer that is longer", "9".repeat(131_073));
        values.put("the greatest power of ten that numeric holds", "[1e131071, -1e131071]");
        values.put("a power of ten that is greater", "[1e131072, 10e131071, 1e999999999, 1e99999999999]");
        values.put("the longest fraction that numeric holds", "0." + "3".repeat(16_383));
        values.put("a fraction that is longer", "0." + "3".repeat(16_384));
        values.put("the smallest power of ten that numeric holds", "[1e-16383, 1.5e-16382]");
        values.put("a power of ten that is smaller", "[1e-16384, 1.5e-16383, 1e-999999999]");
        values.put("U+0000 in keys and texts", "{\"a\\u0000b\": \"c\\u0000d\", \"\\u0000\": \"\\u0000\"}");
        values.put("keys that only cleaning makes equal", "{\"a\\u0000\": 1, \"a\uD800\": 2}");
        values.put("lone surrogates", "{\"\uD800\": \"\\udc00\", \"x\": \"\uDC00\uD800\"}");
        values.put("escapes that stay escapes", "[\"\\\\u0000\", \"\\\\\", \"\\\"\", \"\\/\", \"\\u001f\"]");
        values.put("keys in many scripts", "{\"\u00E9\": 1, \"e\u0301\": 2, \"\u30AD\u30FC\": 3, \"\uD83D\uDE80\": 4}");
        values.put("a long text", "\"" + "0123456789abcdef".repeat(65_536) + "\"");
        values.put("many keys", manyKeys());
        values.put("nested 499 levels deep", nested(499));
        values.put("nested 500 levels deep", nested(500));
        values.put("nested 501 levels deep", nested(501));
        values.put("nested 5000 levels deep", nested(5_000));
        return values;
    }

    @TestFactory
    Stream<DynamicTest> every_json_value_comes_back_equal() {
        return values().entrySet().stream()
                .map(value -> DynamicTest.dynamicTest(
                        value.getKey(), () -> assertKept(value.getKey(), Json.parse(value.getValue()))));
    }

    @Test
    void all_json_values_of_one_batch_stay_apart() {
        Map<String, NodeResult> results = new HashMap<>();
        values().forEach((id, json) -> results.put(id, result(id, "e", Json.parse(json))));

        record(running("e"), results.values());

        assertThat(results("e"))
                .hasSize(results.size())
                .allSatisfy(read -> assertThat(read.equals(results.get(read.id())))
                        .as("what was recorded as '%s' is equal", read.id())
                        .isTrue());
    }

    @Test
    void json_null_and_no_payload_are_different() {
        record(running("e"));
        record(
                result("1 null", "e", Json.NULL),
                result("2 none", "e", null),
                log("1 null", Json.NULL),
                log("2 none", null));

        assertThat(results("e").get(0).output()).isEqualTo(Json.NULL);
        assertThat(results("e").get(1).output()).isNull();
        assertThat(logs("e").get(0).data()).isEqualTo(Json.NULL);
        assertThat(logs("e").get(1).data()).isNull();
    }

    @Test
    void numbers_keep_every_digit() {
        String digits = "1234567890".repeat(20) + "." + "0987654321".repeat(20) + "1";
        record(running("e"));
        record(result("r", "e", Json.parse(digits)));

        Json output = Objects.requireNonNull(results("e").get(0).output());
        assertThat(output.as(BigDecimal.class)).isEqualTo(new BigDecimal(digits));
    }

    @Test
    void the_last_of_several_equal_keys_wins() {
        record(running("e"));
        record(result("r", "e", Json.parse("{\"a\": 1, \"b\": 2, \"a\": 3}")));

        assertThat(results("e").get(0).output()).isEqualTo(Json.parse("{\"b\": 2, \"a\": 3}"));
    }

    private void assertKept(String id, Json value) {
        WorkflowExecution execution = new WorkflowExecution(
                id,
                Samples.WORKFLOW,
                null,
                ExecutionStatus.SUCCESS,
                START,
                at(1),
                null,
                value,
                null,
                START,
                null,
                null);
        record(execution, result(id, id, value));
        record(new ExecutionLog(id, id, null, LogLevel.INFO, "message", value, START));

        // Compared outside of AssertJ: a megabyte in a failure message helps nobody.
        assertThat(value.equals(execution(id).finalOutput()))
                .as("the execution's output with '%s' is equal", id)
                .isTrue();
        assertThat(value.equals(results(id).get(0).output()))
                .as("the node's output with '%s' is equal", id)
                .isTrue();
        assertThat(value.equals(logs(id).get(0).data()))
                .as("the log's data with '%s' is equal", id)
                .isTrue();
        assertThat(value.equals(details(id).logs().get(0).data()))
                .as("the data in the details with '%s' is equal", id)
                .isTrue();
    }

    private static NodeResult result(String id, String executionId, @Nullable Json output) {
        return new NodeResult(id, executionId, "node", "Node", NodeStatus.SUCCESS, output, null, null, START, null, 1);
    }

    private static ExecutionLog log(String id, @Nullable Json data) {
        return new ExecutionLog(id, "e", null, LogLevel.INFO, "message", data, START);
    }

    private static String nested(int depth) {
        int objects = depth / 2;
        int arrays = depth - objects;
        return "[".repeat(arrays) + "{\"a\":".repeat(objects) + "1" + "}".repeat(objects) + "]".repeat(arrays);
    }

    private static String manyKeys() {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < 5_000; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("\"key ")
                    .append(i)
                    .append("\":")
                    .append(i);
        }
        return json.append('}').toString();
    }
}
