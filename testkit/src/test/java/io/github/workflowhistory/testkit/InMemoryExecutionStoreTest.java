package io.github.workflowhistory.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the contract cannot know of this store: its users and its clock. */
class InMemoryExecutionStoreTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final UUID ADA = UUID.fromString("00000000-0000-0000-0000-00000000ada0");
    private static final UUID BOB = UUID.fromString("00000000-0000-0000-0000-00000000b0b0");

    @Test
    void every_user_is_accepted_by_default() {
        InMemoryExecutionStore store = new InMemoryExecutionStore();

        store.record(WorkflowExecution.running("e", "w", ADA, START));

        assertThat(store.findExecution("e")).isPresent();
    }

    @Test
    void a_store_with_users_refuses_a_user_that_it_does_not_know_as_a_foreign_key_does() {
        InMemoryExecutionStore store = InMemoryExecutionStore.withUsers();
        store.addUser(ADA);
        HistoryBatch batch = HistoryBatch.builder()
                .add(WorkflowExecution.running("a", "w", ADA, START))
                .add(WorkflowExecution.running("b", "w", BOB, START))
                .build();

        assertThatThrownBy(() -> store.record(batch))
                .isInstanceOfSatisfying(
                        HistoryStoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(HistoryStoreException.Kind.DATA))
                .hasMessageContaining(BOB.toString())
                .hasMessageContaining("addUser");
        assertThat(store.listExecutions(ExecutionQuery.all())).isEmpty();

        store.addUser(BOB);
        store.record(batch);
        store.record(WorkflowExecution.running("nobodys", "w", null, START));
        assertThat(store.listExecutions(ExecutionQuery.all())).hasSize(3);
    }

    @Test
    void deleting_a_user_deletes_everything_of_that_user() {
        InMemoryExecutionStore store = InMemoryExecutionStore.withUsers();
        store.addUser(ADA);
        store.addUser(BOB);
        store.record(HistoryBatch.builder()
                .add(WorkflowExecution.running("a1", "w", ADA, START))
                .add(WorkflowExecution.running("a2", "w", ADA, START))
                .add(WorkflowExecution.running("b", "w", BOB, START))
                .add(NodeResult.of("r", "a1", "node", NodeStatus.SUCCESS, START))
                .add(ExecutionLog.of("l", "a1", LogLevel.INFO, "message", START))
                .build());

        assertThat(store.deleteUser(ADA)).isEqualTo(2);

        assertThat(store.listExecutions(ExecutionQuery.all()))
                .containsExactly(WorkflowExecution.running("b", "w", BOB, START).summary());
        assertThat(store.listLogs(LogQuery.ofExecution("a1"))).isEmpty();
        assertThatThrownBy(() -> store.record(WorkflowExecution.running("a3", "w", ADA, START)))
                .hasMessageContaining(ADA.toString());
        assertThat(store.deleteUser(ADA)).isZero();
    }

    @Test
    void leases_go_by_the_clock_of_the_store() {
        SettableClock clock = new SettableClock(START);
        InMemoryExecutionStore store = new InMemoryExecutionStore(clock);
        ExecutionLeases leases = store.leases().orElseThrow();
        store.record(WorkflowExecution.running("e", "w", null, START).withRecorderId("recorder"));

        clock.advance(Duration.ofSeconds(50));
        leases.renew("recorder");
        clock.advance(Duration.ofSeconds(59));
        assertThat(leases.endAbandoned(Duration.ofSeconds(60))).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(leases.endAbandoned(Duration.ofSeconds(60))).containsExactly("e");

        assertThat(store.findExecution("e").orElseThrow().abandonedAt()).isEqualTo(START.plusSeconds(110));
        assertThat(store.findExecution("e").orElseThrow().duration()).hasSeconds(110);
    }

    @Test
    void a_lease_has_the_age_that_it_had_at_the_call_however_long_the_store_is_busy() throws InterruptedException {
        SettableClock clock = new SettableClock(START);
        AtomicReference<Runnable> beforeReading = new AtomicReference<>(() -> {});
        InMemoryExecutionStore store = new InMemoryExecutionStore(() -> {
            beforeReading.getAndSet(() -> {}).run();
            return clock.instant();
        });
        ExecutionLeases leases = store.leases().orElseThrow();
        store.record(WorkflowExecution.running("e", "w", null, START).withRecorderId("recorder"));
        leases.renew("recorder");
        List<String> ended = new CopyOnWriteArrayList<>();
        Thread caller = new Thread(() -> ended.addAll(leases.endAbandoned(Duration.ofSeconds(60))));

        beforeReading.set(() -> {
            caller.start();
            while (caller.isAlive() && caller.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            clock.advance(Duration.ofHours(1));
        });
        leases.renew("who keeps the store busy");
        caller.join();

        assertThat(ended).isEmpty();
        assertThat(leases.endAbandoned(Duration.ofSeconds(60))).containsExactly("e");
    }

    @Test
    void leases_that_are_old_and_of_no_use_are_forgotten() {
        SettableClock clock = new SettableClock(START);
        InMemoryExecutionStore store = new InMemoryExecutionStore(clock);
        ExecutionLeases leases = store.leases().orElseThrow();
        leases.renew("idle");
        leases.renew("waiting");
        leases.renew("gone");
        store.record(HistoryBatch.builder()
                .add(WorkflowExecution.queued("queued", "w", null, START).withRecorderId("waiting"))
                .add(WorkflowExecution.running("running", "w", null, START).withRecorderId("gone"))
                .build());

        clock.advance(Duration.ofHours(23));
        leases.renew("young");
        leases.endAbandoned(Duration.ofDays(2));
        assertThat(store.recorders()).hasSize(4);

        clock.advance(Duration.ofHours(1));
        leases.endAbandoned(Duration.ofDays(2));
        assertThat(store.recorders()).hasSize(4);
        assertThat(leases.endAbandoned(Duration.ofHours(2))).containsExactly("running");
        assertThat(store.recorders()).containsExactlyInAnyOrder("waiting", "young");
    }

    @Test
    void a_clock_that_was_set_back_does_not_shorten_a_lease() {
        SettableClock clock = new SettableClock(START);
        InMemoryExecutionStore store = new InMemoryExecutionStore(clock);
        ExecutionLeases leases = store.leases().orElseThrow();
        store.record(WorkflowExecution.running("e", "w", null, START).withRecorderId("recorder"));
        leases.renew("recorder");

        clock.advance(Duration.ofHours(-1));
        leases.renew("recorder");
        clock.advance(Duration.ofHours(1));

        assertThat(leases.endAbandoned(Duration.ofNanos(1))).isEmpty();
    }

    @Test
    void a_hundred_thousand_rows_are_no_burden() {
        InMemoryExecutionStore store = new InMemoryExecutionStore();
        HistoryBatch.Builder batch = HistoryBatch.builder();
        for (int i = 0; i < 10_000; i++) {
            batch.add(WorkflowExecution.queued("e" + i, "w", null, START.plusMillis(i)));
        }
        for (int i = 0; i < 90_000; i++) {
            batch.add(ExecutionLog.of("l" + i, "e" + i % 10, LogLevel.INFO, "message", START));
        }
        store.record(batch.build());

        for (int i = 0; i < 1_000; i++) {
            assertThat(store.listExecutions(ExecutionQuery.all().limit(10))).hasSize(10);
            assertThat(store.listLogs(LogQuery.ofExecution("e1").limit(10))).hasSize(10);
        }
    }
}
