package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** One fault after another, in no order that anybody has thought of. */
class RandomFaultsTest extends FaultTest {
    private static final int FAULTS = 20;
    private static final int STATEMENTS = 12;

    @Test
    void nothing_is_lost_or_doubled_by_random_faults() {
        long seed = new Random().nextLong();
        try {
            run(new Random(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void run(Random random) {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings().writers(1 + random.nextInt(3)));
        AtomicBoolean enough = new AtomicBoolean();
        try (Background hosts = Background.start(4, thread -> {
            for (int i = 0; !enough.get(); i++) {
                Workload.execution(recording, "execution-" + thread + "-" + i, 1 + i % 9);
                Await.until("the queue is short", () -> recording.stats().queued() < 500);
            }
        })) {
            for (int i = 0; i < FAULTS; i++) {
                fault(random, attempts);
            }
            enough.set(true);
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
    }

    private void fault(Random random, Attempts attempts) {
        int statement = 1 + random.nextInt(STATEMENTS);
        switch (random.nextInt(6)) {
            case 0 -> at(AtStatement.number(statement, link -> Verdict.CUT_BEFORE));
            case 1 -> at(AtStatement.commit(Verdict.CUT_AFTER));
            case 2 -> {
                at(AtStatement.commit(Verdict.HOLD));
                Link held = proxy.awaitHeld();
                if (random.nextBoolean()) {
                    server.awaitLockWait();
                }
                if (random.nextBoolean()) {
                    held.deliver();
                } else {
                    held.drop();
                }
            }
            case 3 ->
                at(AtStatement.number(statement, link -> {
                    server.execute("select pg_terminate_backend(" + link.backend() + ")");
                    return Verdict.PASS;
                }));
            case 4 -> {
                proxy.refuse();
                // Whoever is connected loses the connection, whoever connects gets none.
                attempts.awaitFailures(1, "08");
                proxy.admit();
            }
            case 5 -> {
                at(AtStatement.number(statement, link -> {
                    server.process().kill();
                    return Verdict.PASS;
                }));
                attempts.pausedWhile(server.process()::start);
            }
            default -> throw new AssertionError();
        }
    }

    private void at(AtStatement fault) {
        proxy.on(fault);
        fault.await();
        proxy.on(TcpProxy.PASS_ALL);
    }
}
