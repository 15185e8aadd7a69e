package io.github.workflowhistory.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes an Optional as its value or null. Jackson alone refuses it, which would cost the whole payload. */
final class OptionalModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    OptionalModule() {
        add(Optional.class, optional -> ((Optional<?>) optional).orElse(null));
        add(OptionalInt.class, optional -> optional.isPresent() ? optional.getAsInt() : null);
        add(OptionalLong.class, optional -> optional.isPresent() ? optional.getAsLong() : null);
        add(OptionalDouble.class, optional -> optional.isPresent() ? optional.getAsDouble() : null);
    }

    private <T> void add(Class<T> type, Function<T, @Nullable Object> valueOrNull) {
        addSerializer(type, new JsonSerializer<T>() {
            @Override
            public void serialize(T optional, JsonGenerator out, SerializerProvider provider) throws IOException {
                provider.defaultSerializeValue(valueOrNull.apply(optional), out);
            }
        });
    }
}
