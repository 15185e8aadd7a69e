package io.github.workflowhistory.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.workflowhistory.FakeHostLogger;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class SafeLogTest {
    private final FakeHostLogger host = new FakeHostLogger(Level.INFO);

    @Test
    void lines_arrive_at_the_host() {
        IllegalStateException failure = new IllegalStateException();

        new SafeLog(host).tell(log -> log.warn("a {} and a {}", "line", "half", failure));

        assertThat(host.lines).hasSize(1);
        assertThat(host.lines.get(0).text()).isEqualTo("a line and a half");
        assertThat(host.lines.get(0).throwable()).isSameAs(failure);
    }

    @Test
    void what_the_logging_of_the_host_throws_stays_there() {
        SafeLog full = new SafeLog(FakeHostLogger.throwing(new IllegalStateException("no space left on device")));
        SafeLog broken = new SafeLog(FakeHostLogger.throwing(new OutOfMemoryError()));

        assertThatCode(() -> full.tell(log -> log.error("line"))).doesNotThrowAnyException();
        assertThatCode(() -> broken.tell(log -> log.error("line"))).doesNotThrowAnyException();
    }

    @Test
    void a_line_that_cannot_be_put_together_reaches_nobody() {
        new SafeLog(host).tell(log -> log.error("half of a line: {}", messageThatThrows()));

        assertThat(host.lines).isEmpty();
    }

    private static String messageThatThrows() {
        throw new IllegalStateException("no message");
    }
}
