package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The end of a history with a buffer: what is left is written, no thread stays, and what comes later is counted. */
class BufferedHistoryCloseTest extends BufferedHistoryFixture {
    @Test
    void closing_writes_what_is_left() {
        start(lingering());
        history.run("workflow", null, run -> run.info("m"));
        assertThat(store.kept.batches()).isEmpty();

        history.close();

        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.kept.log().message()).isEqualTo("m");
        history.close();
    }

    @Test
    void a_history_that_was_not_closed_loses_no_more_than_its_buffer_held() {
        start(lingering());
        history.run("workflow", null, run -> run.info("safe"));
        assertThat(history.flush(LONG)).isTrue();
        history.run("workflow", null, run -> run.info("lost"));
        // A crash: nobody closes anything, and what is in the store is all there is.
        assertThat(store.kept.log().message()).isEqualTo("safe");
        assertThat(stats().queued()).isEqualTo(3);
    }

    @Test
    void closing_leaves_no_thread_even_when_the_store_never_answers() throws InterruptedException {
        store.withLeases();
        store.holdLeases();
        start(lingering());
        history.begin("workflow", null);
        store.awaitAsked("renew");
        Thread keeper = store.threadOfLeases();

        history.close();

        assertThat(keeper.isAlive()).isFalse();
        assertThat(Thread.getAllStackTraces().keySet()).doesNotContain(keeper);
    }

    @Test
    void a_thread_that_is_interrupted_while_it_closes_does_not_go_on_to_wait_for_the_lease()
            throws InterruptedException {
        store.withLeases();
        store.holdLeases();
        start(lingering().closeTimeout(Duration.ofMinutes(1)));
        history.begin("workflow", null);
        store.awaitAsked("renew");
        AtomicBoolean flag = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            history.close();
            flag.set(Thread.currentThread().isInterrupted());
        });
        closer.start();
        while (closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        closer.interrupt();

        closer.join(LONG.toMillis());
        assertThat(closer.isAlive()).isFalse();
        assertThat(flag).isTrue();
        assertThat(store.threadOfLeases().isAlive()).isFalse();
    }

    @Test
    void what_is_recorded_after_closing_is_counted_and_ignored() {
        start(lingering());
        ExecutionRun run = history.begin("workflow", null);
        history.close();

        run.info("late");
        run.success("late");
        assertThat(history.<Integer, RuntimeException>record("workflow", null, late -> 42))
                .isEqualTo(42);

        assertThat(stats().late()).isEqualTo(4);
        assertThat(stats().accepted()).isEqualTo(1);
        assertThat(lost).isEmpty();
    }

    @Test
    void in_strict_mode_recording_after_closing_is_an_error_at_the_call() {
        history = builder().strict().build();
        ExecutionRun run = history.begin("workflow", null);
        NodeRun node = run.begin("node");
        history.close();

        assertThatThrownBy(() -> run.info("late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> node.success("late")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> run.success("late")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> history.begin("workflow", null)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> history.recordQueued("workflow", null)).isInstanceOf(IllegalStateException.class);
        assertThat(stats().accepted()).isEqualTo(1);
    }
}
