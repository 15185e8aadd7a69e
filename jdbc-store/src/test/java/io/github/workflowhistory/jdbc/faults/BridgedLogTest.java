package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** A host records what its libraries log, those among them that the recorder itself uses. */
class BridgedLogTest extends FaultTest {
    private static final Duration MAX_BLOCK = Duration.ofSeconds(20);

    @Test
    void what_pool_and_driver_log_while_the_queue_is_full_makes_no_writer_wait() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.dataSource(proxy));
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(250);
        HikariDataSource pool = closedAtEnd(new HikariDataSource(config));
        Attempts attempts = new Attempts(JdbcExecutionStore.create(pool));
        Recording recording =
                recordingTo(attempts, settings().capacityBytes(64 << 10).maxBlock(MAX_BLOCK));
        recording.record(Workload.start("logs"));
        recording.settle();
        proxy.refuse();
        Bridge bridge = new Bridge(recording, attempts);
        log.forwardTo(text -> bridge.record(text.contains("HikariPool") ? bridge.linesOfPool : bridge.linesOfOthers));
        try (Background hosts = Workload.executions(recording, 4, 5, 10)) {
            Await.until("the queue is full", () -> recording.stats().usedBytes() > 60 << 10);
            Await.until(
                    "the recorder and the pool have logged",
                    () -> bridge.linesOfOthers.get() > 0 && bridge.linesOfPool.get() > 0);
            proxy.admit();
            hosts.await();
            Await.until("the driver has logged", () -> bridge.linesOfDriver.get() > 20);
        } finally {
            bridge.close();
            log.forwardTo(text -> {});
        }
        assertThat(Duration.ofNanos(bridge.longestOfWriters.get())).isLessThan(MAX_BLOCK.dividedBy(4));
        recording.assertStoredRejectedOrDropped(server.dataSource());
    }

    /** Records each line as a log entry, and those of writers as a node result as well, for which others would wait. */
    private static final class Bridge extends Handler {
        private final Logger driver = Logger.getLogger("org.postgresql");
        private final Recording recording;
        private final Attempts attempts;
        private final AtomicInteger lines = new AtomicInteger();
        final AtomicInteger linesOfDriver = new AtomicInteger();
        final AtomicInteger linesOfPool = new AtomicInteger();
        final AtomicInteger linesOfOthers = new AtomicInteger();
        final AtomicLong longestOfWriters = new AtomicLong();

        Bridge(Recording recording, Attempts attempts) {
            this.recording = recording;
            this.attempts = attempts;
            driver.setUseParentHandlers(false);
            driver.setLevel(Level.FINEST);
            driver.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            record(linesOfDriver);
        }

        /** Records a line, and counts it when it comes from a writer. */
        void record(AtomicInteger counter) {
            int number = lines.incrementAndGet();
            long before = System.nanoTime();
            recording.record(Workload.log("line-" + number, "logs", null, number));
            if (attempts.writers().contains(Thread.currentThread())) {
                recording.record(Workload.result("result-of-line-" + number, "logs", number));
                longestOfWriters.accumulateAndGet(System.nanoTime() - before, Math::max);
                counter.incrementAndGet();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            driver.removeHandler(this);
            driver.setLevel(null);
            driver.setUseParentHandlers(true);
        }
    }
}
