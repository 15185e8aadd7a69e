package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.workflowhistory.FakeHostLogger;
import io.github.workflowhistory.internal.SafeLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class LeaseTroubleTest {
    private final Lines log = new Lines();
    private final LeaseTrouble trouble = new LeaseTrouble(new SafeLog(log), "recorder-1");
    private long now = -5;

    /** A logger that keeps its lines. */
    private static final class Lines extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;

        private final transient List<String> lines = new ArrayList<>();

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
            lines.add(level + " " + MessageFormatter.basicArrayFormat(pattern, arguments));
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        public boolean isTraceEnabled() {
            return true;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }

    private void failAfter(Duration passed) {
        now += passed.toNanos();
        trouble.failed(new IllegalStateException("the store is away"), now);
    }

    @Test
    void one_line_tells_that_it_begins_and_one_that_it_is_over() {
        failAfter(Duration.ZERO);
        failAfter(Duration.ofSeconds(30));
        failAfter(Duration.ofHours(1));
        trouble.ended();
        trouble.ended();

        assertThat(log.lines).hasSize(2);
        assertThat(log.lines.get(0)).startsWith("WARN").contains("recorder-1", "the store is away");
        assertThat(log.lines.get(1)).startsWith("INFO").contains("after 3 failed attempts");
    }

    @Test
    void without_trouble_there_is_nothing_to_tell() {
        trouble.ended();

        assertThat(log.lines).isEmpty();
    }

    @Test
    void trouble_that_comes_back_within_a_minute_is_told_when_it_lasts() {
        failAfter(Duration.ZERO);
        trouble.ended();
        failAfter(Duration.ofSeconds(30));
        trouble.ended();
        assertThat(log.lines).hasSize(2);

        failAfter(Duration.ofSeconds(29));
        assertThat(log.lines).hasSize(2);
        failAfter(Duration.ofSeconds(1));
        trouble.ended();

        assertThat(log.lines).hasSize(4);
        assertThat(log.lines.get(3)).contains("after 2 failed attempts");
    }

    @Test
    void a_logging_that_throws_does_not_reach_the_thread_that_keeps_the_lease() {
        SafeLog full = new SafeLog(FakeHostLogger.throwing(new IllegalStateException("no space left on device")));
        LeaseTrouble untold = new LeaseTrouble(full, "recorder-1");

        assertThatCode(() -> {
                    untold.failed(new IllegalStateException("the store is away"), now);
                    untold.ended();
                })
                .doesNotThrowAnyException();
    }
}
