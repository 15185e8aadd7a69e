package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server is there and does not take what it is sent, for reasons that pass. */
class UnavailableServerTest extends FaultTest {
    /** The pauses between attempts are at their longest by then. */
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    /** The pauses after these are long, so that many would take minutes. */
    private static final int ATTEMPTS = 2;

    @AfterEach
    void resetSettings() {
        if (!server.value("show default_transaction_read_only").equals("off")) {
            server.set("default_transaction_read_only", "off");
        }
    }

    @Test
    void nothing_is_lost_while_the_server_recovers_for_half_a_minute() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Workload.executions(recording, 2, 30, 8)) {
            attempts.pausedWhile(() -> {
                server.process().kill();
                server.process().startInRecovery();
            });
            attempts.awaitFailuresFor(RECOVERY, "57P03");
            server.process().promote();
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
    }

    @Test
    void nothing_is_lost_while_the_database_is_read_only() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Workload.executions(recording, 2, 30, 8)) {
            attempts.pausedWhile(() -> {
                server.set("default_transaction_read_only", "on");
                server.terminateConnections();
            });
            attempts.awaitFailures(ATTEMPTS, "25006");
            server.set("default_transaction_read_only", "off");
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
    }

    @Test
    void nothing_is_lost_when_the_connection_leads_to_a_standby_that_is_promoted_later() {
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, settings());
        try (Background hosts = Workload.executions(recording, 2, 30, 8)) {
            attempts.pausedWhile(() -> {
                server.process().stopImmediately();
                server.process().startAsStandby();
            });
            attempts.awaitFailures(ATTEMPTS, "25006");
            server.process().promote();
            hosts.await();
        }
        recording.assertEverythingIsStored(server.dataSource());
        attempts.assertSameBatchCameAgain();
        assertThat(server.value("select pg_is_in_recovery()")).isEqualTo("f");
    }
}
