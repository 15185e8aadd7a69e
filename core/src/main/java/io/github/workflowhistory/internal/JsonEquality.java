package io.github.workflowhistory.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When two JSON values are the same to jsonb: order and spelling do not matter, the last of several equal keys wins, and
 * numbers are compared by their value (1e2 is 100 is 100.0).
 *
 * <p>Values are brought into one spelling and compared as text. Not by BigDecimal: that takes seconds for a number of
 * the 131,072 digits that PostgreSQL can hold.
 */
public final class JsonEquality {
    private JsonEquality() {}

    /**
     * The one spelling of a value.
     *
     * @param text JSON that {@link JsonText#clean} made
     * @return the same text for equal values, and different texts for different ones; not itself JSON
     */
    public static String canonical(String text) {
        try (JsonParser in = JsonText.MAPPER.createParser(text)) {
            in.nextToken();
            StringBuilder canonical = new StringBuilder(text.length() + 16);
            write(read(in), canonical);
            return canonical.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A string stands for a scalar in its one spelling. Recursive, because cleaned JSON is at most 500 levels deep. */
    private static Object read(JsonParser in) throws IOException {
        switch (in.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new TreeMap<>();
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String key = in.currentName();
                    in.nextToken();
                    object.put(key, read(in));
                }
                return object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    array.add(read(in));
                }
                return array;
            }
            case VALUE_STRING -> {
                return quote(in.getText());
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return number(in.getText());
            }
            default -> {
                return in.getText();
            }
        }
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> object) {
            out.append('{');
            object.forEach((key, member) -> {
                out.append(quote((String) key)).append(':');
                write(member, out);
                out.append(',');
            });
            out.append('}');
        } else if (value instanceof List<?> array) {
            out.append('[');
            array.forEach(element -> {
                write(element, out);
                out.append(',');
            });
            out.append(']');
        } else {
            out.append(value);
        }
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Digits without zeros at either end, and the power of ten by which they are multiplied. */
    private static String number(String text) {
        int exponentAt = Math.max(text.indexOf('e'), text.indexOf('E'));
        String mantissa = exponentAt < 0 ? text : text.substring(0, exponentAt);
        long exponent = exponentAt < 0 ? 0 : Long.parseLong(text.substring(exponentAt + 1));
        boolean negative = mantissa.startsWith("-");
        int point = mantissa.indexOf('.');
        if (point >= 0) {
            exponent -= mantissa.length() - point - 1;
        }
        String digits = mantissa.replace("-", "").replace(".", "");
        int start = 0;
        while (start < digits.length() && digits.charAt(start) == '0') {
            start++;
        }
        int end = digits.length();
        while (end > start && digits.charAt(end - 1) == '0') {
            end--;
            exponent++;
        }
        return start == end ? "0" : (negative ? "-" : "") + digits.substring(start, end) + 'e' + exponent;
    }
}
