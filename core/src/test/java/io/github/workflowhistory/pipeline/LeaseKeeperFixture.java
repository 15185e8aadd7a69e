package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of the lease keeper share: leases that a test sees, and a keeper of which no thread may stay. */
@Timeout(60)
abstract class LeaseKeeperFixture {
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(20);

    final FakeLeases leases = new FakeLeases();
    LeaseKeeper keeper;

    LeaseKeeper start(Duration interval, Duration abandonAfter) {
        keeper = new LeaseKeeper(
                leases,
                "recorder-1",
                PipelineSettings.builder()
                        .leaseInterval(interval)
                        .abandonAfter(abandonAfter)
                        .build());
        return keeper;
    }

    /** Renews once, and then for a long time not again. */
    LeaseKeeper startSeldom() {
        return start(Duration.ofHours(1), Duration.ZERO);
    }

    @AfterEach
    void close() {
        if (keeper != null) {
            keeper.close();
            assertThat(threads()).noneMatch(thread -> thread == keeper.thread());
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }
}
