package io.github.workflowhistory.examples.customstore;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.workflowhistory.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file to which lines are appended and never changed. A line is there whole or not at all: one that a crash cut off
 * has no line end, and is removed when the file is opened again. Not thread-safe: the store guards it.
 */
final class Journal implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addSerializer(Json.class, new JsonWriter())
                    .addDeserializer(Json.class, new JsonReader()))
            // A record's components are all there is to it: isAbandoned() and its like follow from them.
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            // "No payload" is left out; so a null that stands there is JSON's null.
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private final FileChannel file;

    private Journal(FileChannel file) {
        this.file = file;
    }

    /** Opens or creates a file and hands over the lines that are there. */
    static Journal open(Path path, Consumer<Line> lines) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            // Not closed, because that would close the file.
            BufferedReader reader = new BufferedReader(Channels.newReader(file, StandardCharsets.UTF_8));
            long end = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                long next = end + text.getBytes(StandardCharsets.UTF_8).length + 1;
                if (next > file.size()) {
                    break;
                }
                lines.accept(MAPPER.readValue(text, Line.class));
                end = next;
            }
            file.truncate(end);
            file.position(end);
            return new Journal(file);
        } catch (Throwable e) {
            file.close();
            throw e;
        }
    }

    /** Appends a line and returns when it is on the disk. When that fails, nothing of it stays. */
    void append(Line line) throws IOException {
        byte[] text = MAPPER.writeValueAsBytes(line);
        ByteBuffer bytes =
                ByteBuffer.allocate(text.length + 1).put(text).put((byte) '\n').flip();
        long end = file.position();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            try {
                file.truncate(end);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Writes a payload as the JSON that it is, not as a string. */
    private static final class JsonWriter extends StdSerializer<Json> {
        private static final long serialVersionUID = 1L;

        JsonWriter() {
            super(Json.class);
        }

        @Override
        public void serialize(Json value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeRawValue(value.text());
        }
    }

    private static final class JsonReader extends StdDeserializer<Json> {
        private static final long serialVersionUID = 1L;

        JsonReader() {
            super(Json.class);
        }

        @Override
        public Json deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Json.parse(in.readValueAsTree().toString());
        }

        @Override
        public Json getNullValue(DeserializationContext context) {
            return Json.NULL;
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }
    }
}
