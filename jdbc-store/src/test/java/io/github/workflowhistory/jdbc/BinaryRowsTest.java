package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of COPY's binary format. That PostgreSQL reads them as what they were, CopyValuesTest shows. */
class BinaryRowsTest {
    private static final int SMALLEST_CHUNK = 24;

    private interface Written {
        void to(BinaryRows rows) throws SQLException;
    }

    private static ByteBuffer bytes(int chunk, Written written) throws SQLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryRows rows = new BinaryRows(chunk, out::write);
        written.to(rows);
        rows.end();
        return ByteBuffer.wrap(out.toByteArray());
    }

    private static void everything(BinaryRows rows) throws SQLException {
        for (int i = 0; i < 20; i++) {
            rows.startRow(6);
            rows.text("x".repeat(i));
            rows.text("ü€😀".repeat(100));
            rows.jsonb(Json.parse("{\"a\":" + i + "}"));
            rows.int4(i);
            rows.timestamptz(Instant.EPOCH.plusSeconds(i));
            rows.uuid(new UUID(i, -i));
            rows.nothing();
        }
    }

    @Test
    void a_header_the_rows_and_a_trailer() throws SQLException {
        ByteBuffer bytes = bytes(1_000, rows -> {
            rows.startRow(2);
            rows.text("é");
            rows.nothing();
        });

        byte[] signature = new byte[11];
        bytes.get(signature);
        assertThat(new String(signature, StandardCharsets.ISO_8859_1)).isEqualTo("PGCOPY\n\u00ff\r\n\0");
        assertThat(bytes.getInt()).as("flags").isZero();
        assertThat(bytes.getInt()).as("length of the extension").isZero();
        assertThat(bytes.getShort()).as("columns").isEqualTo((short) 2);
        assertThat(bytes.getInt()).as("bytes of é").isEqualTo(2);
        assertThat(bytes.getShort()).isEqualTo((short) 0xC3A9);
        assertThat(bytes.getInt()).as("null").isEqualTo(-1);
        assertThat(bytes.getShort()).as("trailer").isEqualTo((short) -1);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2000-01-01T00:00:00Z, 0",
        "2000-01-01T00:00:00.000001Z, 1",
        "1999-12-31T23:59:59.999999Z, -1",
        "1969-12-31T23:59:59.123456Z, -946684800876544",
        "0001-01-01T00:00:00Z, -63082281600000000",
        "9999-12-31T23:59:59.999999Z, 252455615999999999"
    })
    void times_are_microseconds_since_2000(Instant time, long micros) throws SQLException {
        ByteBuffer bytes = bytes(1_000, rows -> rows.timestamptz(time));

        assertThat(bytes.getLong(19 + Integer.BYTES)).isEqualTo(micros);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALLEST_CHUNK, 25, 31, 64, 100, 1_000, 64 * 1024})
    void the_size_of_the_chunks_changes_no_byte(int chunk) throws SQLException {
        assertThat(bytes(chunk, BinaryRowsTest::everything)).isEqualTo(bytes(1 << 20, BinaryRowsTest::everything));
    }

    @Test
    void chunks_are_handed_on_when_they_are_full() throws SQLException {
        AtomicInteger chunks = new AtomicInteger();
        BinaryRows rows = new BinaryRows(1_000, (bytes, offset, length) -> {
            chunks.incrementAndGet();
            assertThat(length).isBetween(900, 1_000);
        });

        for (int i = 0; i < 1_000; i++) {
            rows.text("x".repeat(96));
        }

        assertThat(chunks).hasValueBetween(100, 112);
    }
}
