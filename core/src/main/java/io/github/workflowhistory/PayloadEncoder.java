package io.github.workflowhistory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.workflowhistory.internal.JacksonCodec;
import io.github.workflowhistory.internal.JsonText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns what host code hands in, values, texts and exceptions, into what is stored: written by the codec, masked by the
 * redactor, limited in size. Nothing that a value does in the process reaches the host.
 */
final class PayloadEncoder {
    private static final int PREVIEW_LENGTH = 1_000;
    private static final String NOT_REDACTED = "(not recorded: the redactor failed with %s)";

    private final PayloadCodec codec;
    private final Redactor redactor;
    private final boolean redacts;
    private final int maxJsonBytes;
    private final int maxTextBytes;

    PayloadEncoder(PayloadCodec codec, Redactor redactor, int maxJsonBytes, int maxTextBytes) {
        this.codec = codec;
        this.redactor = redactor;
        this.redacts = !redactor.equals(Redactor.NONE);
        this.maxJsonBytes = maxJsonBytes;
        this.maxTextBytes = maxTextBytes;
    }

    /** A payload as JSON; null stays no payload. */
    @Nullable
    Json payload(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Json ready) {
            return redacted(limited(ready));
        }
        BoundedWriter out = new BoundedWriter(maxJsonBytes, Math.min(PREVIEW_LENGTH, maxJsonBytes));
        try {
            boolean isWellFormed = write(value instanceof Throwable error ? describe(error) : value, out);
            if (!out.isExceeded()) {
                return redacted(limited(isWellFormed ? Json.ofWellFormed(out.kept()) : Json.parse(out.kept())));
            }
        } catch (Throwable e) {
            // Everything, StackOverflowError of a cyclic object and LinkageError of a half-loaded class included: this
            // runs the host's getters and serialisers on the host's thread, and history must not break the host.
            if (!out.hasGivenUp()) {
                return unserializable(value, e);
            }
        }
        return truncated(out);
    }

    /** Writes a value; true when the codec is known to have written JSON. */
    private boolean write(Object value, BoundedWriter out) throws IOException {
        if (codec instanceof JacksonCodec jackson) {
            return jackson.writeWellFormed(value, out);
        }
        codec.write(value, out);
        return false;
    }

    /** A message, name or reason as it is stored. */
    String text(String text) {
        String masked = text;
        if (redacts) {
            try {
                masked = Objects.requireNonNull(redactor.redact(text), "the redactor returned null");
            } catch (Throwable e) {
                masked = NOT_REDACTED.formatted(e.getClass().getName());
            }
        }
        return TextLimit.apply(masked, maxTextBytes);
    }

    /** An exception as the text of an error. */
    String error(Throwable error) {
        return text(ErrorText.of(error));
    }

    /** The same JSON, or a marker when it is too large. */
    private Json limited(Json json) {
        // A char has at most three bytes in UTF-8, so most payloads need no counting.
        if (json.text().length() <= maxJsonBytes / 3) {
            return json;
        }
        BoundedWriter out = new BoundedWriter(maxJsonBytes, Math.min(PREVIEW_LENGTH, maxJsonBytes));
        try {
            out.write(json.text());
        } catch (IOException e) {
            return truncated(out);
        }
        return out.isExceeded() ? truncated(out) : json;
    }

    private Json redacted(Json json) {
        if (!redacts) {
            return json;
        }
        try {
            JsonNode tree = Objects.requireNonNull(redactor.redact(json.tree()), "the redactor returned null");
            return limited(Json.parse(JsonText.text(tree)));
        } catch (Throwable e) {
            // Rather nothing than something that should have been masked.
            return Json.of(NOT_REDACTED.formatted(e.getClass().getName()));
        }
    }

    private Json truncated(BoundedWriter out) {
        ObjectNode marker = JsonNodeFactory.instance.objectNode();
        marker.put("truncated", true);
        marker.put("bytes", out.bytes());
        // A redactor needs the whole value to find what it has to mask, so there is no preview then.
        marker.put("preview", redacts ? "" : out.kept());
        return Json.of(marker);
    }

    private Json unserializable(Object value, Throwable error) {
        ObjectNode marker = JsonNodeFactory.instance.objectNode();
        marker.put("unserializable", true);
        marker.put("type", value.getClass().getName());
        marker.put("error", text(ErrorText.of(error)));
        return Json.of(marker);
    }

    /** A throwable as data. */
    Map<String, String> describe(Throwable error) {
        Map<String, String> description = new LinkedHashMap<>();
        description.put("error", error(error));
        description.put("stackTrace", text(ErrorText.stackTrace(error)));
        return description;
    }
}
