package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * COPY in its binary format (PostgreSQL manual, COPY, "Binary Format"), written straight into the bytes that go out: the
 * limit that everything else is compared with.
 */
final class CopyBinary {
    private static final int CHUNK = 1 << 16;
    /** Microseconds from 1970 to 2000, where PostgreSQL counts from. */
    private static final long POSTGRES_EPOCH = 946_684_800_000_000L;

    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    private final CopyIn copy;
    private byte[] buffer = new byte[2 * CHUNK];
    private int length;

    private CopyBinary(CopyIn copy) {
        this.copy = copy;
        bytes(HEADER);
    }

    static void write(Connection connection, List<Workload.Rows> executions) throws SQLException {
        CopyBinary out = start(connection, CopyTargets.EXECUTIONS);
        for (Workload.Rows rows : executions) {
            out.add(rows.execution());
        }
        out.end();
        out = start(connection, CopyTargets.RESULTS);
        for (Workload.Rows rows : executions) {
            for (NodeResult result : rows.results()) {
                out.add(result);
            }
        }
        out.end();
        out = start(connection, CopyTargets.LOGS);
        for (Workload.Rows rows : executions) {
            for (ExecutionLog log : rows.logs()) {
                out.add(log);
            }
        }
        out.end();
    }

    private static CopyBinary start(Connection connection, String target) throws SQLException {
        return new CopyBinary(connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + target + " from stdin with (format binary)"));
    }

    private void add(WorkflowExecution execution) throws SQLException {
        row(9);
        text(execution.id());
        text(execution.workflowId());
        uuid(Objects.requireNonNull(execution.userId()));
        text(execution.status().code());
        instant(execution.startedAt());
        instant(execution.completedAt());
        millis(execution.duration());
        instant(execution.createdAt());
        text(execution.recorderId());
    }

    private void add(NodeResult result) throws SQLException {
        row(10);
        text(result.id());
        text(result.executionId());
        text(result.nodeId());
        text(result.nodeName());
        text(result.status().code());
        json(result.output());
        millis(result.duration());
        instant(result.startedAt());
        integer(result.attempt());
        instant(result.finishedAt());
    }

    private void add(ExecutionLog log) throws SQLException {
        row(8);
        text(log.id());
        text(log.executionId());
        text(log.nodeRunId());
        text(log.nodeRunId());
        text(log.level().code());
        text(log.message());
        json(log.data());
        instant(log.timestamp());
    }

    /** Begins a row, and sends those before it when they are enough to be worth it. */
    private void row(int fields) throws SQLException {
        if (length >= CHUNK) {
            send();
        }
        int16(fields);
    }

    private void text(@Nullable String value) {
        if (value == null) {
            int32(-1);
            return;
        }
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        int32(encoded.length);
        bytes(encoded);
    }

    /** The text of the value behind the version of the format, which is 1. */
    private void json(@Nullable Json value) {
        if (value == null) {
            int32(-1);
            return;
        }
        byte[] encoded = value.text().getBytes(StandardCharsets.UTF_8);
        int32(1 + encoded.length);
        reserve(1);
        buffer[length++] = 1;
        bytes(encoded);
    }

    private void instant(@Nullable Instant value) {
        Instant there = Objects.requireNonNull(value);
        int32(8);
        int64(there.getEpochSecond() * 1_000_000 + there.getNano() / 1_000 - POSTGRES_EPOCH);
    }

    private void millis(@Nullable Duration value) {
        integer((int) Objects.requireNonNull(value).toMillis());
    }

    private void integer(int value) {
        int32(4);
        int32(value);
    }

    private void uuid(UUID value) {
        int32(16);
        int64(value.getMostSignificantBits());
        int64(value.getLeastSignificantBits());
    }

    private void int16(int value) {
        reserve(2);
        buffer[length++] = (byte) (value >>> 8);
        buffer[length++] = (byte) value;
    }

    private void int32(int value) {
        int16(value >>> 16);
        int16(value);
    }

    private void int64(long value) {
        int32((int) (value >>> 32));
        int32((int) value);
    }

    private void bytes(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, buffer, length, value.length);
        length += value.length;
    }

    private void reserve(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
        }
    }

    private void send() throws SQLException {
        copy.writeToCopy(buffer, 0, length);
        length = 0;
    }

    private void end() throws SQLException {
        int16(-1);
        send();
        copy.endCopy();
    }
}
