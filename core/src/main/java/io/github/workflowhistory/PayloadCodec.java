package io.github.workflowhistory;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.workflowhistory.internal.JacksonCodec;
import java.io.IOException;
import java.io.Writer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns payloads into JSON text. It is called on the thread that records, at the call, so that a later change of the
 * object cannot change history. Implementations are safe for use by many threads.
 */
@FunctionalInterface
public interface PayloadCodec {

    /**
     * Writes one value as JSON. Whatever this throws, the library records a marker with the value's type and the error
     * in its place.
     *
     * @param value the payload; a nested null is possible, so null has to be written as JSON {@code null}
     * @param out where the JSON goes; does not block; need not be closed
     * @throws IOException when the value cannot be serialised
     */
    void write(@Nullable Object value, Writer out) throws IOException;

    /**
     * The default: Jackson, with the types of {@code java.time} as ISO-8601 text.
     *
     * @return a codec with an ObjectMapper of its own
     */
    static PayloadCodec jackson() {
        return JacksonCodec.DEFAULT;
    }

    /**
     * Jackson as the host has set it up.
     *
     * @param mapper the host's mapper; it is used as it is and not changed
     * @return a codec that writes with this mapper
     */
    static PayloadCodec jackson(ObjectMapper mapper) {
        return new JacksonCodec(Objects.requireNonNull(mapper, "mapper must not be null"));
    }
}
