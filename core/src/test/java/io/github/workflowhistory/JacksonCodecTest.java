package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.util.RawValue;
import io.github.workflowhistory.internal.JacksonCodec;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is not certainly JSON is said to be so, because it is parsed then. */
@SuppressWarnings("missing-explicit-ctor") // public for Jackson, not for users of the module
public class JacksonCodecTest {
    public record Order(String name, List<Integer> lines) {}

    public record Raw(@JsonRawValue String raw) {}

    @JsonSerialize(using = Twice.Serializer.class)
    public record Twice() {
        public static final class Serializer extends StdSerializer<Twice> {
            private static final long serialVersionUID = 1L;

            public Serializer() {
                super(Twice.class);
            }

            @Override
            public void serialize(Twice value, JsonGenerator out, SerializerProvider provider) throws IOException {
                out.writeNumber(1);
                out.writeNumber(2);
            }
        }
    }

    private static boolean isCertain(JacksonCodec codec, Object value) throws IOException {
        StringWriter out = new StringWriter();
        boolean certain = codec.writeWellFormed(value, out);
        StringWriter plain = new StringWriter();
        codec.write(value, plain);
        assertThat(out).hasToString(plain.toString());
        return certain;
    }

    @Test
    void what_jackson_writes_by_itself_is_json() throws IOException {
        assertThat(isCertain(JacksonCodec.DEFAULT, new Order("a \"quoted\" name", List.of(1, 2))))
                .isTrue();
        assertThat(isCertain(JacksonCodec.DEFAULT, Map.of("a", 1.5, "b", List.of())))
                .isTrue();
        assertThat(isCertain(JacksonCodec.DEFAULT, "text")).isTrue();
        assertThat(isCertain(JacksonCodec.DEFAULT, 17)).isTrue();
    }

    @Test
    void what_is_written_as_it_is_may_be_anything() throws IOException {
        assertThat(isCertain(JacksonCodec.DEFAULT, new Raw("{not json"))).isFalse();
        assertThat(isCertain(JacksonCodec.DEFAULT, Map.of("a", new RawValue("]"))))
                .isFalse();
        assertThat(isCertain(JacksonCodec.DEFAULT, Map.of("a", Json.of(1)))).isFalse();
        assertThat(isCertain(JacksonCodec.DEFAULT, new Twice())).isFalse();
    }

    @Test
    void a_mapper_of_the_host_may_be_set_up_to_write_something_else() throws IOException {
        assertThat(isCertain(new JacksonCodec(new ObjectMapper()), 17)).isFalse();
    }
}
