package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** History never breaks the host: whatever fails on the way to the store, the work goes on and its result is returned. */
class HostSafetyTest {
    private final CollectingStore store = new CollectingStore();
    private final List<HistoryBatch> lost = new ArrayList<>();
    private final List<RuntimeException> causes = new ArrayList<>();

    @AfterEach
    void leave_no_interrupt_behind() {
        Thread.interrupted();
    }

    private WorkflowHistory.Builder builder() {
        return WorkflowHistory.builder(store).synchronous().onRejection((batch, cause) -> {
            lost.add(batch);
            causes.add(cause);
        });
    }

    private static ExecutionRecorder failing(Throwable failure) {
        return batch -> HostSafetyTest.<RuntimeException>sneak(failure);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable throwable) throws X {
        throw (X) throwable;
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new HistoryStoreException(HistoryStoreException.Kind.CONNECTION, "no database", null),
                new IllegalStateException("bug"),
                new IOException("sneaky"),
                new StackOverflowError(),
                new NoClassDefFoundError("com/example/Missing"),
                new OutOfMemoryError());
    }

    /** Work that uses everything that records. */
    private static String work(WorkflowHistory history) {
        history.recordQueued("other", null);
        history.attach("unknown").complete();
        return history.record("workflow", null, run -> {
            run.info("started", List.of(1));
            run.logger().info("through a logger");
            run.skip("mail", "nothing new");
            NodeRun node = run.begin("callback");
            node.failed("first attempt");
            node.retry().success("output");
            run.run("void", inner -> inner.warn("inside"));
            return run.call("fetch", inner -> "result");
        });
    }

    private static String oneNode(WorkflowHistory history) {
        return history.record(
                "workflow",
                null,
                run -> run.call("node", node -> {
                    node.info("line");
                    return "result";
                }));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_failing_recorder_never_reaches_the_host_and_is_reported_to_the_listener(Throwable failure) {
        WorkflowHistory history = builder().recorder(any -> failing(failure)).build();

        assertThat(work(history)).isEqualTo("result");

        assertThat(lost).hasSize(13).noneMatch(HistoryBatch::isEmpty);
        assertThat(causes)
                .allSatisfy(cause -> assertThat(List.of(cause, Objects.requireNonNullElse(cause.getCause(), cause)))
                        .contains(failure));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_listener_that_throws_does_not_reach_the_host_either(Throwable failure) {
        WorkflowHistory history = WorkflowHistory.builder(store)
                .recorder(any -> failing(new IllegalStateException()))
                .onRejection((batch, cause) -> HostSafetyTest.<RuntimeException>sneak(failure))
                .build();

        assertThat(work(history)).isEqualTo("result");
    }

    @Test
    void the_default_listener_takes_any_number_of_losses() {
        WorkflowHistory history = WorkflowHistory.builder(store)
                .recorder(any -> failing(new IllegalStateException("gone")))
                .build();

        for (int i = 0; i < 100; i++) {
            assertThat(work(history)).isEqualTo("result");
        }
    }

    @Test
    void an_exception_of_the_work_is_not_replaced_by_one_of_the_history() {
        WorkflowHistory history =
                builder().recorder(any -> failing(new StackOverflowError())).build();
        IOException own = new IOException("own");

        assertThatThrownBy(() -> history.record(
                        "workflow",
                        null,
                        run -> run.call("node", node -> {
                            throw own;
                        })))
                .isSameAs(own);
    }

    @Test
    void an_exception_whose_methods_throw_is_passed_on_unchanged() {
        ErrorTextTest.Explosive own = new ErrorTextTest.Explosive(new StackOverflowError());
        WorkflowHistory history = builder().build();

        Throwable passed = null;
        try {
            history.run(
                    "workflow",
                    null,
                    run -> run.run("node", node -> {
                        throw own;
                    }));
        } catch (ErrorTextTest.Explosive e) {
            passed = e;
        }

        assertThat(passed == own).isTrue();
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(store.execution().error()).contains("Explosive");
    }

    @Test
    void an_interrupt_that_a_recorder_swallowed_is_still_there() {
        WorkflowHistory history =
                builder().recorder(any -> failing(new InterruptedException())).build();

        history.begin("workflow", null);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void recording_does_not_clear_an_interrupt() {
        Thread.currentThread().interrupt();

        work(builder().build());

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void an_id_generator_that_fails_is_stood_in_for() {
        AtomicInteger calls = new AtomicInteger();
        WorkflowHistory history = builder()
                .idGenerator(() -> {
                    if (calls.incrementAndGet() % 2 == 0) {
                        throw new IllegalStateException("no ids");
                    }
                    return calls.get() % 3 == 0 ? null : " ";
                })
                .build();

        assertThat(oneNode(history)).isEqualTo("result");
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.nodeResults()).hasSize(1);
        assertThat(store.logs()).hasSize(1);
    }

    @Test
    void a_clock_that_goes_wrong_costs_history_but_not_the_result() {
        AtomicInteger calls = new AtomicInteger();
        WorkflowHistory history = builder()
                .clock(() -> calls.incrementAndGet() < 3 ? SettableClock.START : Instant.MAX)
                .build();

        assertThat(oneNode(history)).isEqualTo("result");
    }

    @Test
    void what_belongs_to_no_execution_goes_to_the_listener() {
        builder().build().attach("unknown").info("line");

        assertThat(causes).hasSize(2).hasOnlyElementsOfType(UnknownExecutionException.class);
        assertThat(lost.get(1).logs()).hasSize(1);
    }

    @Test
    void a_flush_that_throws_is_no_success() {
        WorkflowHistory history = builder()
                .recorder(any -> new ExecutionRecorder() {
                    @Override
                    public void record(HistoryBatch batch) {}

                    @Override
                    public boolean flush(Duration timeout) {
                        throw new IllegalStateException("bug");
                    }
                })
                .build();

        assertThat(history.flush(Duration.ofSeconds(1))).isFalse();
        assertThat(WorkflowHistory.builder(store).synchronous().build().flush(Duration.ofSeconds(1)))
                .isTrue();
    }

    @Test
    void after_close_everything_is_ignored_and_the_work_goes_on() {
        WorkflowHistory history = builder().build();
        history.close();
        history.close();

        assertThat(work(history)).isEqualTo("result");

        assertThat(store.batches()).isEmpty();
        assertThat(lost).isEmpty();
        assertThat(history.store().findExecution("any")).isEqualTo(Optional.empty());
    }
}
