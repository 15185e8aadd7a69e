package io.github.workflowhistory.jdbc.faults;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.jdbc.WorkflowSchema;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.store.ExecutionRecorder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.postgresql.ds.PGSimpleDataSource;

/** Tests of real faults, one at a time, on the server that they may break. Each starts with empty tables. */
@ResourceLock("the server that tests may break")
@ResourceLock(Resources.SYSTEM_ERR)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
abstract class FaultTest {
    final FaultyServer server = FaultyServer.shared();
    final TcpProxy proxy = new TcpProxy(() -> server.process().port());
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    final CapturedLog log = closedAtEnd(new CapturedLog());

    @BeforeEach
    void startWithEmptyTables() {
        server.repair();
        server.execute("truncate public.workflow_executions, public.workflow_recorders cascade");
    }

    @AfterEach
    void closeEverything() throws Exception {
        Exception failure = null;
        // What was opened last uses what was opened before. One that fails keeps no other from being closed.
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        proxy.close();
        if (failure != null) {
            throw failure;
        }
    }

    /** Settings under which a test need not wait. */
    static PipelineSettings.Builder settings() {
        return PipelineSettings.builder()
                .linger(Duration.ofMillis(5))
                .batchSize(200)
                .grace(Duration.ofMillis(200));
    }

    /** The store, by way of the proxy. */
    Attempts attempts() {
        return attempts(Way.COPY);
    }

    /** How rows get into the tables, as long as nothing of them is there yet. */
    enum Way {
        COPY,
        /** Where the role may not use COPY. */
        PLAIN_INSERT,
        /** Where nobody trusts that nothing is there yet. */
        IDEMPOTENT_INSERT
    }

    /** A store that writes large batches in a certain way, by way of the proxy. */
    Attempts attempts(Way way) {
        PGSimpleDataSource dataSource = server.dataSource(proxy);
        if (way == Way.PLAIN_INSERT) {
            String role = "recorder_of_faults";
            server.execute(WorkflowSchema.recorderRoleScript("public", role));
            closedAtEnd(() -> server.execute("drop owned by %1$s; drop role %1$s".formatted(role)));
            dataSource.setUser(role);
        }
        return new Attempts(JdbcExecutionStore.builder(dataSource)
                .copyLargeBatches(way != Way.IDEMPOTENT_INSERT)
                .build());
    }

    /** A pool by way of the proxy, whose callers wait 300 ms for a connection unless the settings say otherwise. */
    HikariDataSource pool(int size, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.dataSource(proxy));
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(300);
        settings.accept(config);
        return closedAtEnd(new HikariDataSource(config));
    }

    /** Records by way of the proxy. */
    Recording recording(PipelineSettings.Builder settings) {
        return recordingTo(JdbcExecutionStore.create(server.dataSource(proxy)), settings);
    }

    Recording recordingTo(DataSource dataSource, PipelineSettings.Builder settings) {
        return recordingTo(JdbcExecutionStore.create(dataSource), settings);
    }

    Recording recordingTo(ExecutionRecorder target, PipelineSettings.Builder settings) {
        return closedAtEnd(new Recording(target, settings.build()));
    }

    /** Closes something when the test has ended, before what was opened earlier. */
    <T extends AutoCloseable> T closedAtEnd(T closeable) {
        toClose.push(closeable);
        return closeable;
    }
}
