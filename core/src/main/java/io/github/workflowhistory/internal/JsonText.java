package io.github.workflowhistory.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.RecyclerPool;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * Brings JSON into the form that PostgreSQL's jsonb can hold: no U+0000 and no lone surrogates in keys and strings, no
 * number that {@code numeric} cannot hold, no nesting beyond {@value #MAX_DEPTH} levels. Works token by token, so its
 * need of stack does not grow with the nesting.
 */
public final class JsonText {
    /** The deepest nesting that is kept. */
    public static final int MAX_DEPTH = 500;

    /** What stands in the place of an array or object that is nested too deep. */
    public static final String TOO_DEEP = "(nested deeper than " + MAX_DEPTH + " levels)";

    // https://www.postgresql.org/docs/current/datatype-numeric.html: "up to 131072 digits before the decimal point;
    // up to 16383 digits after the decimal point".
    private static final int MAX_INTEGER_DIGITS = 131_072;
    private static final int MAX_FRACTION_DIGITS = 16_383;

    /** The length of a backslash, a u and four digits. */
    private static final int ESCAPE = 6;

    /**
     * Jackson keeps its buffers in thread-locals unless it is told otherwise. The threads are the host's, and may live
     * longer than the class loader of this library: that would never be freed.
     */
    static final RecyclerPool<BufferRecycler> BUFFERS =
            JsonRecyclerPools.newBoundedPool(JsonRecyclerPools.BoundedPool.DEFAULT_CAPACITY);

    /**
     * Reads and writes without limits of its own; {@link #clean} sets ours. Keys of payloads are data, often ids: kept in
     * Jackson's symbol table and in the JVM's table of strings they would only fill both.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .recyclerPool(BUFFERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    /** Reads stored JSON into trees and objects; numbers keep every digit. */
    public static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private JsonText() {}

    /**
     * Parses and cleans one JSON value.
     *
     * @param text JSON text
     * @return the cleaned value as compact JSON text
     * @throws IllegalArgumentException when the text is not one JSON value
     */
    public static String clean(String text) {
        return JsonPlainness.isPlain(text) && isOneValue(text) ? text : rewrite(text);
    }

    /**
     * Cleans text that is known to be one compact JSON value.
     *
     * @param text JSON text
     * @return the cleaned value as compact JSON text
     */
    public static String cleanWellFormed(String text) {
        return JsonPlainness.isPlain(text) ? text : rewrite(text);
    }

    private static boolean isOneValue(String text) {
        try (JsonParser in = FACTORY.createParser(text)) {
            if (in.nextToken() == null) {
                return false;
            }
            in.skipChildren();
            // Neither another value nor the end of the text in the middle of this one.
            return !in.currentToken().isStructStart() && in.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static String rewrite(String text) {
        StringWriter out = new StringWriter(text.length() + 16);
        try (JsonParser in = FACTORY.createParser(withoutLoneEscapes(text));
                JsonGenerator generator = FACTORY.createGenerator(out)) {
            if (in.nextToken() == null) {
                throw new IllegalArgumentException("not JSON: the text is empty");
            }
            copyValue(in, generator);
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("not JSON: something follows the value at "
                        + in.currentTokenLocation().offsetDescription());
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
        return out.toString();
    }

    /**
     * Replaces escaped surrogates without partner by an escaped U+FFFD. Raw ones are left to {@link Texts#clean}; but
     * Jackson refuses a key with an escaped one.
     */
    private static String withoutLoneEscapes(String json) {
        if (!json.contains("\\ud") && !json.contains("\\uD")) {
            return json;
        }
        StringBuilder out = new StringBuilder(json.length());
        int i = 0;
        while (i < json.length()) {
            char unit = escapedUnit(json, i);
            int length;
            if (Character.isHighSurrogate(unit) && Character.isLowSurrogate(escapedUnit(json, i + ESCAPE))) {
                length = 2 * ESCAPE;
            } else if (Character.isSurrogate(unit)) {
                out.append("\\uFFFD");
                i += ESCAPE;
                continue;
            } else {
                // A backslash takes the next character with it, which may be a backslash.
                length = json.charAt(i) == '\\' && i + 1 < json.length() ? 2 : 1;
            }
            out.append(json, i, i + length);
            i += length;
        }
        return out.toString();
    }

    /** The char that an escape at this place stands for, or U+0000 when there is no such escape. */
    private static char escapedUnit(String json, int at) {
        if (!json.startsWith("\\u", at) || at + ESCAPE > json.length()) {
            return 0;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE; i++) {
            int digit = Character.digit(json.charAt(i), 16);
            if (digit < 0) {
                return 0;
            }
            unit = unit * 16 + digit;
        }
        return (char) unit;
    }

    private static void copyValue(JsonParser in, JsonGenerator out) throws IOException {
        int depth = 0;
        do {
            JsonToken token = in.currentToken();
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    if (depth == MAX_DEPTH) {
                        in.skipChildren();
                        out.writeString(TOO_DEEP);
                    } else {
                        depth++;
                        if (token == JsonToken.START_OBJECT) {
                            out.writeStartObject();
                        } else {
                            out.writeStartArray();
                        }
                    }
                }
                case END_OBJECT -> {
                    depth--;
                    out.writeEndObject();
                }
                case END_ARRAY -> {
                    depth--;
                    out.writeEndArray();
                }
                case FIELD_NAME -> out.writeFieldName(Texts.clean(in.currentName()));
                case VALUE_STRING -> out.writeString(Texts.clean(in.getText()));
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> copyNumber(in.getText(), out);
                case VALUE_TRUE, VALUE_FALSE -> out.writeBoolean(token == JsonToken.VALUE_TRUE);
                case VALUE_NULL -> out.writeNull();
                default -> throw new IOException("unexpected " + token);
            }
            if (depth == 0) {
                return;
            }
        } while (in.nextToken() != null);
        throw new IOException("the text ends in the middle of a value");
    }

    private static void copyNumber(String number, JsonGenerator out) throws IOException {
        if (fitsNumeric(number)) {
            out.writeRawValue(number);
        } else {
            out.writeString(number);
        }
    }

    /** Judges by the number's text, because a BigDecimal of a million digits takes seconds to make. */
    private static boolean fitsNumeric(String number) {
        int length = number.length();
        int exponentAt = Math.max(number.indexOf('e'), number.indexOf('E'));
        int mantissaEnd = exponentAt < 0 ? length : exponentAt;
        int point = number.indexOf('.');
        int integerDigits = (point < 0 ? mantissaEnd : point) - (number.charAt(0) == '-' ? 1 : 0);
        int fractionDigits = point < 0 ? 0 : mantissaEnd - point - 1;
        long exponent = 0;
        if (exponentAt >= 0) {
            String digits = number.substring(exponentAt + 1);
            if (digits.length() > 9) {
                return false;
            }
            exponent = Long.parseLong(digits);
        }
        return integerDigits + exponent <= MAX_INTEGER_DIGITS && fractionDigits - exponent <= MAX_FRACTION_DIGITS;
    }

    /**
     * Writes a tree as {@link JsonNode#toString} does, which has buffers of its own.
     *
     * @param tree the tree
     * @return JSON text
     */
    public static String text(JsonNode tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads JSON text that {@link #clean} made.
     *
     * @param text the text
     * @return a tree of its own for every call
     */
    public static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
