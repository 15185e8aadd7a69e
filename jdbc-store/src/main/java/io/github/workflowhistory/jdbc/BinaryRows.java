package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/**
 * Writes rows in the binary format of COPY and hands them on in chunks, so that the server works on the first rows
 * while the last ones are being written, and memory holds no more than a chunk and the value at hand.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">PostgreSQL: COPY, Binary Format</a>
 */
final class BinaryRows {
    /** Measured: from 64 KiB to 1 MiB it makes no difference to the speed. */
    static final int CHUNK_BYTES = 64 * 1024;

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final byte JSONB_VERSION = 1;

    /** PostgreSQL counts the microseconds from 2000-01-01T00:00:00Z on. */
    private static final long EPOCH_SECOND = 946_684_800;

    private final ByteBuffer chunk;
    private final Sink sink;

    /** Takes the bytes, chunk by chunk. */
    interface Sink {
        void write(byte[] bytes, int offset, int length) throws SQLException;
    }

    BinaryRows(int chunkBytes, Sink sink) {
        this.chunk = ByteBuffer.allocate(chunkBytes);
        this.sink = sink;
        // Neither flags nor an extension.
        chunk.put(SIGNATURE).putInt(0).putInt(0);
    }

    /** Begins a row; so many values must follow. */
    void startRow(int columns) throws SQLException {
        reserve(Short.BYTES).putShort((short) columns);
    }

    /** SQL NULL. */
    void nothing() throws SQLException {
        reserve(Integer.BYTES).putInt(-1);
    }

    void text(String value) throws SQLException {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        reserve(Integer.BYTES).putInt(utf8.length);
        put(utf8);
    }

    void jsonb(Json value) throws SQLException {
        byte[] utf8 = value.text().getBytes(StandardCharsets.UTF_8);
        reserve(Integer.BYTES + 1).putInt(1 + utf8.length).put(JSONB_VERSION);
        put(utf8);
    }

    void int4(int value) throws SQLException {
        reserve(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
    }

    void timestamptz(Instant value) throws SQLException {
        // Not ChronoUnit.between, which overflows after 292 years.
        long micros = (value.getEpochSecond() - EPOCH_SECOND) * 1_000_000 + value.getNano() / 1_000;
        reserve(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(micros);
    }

    void uuid(UUID value) throws SQLException {
        reserve(Integer.BYTES + 2 * Long.BYTES)
                .putInt(2 * Long.BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits());
    }

    /** Writes the end after the last row, and hands on what is left. */
    void end() throws SQLException {
        reserve(Short.BYTES).putShort((short) -1);
        flush();
    }

    private void put(byte[] bytes) throws SQLException {
        if (bytes.length <= chunk.capacity()) {
            reserve(bytes.length).put(bytes);
        } else {
            flush();
            sink.write(bytes, 0, bytes.length);
        }
    }

    private ByteBuffer reserve(int bytes) throws SQLException {
        if (chunk.remaining() < bytes) {
            flush();
        }
        return chunk;
    }

    private void flush() throws SQLException {
        if (chunk.position() > 0) {
            sink.write(chunk.array(), 0, chunk.position());
            chunk.clear();
        }
    }
}
