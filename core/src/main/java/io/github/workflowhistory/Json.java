package io.github.workflowhistory;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.workflowhistory.internal.JsonEquality;
import io.github.workflowhistory.internal.JsonText;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A payload: one JSON value that every store can hold. Immutable and safe to share between threads.
 *
 * <p>Whatever comes in, PostgreSQL's {@code jsonb} can take what comes out: U+0000 and surrogates without partner are
 * U+FFFD in keys and strings, numbers that {@code numeric} cannot hold are strings, and what is nested deeper than 500
 * levels is a placeholder. Two values are equal when {@code jsonb} would call them equal: the order of keys and the
 * spelling of numbers do not count, and the last of several equal keys wins.
 *
 * <p>"No payload" is a null reference. JSON's {@code null} is a value like any other: {@link #NULL}.
 */
public final class Json {
    /** The JSON value {@code null}, which is not the same as no payload. */
    public static final Json NULL = new Json("null");

    private final String text;

    private Json(String text) {
        this.text = text;
    }

    /**
     * Takes over JSON text.
     *
     * @param text one JSON value
     * @return the value, cleaned as the class comment says
     * @throws IllegalArgumentException when the text is not one JSON value
     */
    public static Json parse(String text) {
        Objects.requireNonNull(text, "text must not be null");
        return new Json(JsonText.clean(text));
    }

    /** Takes over text that is known to be one JSON value, without parsing it where there is nothing to clean. */
    static Json ofWellFormed(String text) {
        return new Json(JsonText.cleanWellFormed(text));
    }

    /**
     * Turns a value into JSON the way {@link PayloadCodec#jackson()} does.
     *
     * @param value anything that Jackson can serialise; null becomes {@link #NULL}; a {@code Json} is returned as it is
     * @return the value as JSON
     * @throws IllegalArgumentException when the value cannot be serialised
     */
    public static Json of(@Nullable Object value) {
        if (value instanceof Json json) {
            return json;
        }
        StringWriter out = new StringWriter();
        try {
            PayloadCodec.jackson().write(value, out);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("the value cannot be written as JSON: " + e.getMessage(), e);
        }
        return parse(out.toString());
    }

    /**
     * The value as compact JSON text. Inside another object Jackson writes it as the JSON that it is. A store may give it back in another spelling that is {@linkplain #equals equal}.
     *
     * @return JSON text
     */
    @JsonValue
    @JsonRawValue
    public String text() {
        return text;
    }

    /**
     * The value as a tree. Numbers keep every digit.
     *
     * @return a new tree for every call, which the caller may change
     */
    public JsonNode tree() {
        return JsonText.tree(text);
    }

    /**
     * The value as an object of a class. Unknown properties are ignored.
     *
     * @param type a class that Jackson can read
     * @param <T> its type
     * @return the object, or null for JSON {@code null}
     * @throws IllegalArgumentException when the value does not fit the class
     */
    public <T> @Nullable T as(Class<T> type) {
        Objects.requireNonNull(type, "type must not be null");
        try {
            return JsonText.MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the JSON cannot be read as " + type.getName() + ": " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Tells whether this stands for a payload that was too large to keep.
     *
     * @return true for an object of the form {@code {"truncated": true, "bytes": n, "preview": "…"}}
     */
    public boolean isTruncated() {
        if (!text.startsWith("{") || !text.contains("\"truncated\"")) {
            return false;
        }
        JsonNode tree = tree();
        return tree.path("truncated").isBoolean()
                && tree.path("truncated").booleanValue()
                && tree.path("bytes").isIntegralNumber()
                && tree.path("preview").isTextual();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Json json
                && (text.equals(json.text) || JsonEquality.canonical(text).equals(JsonEquality.canonical(json.text)));
    }

    @Override
    public int hashCode() {
        return JsonEquality.canonical(text).hashCode();
    }

    /**
     * The same as {@link #text()}.
     *
     * @return JSON text
     */
    @Override
    public String toString() {
        return text;
    }
}
