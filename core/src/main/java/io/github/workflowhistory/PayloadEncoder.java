package io.github.workflowhistory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    private final int maxJsonBytes;
    private final int maxTextBytes;

    PayloadEncoder(PayloadCodec codec, Redactor redactor, int maxJsonBytes, int maxTextBytes) {
        this.codec = codec;
        this.redactor = redactor;
        this.maxJsonBytes = maxJsonBytes;
        this.maxTextBytes = maxTextBytes;
    }

    /** A payload as JSON; null stays no payload. */
    @Nullable
    Json payload(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        BoundedWriter out = new BoundedWriter(maxJsonBytes, Math.min(PREVIEW_LENGTH, maxJsonBytes));
        Json json;
        try {
            if (value instanceof Json ready) {
                out.write(ready.text());
            } else {
                codec.write(value instanceof Throwable error ? describe(error) : value, out);
            }
            if (out.isExceeded()) {
                return truncated(out);
            }
            json = Json.parse(out.kept());
        } catch (Throwable e) {
            // Everything, StackOverflowError of a cyclic object and LinkageError of a half-loaded class included: this
            // runs the host's getters and serialisers on the host's thread, and history must not break the host.
            return unserializable(value, e);
        }
        return redactor == Redactor.NONE ? json : redacted(json);
    }

    /** A message, name or reason as it is stored. */
    String text(String text) {
        String masked = text;
        if (redactor != Redactor.NONE) {
            try {
                masked = Objects.requireNonNull(redactor.redact(text), "the redactor returned null");
            } catch (RuntimeException e) {
                masked = NOT_REDACTED.formatted(e.getClass().getName());
            }
        }
        return TextLimit.apply(masked, maxTextBytes);
    }

    /** An exception as the text of an error. */
    String error(Throwable error) {
        return text(ErrorText.of(error));
    }

    private Json redacted(Json json) {
        try {
            JsonNode tree = Objects.requireNonNull(redactor.redact(json.tree()), "the redactor returned null");
            return Json.parse(tree.toString());
        } catch (RuntimeException e) {
            // Rather nothing than something that should have been masked.
            return Json.of(NOT_REDACTED.formatted(e.getClass().getName()));
        }
    }

    private Json truncated(BoundedWriter out) {
        ObjectNode marker = JsonNodeFactory.instance.objectNode();
        marker.put("truncated", true);
        marker.put("bytes", out.bytes());
        // A redactor needs the whole value to find what it has to mask, so there is no preview then.
        marker.put("preview", redactor == Redactor.NONE ? out.kept() : "");
        return Json.of(marker);
    }

    private Json unserializable(Object value, Throwable error) {
        ObjectNode marker = JsonNodeFactory.instance.objectNode();
        marker.put("unserializable", true);
        marker.put("type", value.getClass().getName());
        marker.put("error", text(ErrorText.of(error)));
        return Json.of(marker);
    }

    private Map<String, String> describe(Throwable error) {
        Map<String, String> description = new LinkedHashMap<>();
        description.put("error", error(error));
        description.put("stackTrace", text(ErrorText.stackTrace(error)));
        return description;
    }
}
