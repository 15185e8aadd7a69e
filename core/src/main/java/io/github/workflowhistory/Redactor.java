package io.github.workflowhistory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Masks what must not be kept, before anything is stored. It is called on the thread that records; implementations are
 * safe for use by many threads. When it throws, neither the payload nor the text is stored, only a note that says so.
 */
public interface Redactor {
    /** Leaves everything as it is. */
    Redactor NONE = new Redactor() {};

    /**
     * Masks a payload.
     *
     * @param payload a tree of its own, which may be changed
     * @return what to store; may be the same tree
     */
    default JsonNode redact(JsonNode payload) {
        return payload;
    }

    /**
     * Masks a log message, an error or a node's name.
     *
     * @param text the text as the host gave it
     * @return what to store
     */
    default String redact(String text) {
        return text;
    }

    /**
     * Masks the values of certain keys wherever they stand in a payload. Texts are left as they are.
     *
     * @param keys the keys, upper and lower case being equal, for example {@code "password"}
     * @return a redactor that puts {@code "***"} in the place of their values
     */
    static Redactor keys(String... keys) {
        Set<String> masked =
                Stream.of(keys).map(key -> key.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        return new Redactor() {
            @Override
            public JsonNode redact(JsonNode payload) {
                if (payload instanceof ObjectNode object) {
                    object.properties().forEach(property -> {
                        if (masked.contains(property.getKey().toLowerCase(Locale.ROOT))) {
                            property.setValue(object.textNode("***"));
                        }
                    });
                }
                // Payloads are at most 500 levels deep, so recursion is safe here.
                payload.forEach(this::redact);
                return payload;
            }
        };
    }
}
