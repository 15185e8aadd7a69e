package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the default codec makes of the values that host code is likely to hand in. */
class PayloadCodecTest {
    public record Times(Instant instant, LocalDate date, OffsetDateTime offset, Duration duration, DayOfWeek day) {}

    @Test
    void times_are_iso_text() {
        Times times = new Times(
                Instant.parse("2026-11-24T10:00:00.123456Z"),
                LocalDate.of(2026, 11, 24),
                OffsetDateTime.parse("2026-11-24T10:00:00+01:00"),
                Duration.ofMillis(1500),
                DayOfWeek.TUESDAY);

        assertThat(Json.of(times)).isEqualTo(Json.parse("""
                        {"instant": "2026-11-24T10:00:00.123456Z", "date": "2026-11-24",
                         "offset": "2026-11-24T10:00:00+01:00", "duration": "PT1.5S", "day": "TUESDAY"}"""));
    }

    @Test
    void what_was_written_can_be_read_back() {
        Times times = new Times(
                Instant.EPOCH,
                LocalDate.EPOCH,
                OffsetDateTime.parse("2026-11-24T10:00:00Z"),
                Duration.ZERO,
                DayOfWeek.MONDAY);

        assertThat(Json.of(times).as(Times.class)).isEqualTo(times);
    }

    @Test
    void times_are_text_as_keys_too() {
        assertThat(Json.of(Map.of(Year.of(2026), 1, Instant.EPOCH, 2)).text())
                .contains("\"2026\":1", "\"1970-01-01T00:00:00Z\":2");
    }

    public record Optionals(
            Optional<String> text, Optional<Instant> none, OptionalInt i, OptionalLong l, OptionalDouble d) {}

    @Test
    void an_optional_is_its_value_or_null() {
        Optionals full = new Optionals(
                Optional.of("x"), Optional.empty(), OptionalInt.of(1), OptionalLong.of(2), OptionalDouble.of(2.5));
        Optionals empty = new Optionals(
                Optional.empty(), Optional.empty(), OptionalInt.empty(), OptionalLong.empty(), OptionalDouble.empty());

        assertThat(Json.of(full)).isEqualTo(Json.parse("{\"text\":\"x\",\"none\":null,\"i\":1,\"l\":2,\"d\":2.5}"));
        assertThat(Json.of(empty))
                .isEqualTo(Json.parse("{\"text\":null,\"none\":null,\"i\":null,\"l\":null,\"d\":null}"));
        assertThat(Json.of(Optional.of(List.of(Instant.EPOCH)))).isEqualTo(Json.parse("[\"1970-01-01T00:00:00Z\"]"));
    }

    public static class Empty {}

    @Test
    void a_bean_without_properties_is_an_empty_object() {
        assertThat(Json.of(new Empty())).isEqualTo(Json.parse("{}"));
        assertThat(Json.of(new Object())).isEqualTo(Json.parse("{}"));
    }

    @Test
    void simple_values_are_json_values() {
        assertThat(Json.of(null)).isEqualTo(Json.NULL);
        assertThat(Json.of("x").text()).isEqualTo("\"x\"");
        assertThat(Json.of(1.5).text()).isEqualTo("1.5");
        assertThat(Json.of(true).text()).isEqualTo("true");
        assertThat(Json.of(new byte[] {1, 2}).text()).isEqualTo("\"AQI=\"");
        assertThat(Json.of(new int[] {1, 2}).text()).isEqualTo("[1,2]");
        assertThat(Json.of(Double.NaN).text()).isEqualTo("\"NaN\"");
    }

    @Test
    void what_cannot_be_serialised_is_refused_where_the_caller_asks_for_json() {
        Object key = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no text");
            }
        };

        assertThatThrownBy(() -> Json.of(Map.of(key, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be written as JSON");
        assertThatThrownBy(() -> Json.of(new PayloadEncoderTest.GetterThrows()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not now");
    }

    @Test
    void a_mapper_must_be_given() {
        assertThatThrownBy(() -> PayloadCodec.jackson(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("mapper");
    }
}
