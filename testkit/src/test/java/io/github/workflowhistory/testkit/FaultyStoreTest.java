package io.github.workflowhistory.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.testkit.FaultyStore.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultyStoreTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final InMemoryExecutionStore right = new InMemoryExecutionStore();
    private final FaultyStore store = new FaultyStore(right);

    @AfterEach
    void let_go() {
        store.close();
    }

    @Test
    void it_does_nothing_wrong_until_it_is_told_to() {
        store.record(execution("e"));

        assertThat(store.findExecution("e")).isEqualTo(right.findExecution("e")).isPresent();
        assertThat(store.findDetails("e")).isEqualTo(right.findDetails("e"));
        assertThat(store.listExecutions(ExecutionQuery.all())).hasSize(1);
        assertThat(store.listLogs(LogQuery.ofExecution("e"))).isEmpty();
        assertThat(store.flush(Duration.ZERO)).isTrue();
        assertThat(store.deleteExecution("e")).isTrue();
        assertThat(store.calls(Operation.RECORD)).isEqualTo(1);
        assertThat(store.calls(Operation.DELETE_EXECUTION)).isEqualTo(1);
        assertThat(store.faults(Operation.RECORD)).isZero();
    }

    @Test
    void a_write_that_fails_writes_nothing() {
        store.onWrites().next(2).fail();

        HistoryStoreException failure =
                catchThrowableOfType(HistoryStoreException.class, () -> store.record(execution("e")));
        assertThat(failure.isInDoubt()).isFalse();
        assertThat(failure.kind()).isEqualTo(HistoryStoreException.Kind.CONNECTION);
        assertThatThrownBy(() -> store.record(execution("f"))).isInstanceOf(HistoryStoreException.class);
        assertThat(right.listExecutions(ExecutionQuery.all())).isEmpty();

        store.record(execution("g"));
        assertThat(right.findExecution("g")).isPresent();
        assertThat(store.calls(Operation.RECORD)).isEqualTo(3);
        assertThat(store.faults(Operation.RECORD)).isEqualTo(2);
    }

    @Test
    void a_fault_lasts_until_the_store_recovers() {
        store.onWrites().fail();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> store.record(execution("e"))).isInstanceOf(HistoryStoreException.class);
        }
        assertThatThrownBy(() -> store.deleteExecution("e")).isInstanceOf(HistoryStoreException.class);

        store.recover();

        store.record(execution("e"));
        assertThat(right.findExecution("e")).isPresent();
    }

    @Test
    void a_lost_answer_leaves_the_write_there_and_the_caller_in_doubt() {
        store.onWrites().next(1).loseAnswer();

        HistoryStoreException failure =
                catchThrowableOfType(HistoryStoreException.class, () -> store.record(execution("e")));

        assertThat(failure.isInDoubt()).isTrue();
        assertThat(right.findExecution("e")).isPresent();
        store.record(execution("e"));
        assertThat(right.listExecutions(ExecutionQuery.all())).hasSize(1);
    }

    @Test
    void only_the_batches_that_are_meant_fail() {
        store.onBatches(batch -> batch.executions().stream().anyMatch(e -> e.id().equals("bad")))
                .fail(() -> new IllegalStateException("bad"));

        store.record(execution("good"));
        assertThatThrownBy(() -> store.record(execution("bad"))).isInstanceOf(IllegalStateException.class);
        assertThat(store.deleteExecution("bad")).isFalse();
        assertThat(right.findExecution("good")).isPresent();
    }

    @Test
    void reads_can_fail_while_writes_go_on() {
        store.onReads().next(4).fail();

        store.record(execution("e"));

        assertThatThrownBy(() -> store.findExecution("e")).isInstanceOf(HistoryStoreException.class);
        assertThatThrownBy(() -> store.findDetails("e")).isInstanceOf(HistoryStoreException.class);
        assertThatThrownBy(() -> store.listExecutions(ExecutionQuery.all())).isInstanceOf(HistoryStoreException.class);
        assertThatThrownBy(() -> store.listLogs(LogQuery.ofExecution("e"))).isInstanceOf(HistoryStoreException.class);
        assertThat(store.findExecution("e")).isPresent();
    }

    @Test
    void leases_can_fail() {
        ExecutionLeases leases = store.leases().orElseThrow();
        store.on(Operation.RENEW_LEASE, Operation.TAKE_OVER, Operation.END_ABANDONED)
                .next(3)
                .fail();

        assertThatThrownBy(() -> leases.renew("r")).isInstanceOf(HistoryStoreException.class);
        assertThatThrownBy(() -> leases.takeOver("e", "r")).isInstanceOf(HistoryStoreException.class);
        assertThatThrownBy(() -> leases.endAbandoned(Duration.ZERO)).isInstanceOf(HistoryStoreException.class);

        leases.renew("r");
        assertThat(leases.takeOver("e", "r")).isFalse();
        assertThat(leases.endAbandoned(Duration.ZERO)).isEmpty();
        assertThat(new FaultyStore(new DelegatingStore()).leases()).isEmpty();
    }

    @Test
    void a_call_waits_at_a_gate_until_it_is_opened() throws Exception {
        Gate gate = store.onWrites().next(1).hold();

        CompletableFuture<Void> write = onAThreadOfItsOwn(() -> store.record(execution("held")));
        gate.awaitCall(LIMIT);
        store.record(execution("free"));

        assertThat(write).isNotDone();
        assertThat(right.findExecution("held")).isEmpty();
        assertThat(right.findExecution("free")).isPresent();

        gate.open();
        write.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(right.findExecution("held")).isPresent();
    }

    @Test
    void recovering_opens_the_gates() throws Exception {
        Gate gate = store.onWrites().hold();
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String id = "e" + i;
            writes.add(onAThreadOfItsOwn(() -> store.record(execution(id))));
            gate.awaitCall(LIMIT);
        }

        store.recover();

        for (CompletableFuture<Void> write : writes) {
            write.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(right.listExecutions(ExecutionQuery.all())).hasSize(2);
    }

    @Test
    void a_call_that_is_interrupted_at_a_gate_writes_nothing() {
        store.onWrites().hold();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> store.record(execution("e"))).isInstanceOf(HistoryStoreException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(right.findExecution("e")).isEmpty();
    }

    @Test
    void a_gate_to_which_no_call_comes_says_so() {
        Gate gate = store.onWrites().hold();

        assertThatThrownBy(() -> gate.awaitCall(Duration.ZERO)).hasMessageContaining("no call came");
    }

    @Test
    void the_fault_that_was_set_up_first_takes_the_call() {
        store.onWrites().next(1).fail(() -> new IllegalStateException("first"));
        store.onWrites().next(1).fail(() -> new IllegalStateException("second"));

        assertThatThrownBy(() -> store.record(execution("e"))).hasMessage("first");
        assertThatThrownBy(() -> store.record(execution("e"))).hasMessage("second");
        store.record(execution("e"));
    }

    @Test
    void a_limited_fault_takes_exactly_so_many_calls_of_many_threads() throws Exception {
        store.onWrites().next(50).fail();
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String id = "e" + i;
            writes.add(onAThreadOfItsOwn(() -> store.record(execution(id))));
        }
        int failed = 0;
        for (CompletableFuture<Void> write : writes) {
            failed += write.handle((nothing, failure) -> failure == null ? 0 : 1)
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        assertThat(failed).isEqualTo(50);
        assertThat(store.faults(Operation.RECORD)).isEqualTo(50);
        assertThat(store.calls(Operation.RECORD)).isEqualTo(200);
        assertThat(right.listExecutions(ExecutionQuery.all().limit(1_000))).hasSize(150);
    }

    @Test
    void a_limit_below_one_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.onWrites().next(0));
    }

    /** The common pool may have a single thread, which the first call at a gate would keep from the second. */
    private static CompletableFuture<Void> onAThreadOfItsOwn(Runnable call) {
        return CompletableFuture.runAsync(call, task -> new Thread(task).start());
    }

    private static WorkflowExecution execution(String id) {
        return WorkflowExecution.running(id, "w", null, TestRecords.START);
    }
}
