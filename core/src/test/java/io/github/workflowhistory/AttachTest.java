package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executions that one process begins or queues and another continues. */
class AttachTest {
    private static final UUID USER = UUID.fromString("00000000-0000-0000-0000-000000000001");

    private final CollectingStore store = new CollectingStore();
    private final SettableClock clock = new SettableClock();
    private final WorkflowHistory web =
            WorkflowHistory.builder(store).synchronous().clock(clock).build();
    private final WorkflowHistory worker =
            WorkflowHistory.builder(store).synchronous().clock(clock).build();

    @Test
    void a_queued_execution_waits_and_is_started_by_attaching() {
        String id = web.recordQueued("workflow", USER);
        assertThat(store.execution()).isEqualTo(WorkflowExecution.queued(id, "workflow", USER, SettableClock.START));

        clock.advance(Duration.ofMinutes(5));
        ExecutionRun run = worker.attach(id);

        assertThat(run.id()).isEqualTo(id);
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.RUNNING);
        assertThat(store.execution().startedAt()).isEqualTo(SettableClock.START.plusSeconds(300));
        assertThat(store.execution().createdAt()).isEqualTo(SettableClock.START);
    }

    @Test
    void a_queued_execution_may_have_an_id_of_the_host() {
        assertThat(web.execution("workflow").id("exec_1").queue()).isEqualTo("exec_1");
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.QUEUED);
    }

    @Test
    void an_execution_that_was_let_go_is_continued_with_its_first_start() {
        ExecutionRun first = web.begin("workflow", null);
        String id = first.detach();
        first.close();
        first.success("ignored");
        clock.advance(Duration.ofSeconds(90));

        worker.attach(id).success("done");

        WorkflowExecution execution = store.execution();
        assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(execution.finalOutput()).isEqualTo(Json.of("done"));
        assertThat(execution.startedAt()).isEqualTo(SettableClock.START);
        assertThat(execution.duration()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void the_derived_status_counts_the_nodes_of_other_processes() {
        ExecutionRun first = web.begin("workflow", null);
        first.begin("failed elsewhere").failed("boom");
        worker.attach(first.detach(), run -> {
            run.run("good", node -> {});
            return null;
        });

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.PARTIAL);
    }

    @Test
    void the_derived_status_knows_retries_of_other_processes() {
        ExecutionRun first = web.begin("workflow", null);
        NodeRun attempt = first.begin("node");
        attempt.failed("boom");
        attempt.retry().success();
        worker.attach(first.detach()).complete();

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void own_nodes_that_are_open_at_the_end_count_as_failed() {
        ExecutionRun first = web.begin("workflow", null);
        first.begin("good").success();
        ExecutionRun second = worker.attach(first.detach());
        second.begin("open");
        second.complete();

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.PARTIAL);
    }

    @Test
    void an_attached_execution_whose_work_throws_has_failed() {
        String id = web.recordQueued("workflow", null);
        IOException error = new IOException("disk");

        assertThatThrownBy(() -> worker.attach(id, run -> {
                    throw error;
                }))
                .isSameAs(error);
        int output = worker.attach(web.execution("other").queue(), run -> 7);

        assertThat(output).isEqualTo(7);
        assertThat(store.findExecution(id).orElseThrow().status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    void attaching_to_what_has_ended_changes_nothing() {
        ExecutionRun first = web.begin("workflow", null);
        first.success("output");
        WorkflowExecution ended = store.execution();
        clock.advance(Duration.ofSeconds(5));

        worker.attach(first.id()).failed("too late");

        assertThat(store.execution()).isEqualTo(ended);
    }

    @Test
    void a_status_is_derived_from_own_nodes_when_the_store_cannot_be_read() {
        for (Throwable failure : new Throwable[] {new IllegalStateException("bug"), new StackOverflowError()}) {
            BrokenReader broken = new BrokenReader(failure);
            WorkflowHistory history =
                    WorkflowHistory.builder(broken.store).synchronous().build();

            history.attach(history.recordQueued("workflow", null), run -> {
                run.begin("bad").failed("boom");
                return null;
            });

            assertThat(broken.delegate.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        }
    }

    @Test
    void a_status_is_derived_from_own_nodes_when_the_recorder_is_behind() {
        ExecutionRun first = web.begin("workflow", null);
        first.begin("failed elsewhere").failed("boom");
        WorkflowHistory behind = WorkflowHistory.builder(store)
                .recorder(itself -> new ExecutionRecorder() {
                    @Override
                    public void record(HistoryBatch batch) {
                        itself.record(batch);
                    }

                    @Override
                    public boolean flush(Duration timeout) {
                        return false;
                    }
                })
                .build();

        behind.attach(first.detach(), run -> run.call("good", node -> 1));

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    @Timeout(60)
    void a_status_is_derived_from_own_nodes_when_the_store_does_not_answer() {
        CountDownLatch never = new CountDownLatch(1);
        BrokenReader silent = new BrokenReader(() -> {
            never.await();
            return new IllegalStateException("too late");
        });
        WorkflowHistory history =
                WorkflowHistory.builder(silent.store).synchronous().build();

        history.attach(history.recordQueued("workflow", null), run -> {
            run.begin("bad").failed("boom");
            return null;
        });

        assertThat(silent.delegate.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        never.countDown();
    }

    @Test
    @Timeout(60)
    void a_store_that_does_not_answer_is_told_to_stop() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        BrokenReader silent = new BrokenReader(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                stopped.countDown();
            }
            return new IllegalStateException("stopped");
        });
        WorkflowHistory history =
                WorkflowHistory.builder(silent.store).synchronous().build();

        history.attach(history.recordQueued("workflow", null)).complete();

        assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Timeout(60)
    void a_store_that_neither_answers_nor_stops_holds_few_threads() throws InterruptedException {
        Semaphore never = new Semaphore(0);
        AtomicInteger waiting = new AtomicInteger();
        BrokenReader stuck = new BrokenReader(() -> {
            waiting.incrementAndGet();
            never.acquireUninterruptibly();
            return new IllegalStateException("too late");
        });
        WorkflowHistory history =
                WorkflowHistory.builder(stuck.store).synchronous().build();
        List<Thread> hosts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ExecutionRun run = history.attach(history.recordQueued("workflow", null));
            Thread host = new Thread(run::complete);
            host.start();
            hosts.add(host);
        }
        for (Thread host : hosts) {
            host.join();
        }

        assertThat(waiting.get()).isLessThanOrEqualTo(8);
        never.release(20);
    }

    @Test
    void a_status_is_derived_from_own_nodes_while_the_system_has_no_thread_to_read_those_of_others() {
        ExecutionRun run = web.begin("workflow", null);
        run.begin("failed elsewhere").failed("boom");
        RecordingContext context = contextOf(store);

        // More often than threads may wait for a store that hangs: none of these waits.
        for (int i = 0; i < 10; i++) {
            assertThat(AttachedStatus.of(context, run.id(), ExecutionStatus.SUCCESS, thread -> {
                        throw new OutOfMemoryError("unable to create native thread");
                    }))
                    .isEqualTo(ExecutionStatus.SUCCESS);
        }

        assertThat(AttachedStatus.of(context, run.id(), ExecutionStatus.SUCCESS))
                .isEqualTo(ExecutionStatus.FAILED);
    }

    private static RecordingContext contextOf(ExecutionStore store) {
        return new RecordingContext(
                new HistoryClock(InstantSource.system()),
                IdGenerator.timeOrdered(),
                new PayloadEncoder(PayloadCodec.jackson(), Redactor.NONE, 1_000, 1_000),
                store,
                RecordingBackend.direct(store),
                LogLevel.DEBUG,
                (lost, cause) -> {},
                false);
    }

    @Test
    void an_end_before_the_start_by_a_clock_that_differs_is_the_start() {
        ExecutionRun run = web.begin("workflow", null);
        clock.set(Instant.EPOCH);
        run.run("node", node -> clock.advance(Duration.ofDays(-1)));
        run.complete();

        assertThat(store.execution().completedAt()).isEqualTo(SettableClock.START);
        assertThat(store.execution().duration()).isZero();
        assertThat(store.nodeResult("node").finishedAt())
                .isEqualTo(store.nodeResult("node").startedAt());
        assertThat(store.nodeResult("node").duration()).isZero();
    }

    /** A store that takes everything and whose reading fails. */
    private static final class BrokenReader {
        private final CollectingStore delegate = new CollectingStore();
        private final ExecutionStore store;

        BrokenReader(Throwable failure) {
            this(() -> failure);
        }

        BrokenReader(Callable<Throwable> failure) {
            store = (ExecutionStore) Proxy.newProxyInstance(
                    BrokenReader.class.getClassLoader(),
                    new Class<?>[] {ExecutionStore.class},
                    (proxy, method, arguments) -> {
                        if (method.getReturnType() == Optional.class) {
                            throw failure.call();
                        }
                        return method.invoke(delegate, arguments);
                    });
        }
    }
}
