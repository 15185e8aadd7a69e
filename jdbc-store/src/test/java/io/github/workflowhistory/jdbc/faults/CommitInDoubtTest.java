package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.jdbc.JdbcExecutionStore;
import io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connection breaks around a COMMIT, so that the client cannot know whether its batch is there. */
class CommitInDoubtTest extends FaultTest {
    private static final int TIMES = 5;

    @ParameterizedTest
    @EnumSource
    void what_was_committed_without_an_answer_is_there_once(Way way) {
        assertStoredOnceAfterCuts(way, Verdict.CUT_AFTER);
    }

    @ParameterizedTest
    @EnumSource
    void what_the_server_was_never_told_to_commit_is_there_once(Way way) {
        assertStoredOnceAfterCuts(way, Verdict.CUT_BEFORE);
    }

    private void assertStoredOnceAfterCuts(Way way, Verdict verdict) {
        Attempts attempts = attempts(way);
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Workload.executions(recording, 2, 40, 8)) {
            for (int i = 0; i < TIMES; i++) {
                AtStatement atCommit = AtStatement.commit(verdict);
                proxy.on(atCommit);
                atCommit.await();
            }
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
    }

    @Test
    void an_old_backend_that_still_holds_the_batch_may_commit_it_while_it_is_tried_again() {
        retryBesideOldBackend(attempts(), link -> {
            server.awaitLockWait();
            link.deliver();
        });
    }

    @Test
    void an_old_backend_that_still_holds_the_batch_may_roll_it_back_while_it_is_tried_again() {
        retryBesideOldBackend(attempts(), link -> {
            server.awaitLockWait();
            link.drop();
        });
    }

    @Test
    void a_retry_that_may_not_wait_for_the_old_backend_comes_again_until_that_is_gone() {
        Duration lockTimeout = Duration.ofMillis(20);
        Attempts attempts = new Attempts(JdbcExecutionStore.builder(server.dataSource(proxy))
                .lockTimeout(lockTimeout)
                .build());
        retryBesideOldBackend(attempts, link -> {
            attempts.awaitFailures(3, "55P03");
            link.deliver();
        });
    }

    private void retryBesideOldBackend(Attempts attempts, Consumer<Link> end) {
        Recording recording = recordingTo(attempts, settings());
        proxy.on(AtStatement.commit(Verdict.HOLD));
        try (Background hosts = Workload.executions(recording, 2, 40, 8)) {
            end.accept(proxy.awaitHeld());
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
    }
}
