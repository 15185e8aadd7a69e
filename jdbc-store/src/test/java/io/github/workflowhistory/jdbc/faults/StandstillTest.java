package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server stands still while it is asked to end what is abandoned: meanwhile nobody can renew a lease. */
class StandstillTest extends FaultTest {
    private static final Duration OLDER_THAN = Duration.ofMillis(200);

    private final Gate connecting = new Gate();
    private final TcpProxy standing = closedAtEnd(new TcpProxy(() -> {
        connecting.pass();
        return server.process().port();
    }));
    private final ExecutionLeases leases = leasesOf(standing);

    @BeforeEach
    void record() {
        JdbcExecutionStore.create(server.dataSource())
                .record(HistoryBatch.builder()
                        .add(WorkflowExecution.running("of the living", "wf", null, Instant.EPOCH)
                                .withRecorderId("living"))
                        .add(WorkflowExecution.running("of the dead", "wf", null, Instant.EPOCH)
                                .withRecorderId("dead"))
                        .build());
        server.execute("""
                insert into public.workflow_recorders (id, started_at, heartbeat_at)
                values ('dead', now() - interval '1 hour', now() - interval '1 hour')""");
        // So that the store has nothing to look at first any more.
        leases.renew("living");
    }

    @Test
    void nobody_gets_older_while_a_connection_is_waited_for() {
        assertThat(endAbandonedAcross(connecting)).containsExactly("of the dead");
    }

    @Test
    void nobody_gets_older_before_the_server_takes_the_time() {
        assertThat(endAbandonedAcross(gateBefore(sql -> sql.startsWith("BEGIN"))))
                .containsExactly("of the dead");
    }

    @Test
    void nobody_gets_older_after_the_server_took_the_time() {
        assertThat(endAbandonedAcross(gateBefore(sql -> sql.contains("insert into"))))
                .containsExactly("of the dead");
    }

    /** A gate on the way of such statements to the server. */
    private Gate gateBefore(Predicate<String> statements) {
        Gate gate = new Gate();
        standing.on((link, sql) -> {
            if (statements.test(sql)) {
                gate.pass();
            }
            return TcpProxy.Verdict.PASS;
        });
        return gate;
    }

    /** Closes a gate, and opens it when by the server's clock everybody is dead. */
    private List<String> endAbandonedAcross(Gate gate) {
        List<String> ended = new CopyOnWriteArrayList<>();
        gate.close();
        try (Background sweep = Background.start(() -> ended.addAll(leases.endAbandoned(OLDER_THAN)))) {
            gate.awaitArrival();
            // By now the call has begun, so that this lease is as young as can be, however slow this machine is.
            leasesOf(proxy).renew("living");
            Await.until(
                    "the lease has run out",
                    () -> server.value("""
                    select clock_timestamp() - heartbeat_at > 2 * interval '%s'
                    from public.workflow_recorders where id = 'living'""".formatted(OLDER_THAN)).equals("t"));
            gate.open();
            sweep.await();
        }
        return ended;
    }

    private ExecutionLeases leasesOf(TcpProxy way) {
        return JdbcExecutionStore.create(server.dataSource(way)).leases().orElseThrow();
    }

    /** Open, until it is closed. */
    private static final class Gate {
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch opened = new CountDownLatch(1);
        private volatile boolean closed;

        void close() {
            closed = true;
        }

        /** Waits while it is closed. */
        void pass() {
            if (closed) {
                arrived.countDown();
                Await.until("the gate is opened", opened);
            }
        }

        void awaitArrival() {
            Await.until("something arrives at the gate", arrived);
        }

        void open() {
            opened.countDown();
        }
    }
}
