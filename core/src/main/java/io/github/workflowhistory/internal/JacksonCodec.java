package io.github.workflowhistory.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.workflowhistory.PayloadCodec;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/** The codec that writes with a Jackson mapper. */
public final class JacksonCodec implements PayloadCodec {
    /**
     * How deep an object may be nested before it counts as cyclic. Above {@link JsonText#MAX_DEPTH}, so that a long
     * chain of objects is cut rather than refused, and low enough for a small thread's stack.
     */
    private static final int CYCLE_DEPTH = 1_000;

    /** With java.time as ISO text and an Optional as its value or null; beans without properties are empty objects rather than errors. */
    public static final JacksonCodec DEFAULT = new JacksonCodec(JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonText.BUFFERS)
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(CYCLE_DEPTH)
                            .build())
                    .build())
            .addModule(new JavaTimeModule())
            .addModule(new OptionalModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build());

    private final ObjectMapper mapper;

    /**
     * Writes with a given mapper.
     *
     * @param mapper the mapper
     */
    public JacksonCodec(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public void write(@Nullable Object value, Writer out) throws IOException {
        // Closed, so that its buffers go back to Jackson's pool.
        try (JsonGenerator generator = mapper.createGenerator(out)) {
            mapper.writeValue(generator, value);
        }
    }

    /**
     * Writes a value, and tells whether what was written is certainly JSON, so that it need not be parsed to know.
     *
     * @param value the value
     * @param out where the JSON goes
     * @return false when that is not certain: a part was written as it was, or the mapper is one of a host, which may
     *     have been set up to write something else
     * @throws IOException when the value cannot be serialised
     */
    public boolean writeWellFormed(@Nullable Object value, Writer out) throws IOException {
        try (RawNoticingGenerator generator = new RawNoticingGenerator(mapper.createGenerator(out))) {
            mapper.writeValue(generator, value);
            return this == DEFAULT && generator.isOneWellFormedValue();
        }
    }
}
