package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.pipeline.FakeLeases;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.pipeline.RecorderListener;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionLeases.Scope;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HistoryLeasesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final PipelineSettings SELDOM = PipelineSettings.builder()
            .leaseInterval(Duration.ofHours(1))
            .abandonAfter(Duration.ZERO)
            .build();

    private final FakeLeases leases = new FakeLeases();
    private final LeasingStore store = new LeasingStore();
    private WorkflowHistory history;

    /** A store with leases that the test sees. */
    private final class LeasingStore implements ExecutionStore {
        private final CollectingStore collected = new CollectingStore();

        @Override
        public Optional<ExecutionLeases> leases() {
            return Optional.of(leases);
        }

        @Override
        public void record(HistoryBatch batch) {
            collected.record(batch);
        }

        @Override
        public boolean deleteExecution(String executionId) {
            return collected.deleteExecution(executionId);
        }

        @Override
        public Optional<WorkflowExecution> findExecution(String executionId) {
            return collected.findExecution(executionId);
        }

        @Override
        public Optional<ExecutionDetails> findDetails(String executionId) {
            return collected.findDetails(executionId);
        }

        @Override
        public List<ExecutionSummary> listExecutions(ExecutionQuery query) {
            return collected.listExecutions(query);
        }

        @Override
        public List<ExecutionLog> listLogs(LogQuery query) {
            return collected.listLogs(query);
        }
    }

    private WorkflowHistory start(PipelineSettings settings) {
        history = WorkflowHistory.builder(store).pipeline(settings).build();
        return history;
    }

    @AfterEach
    void close() {
        if (history != null) {
            history.close();
        }
    }

    @Test
    void one_small_write_covers_all_executions() {
        start(SELDOM);
        for (int i = 0; i < 1_000; i++) {
            history.begin("wf", null);
        }

        assertThat(history.flush(LONG)).isTrue();

        assertThat(leases.calls()).containsExactly("renew");
    }

    @Test
    void nothing_is_written_before_the_first_renewal() throws InterruptedException {
        CountDownLatch gate = leases.hold("renew"::equals);
        start(SELDOM);
        String id = history.begin("wf", null).id();
        leases.await("renew", 1);

        assertThat(history.flush(Duration.ofMillis(200))).isFalse();
        assertThat(store.findExecution(id)).isEmpty();

        gate.countDown();
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.findExecution(id)).isPresent();
    }

    @Test
    void executions_that_run_are_under_the_lease_and_those_that_wait_are_not() {
        start(SELDOM);
        String running = history.begin("wf", null).id();
        String queued = history.recordQueued("wf", null);
        assertThat(history.flush(LONG)).isTrue();

        assertThat(store.findExecution(running).orElseThrow().recorderId()).isNotNull();
        assertThat(store.findExecution(queued).orElseThrow().recorderId()).isNull();
    }

    @Test
    void an_execution_that_is_attached_is_taken_over() {
        leases.open.add("e");
        start(SELDOM);
        store.record(WorkflowExecution.queued("e", "wf", null, SettableClock.START));

        history.attach("e");

        assertThat(history.flush(LONG)).isTrue();
        assertThat(leases.calls()).containsExactlyInAnyOrder("renew", "take over e");
    }

    @Test
    void an_execution_that_was_detached_is_released_when_a_flush_returns() {
        start(SELDOM);
        ExecutionRun run = history.begin("wf", null);
        leases.open.add(run.id());
        run.detach();

        assertThat(history.flush(LONG)).isTrue();

        assertThat(leases.calls()).contains("release " + run.id());
    }

    @Test
    void an_execution_that_was_detached_is_released_when_the_history_is_closed() {
        start(SELDOM);
        ExecutionRun run = history.begin("wf", null);
        leases.open.add(run.id());
        run.detach();

        history.close();

        assertThat(leases.calls()).contains("release " + run.id());
    }

    @Test
    void without_leases_none_is_kept_and_the_store_is_asked_at_once() {
        leases.abandon("e");
        start(PipelineSettings.builder().withoutLeases().build());
        history.begin("wf", null);
        assertThat(history.flush(LONG)).isTrue();

        assertThat(history.endAbandoned(Duration.ofSeconds(1), Scope.LEASED)).containsExactly("e");

        assertThat(leases.calls()).containsExactly("end abandoned");
    }

    @Test
    void with_a_lease_nobody_is_ended_before_it_was_kept_for_as_long() {
        leases.abandon("e");
        start(SELDOM);
        assertThat(history.flush(LONG)).isTrue();

        assertThat(history.endAbandoned(Duration.ofHours(3), Scope.ALL)).isEmpty();

        assertThat(leases.count("end abandoned")).isZero();
    }

    @Test
    void a_history_that_cannot_be_started_leaves_no_thread_for_its_lease() {
        Set<Thread> before = ownThreads();

        assertThatNullPointerException()
                .isThrownBy(() -> RecordingBackend.buffered(store, SELDOM, null, RecorderListener.NOP));

        assertThat(ownThreads()).isSubsetOf(before);
    }

    @Test
    void a_history_that_fails_when_its_buffer_has_been_started_leaves_neither_threads_nor_a_hook() {
        Set<Thread> before = ownThreads();
        AtomicReference<Thread> hook = new AtomicReference<>();

        assertThatThrownBy(() ->
                        RecordingBackend.buffered(store, SELDOM, (lost, cause) -> {}, RecorderListener.NOP, thread -> {
                            hook.set(thread);
                            // That of the lease and that of the buffer.
                            assertThat(ownThreads().stream().filter(own -> !before.contains(own)))
                                    .hasSize(2);
                            throw new OutOfMemoryError("scripted");
                        }))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("scripted");

        assertThat(ownThreads()).isSubsetOf(before);
        assertThat(Runtime.getRuntime().removeShutdownHook(hook.get())).isFalse();
    }

    private static Set<Thread> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("workflow-history-"))
                .collect(Collectors.toSet());
    }

    @Test
    void a_store_without_leases_ends_nothing() {
        try (WorkflowHistory without =
                WorkflowHistory.builder(new CollectingStore()).build()) {
            assertThat(without.endAbandoned(Duration.ofSeconds(1), Scope.ALL)).isEmpty();
        }
    }
}
