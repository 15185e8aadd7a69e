package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.workflowhistory.FakeHostLogger;
import io.github.workflowhistory.internal.SafeLog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** What a host's listener throws is logged, with one line however often it throws, and ignored. */
class ThrowingListenersTest {
    private final FakeHostLogger log = new FakeHostLogger(Level.TRACE);
    private final AssertionError failure = new AssertionError("scripted");
    private final Parcel lost = Parcel.of(List.of(Entry.of(PipelineTest.log("l1", "e1"))));

    private final RecorderListener broken = new RecorderListener() {
        @Override
        public void dropped(RecordCounts records) {
            throw failure;
        }
    };

    @Test
    void one_that_watches() {
        SafeListener listener = new SafeListener(broken, new SafeLog(log));

        for (int i = 0; i < 100; i++) {
            listener.dropped(RecordCounts.NONE);
        }

        assertThat(log.lines).singleElement().satisfies(line -> {
            assertThat(line.level()).isEqualTo(Level.ERROR);
            assertThat(line.text()).contains(broken.getClass().getName(), "ignored");
            assertThat(line.throwable()).isSameAs(failure);
        });
    }

    @Test
    void one_that_is_told_of_rejections() {
        Told told = new Told();
        Rejections rejections = new Rejections(
                (batch, cause) -> {
                    throw failure;
                },
                told,
                new SafeLog(log));

        for (int i = 0; i < 100; i++) {
            rejections.tell(lost, new IllegalStateException("refused"));
        }

        assertThat(log.lines).singleElement().satisfies(line -> {
            assertThat(line.level()).isEqualTo(Level.ERROR);
            assertThat(line.text()).contains("rejection listener", "ignored");
            assertThat(line.throwable()).isSameAs(failure);
        });
        assertThat(told.rejectedCounts().total()).isEqualTo(100);
    }

    @Test
    void a_logging_that_throws_as_well_changes_nothing() {
        SafeLog full = new SafeLog(FakeHostLogger.throwing(new IllegalStateException("no space left on device")));

        assertThatCode(() -> {
                    new SafeListener(broken, full).dropped(RecordCounts.NONE);
                    new Rejections(
                                    (batch, cause) -> {
                                        throw failure;
                                    },
                                    RecorderListener.NOP,
                                    full)
                            .tell(lost, new IllegalStateException("refused"));
                })
                .doesNotThrowAnyException();
    }
}
