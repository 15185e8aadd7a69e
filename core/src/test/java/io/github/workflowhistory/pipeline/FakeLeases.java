package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Leases that write down what is asked of them, fail on demand and can be held at a gate. */
public final class FakeLeases implements ExecutionLeases {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Executions that can be taken over and released. */
    public final Set<String> open = ConcurrentHashMap.newKeySet();

    private final List<Call> calls = new ArrayList<>();
    private Predicate<String> failing = call -> false;
    private Predicate<String> held = call -> false;
    private CountDownLatch gate = new CountDownLatch(0);
    private List<String> abandoned = List.of();

    /** Leases that never fail. */
    public FakeLeases() {}

    /** What was asked, whether it went well, and when, by {@link System#nanoTime()}. */
    public record Call(String what, boolean succeeded, long at) {}

    public synchronized void fail(Predicate<String> which) {
        failing = which;
    }

    public synchronized void recover() {
        failing = call -> false;
    }

    /** Lets calls wait, interruptibly, until the gate is opened. */
    public synchronized CountDownLatch hold(Predicate<String> which) {
        held = which;
        gate = new CountDownLatch(1);
        return gate;
    }

    public synchronized void abandon(String... ids) {
        abandoned = List.of(ids);
    }

    /** What was asked so far. */
    public synchronized List<String> calls() {
        return calls.stream().map(Call::what).toList();
    }

    public synchronized List<Call> log() {
        return List.copyOf(calls);
    }

    /** How often something was asked so far. */
    public synchronized int count(String what) {
        return (int) calls.stream().filter(call -> call.what().equals(what)).count();
    }

    /** Waits until something was asked so many times. */
    public synchronized void await(String what, int times) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (count(what) < times) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            assertThat(millis)
                    .as("time left to see '%s' %s times among %s", what, times, calls())
                    .isPositive();
            wait(millis);
        }
    }

    private void call(String what) {
        CountDownLatch closed;
        boolean fails;
        synchronized (this) {
            closed = held.test(what) ? gate : new CountDownLatch(0);
            fails = failing.test(what);
            calls.add(new Call(what, !fails, System.nanoTime()));
            notifyAll();
        }
        try {
            assertThat(closed.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("the gate was opened")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HistoryStoreException(Kind.CONNECTION, "interrupted", e);
        }
        if (fails) {
            throw new HistoryStoreException(Kind.CONNECTION, "the store is away", null);
        }
    }

    @Override
    public void renew(String recorderId) {
        call("renew");
    }

    @Override
    public boolean takeOver(String executionId, String recorderId) {
        call("take over " + executionId);
        return open.contains(executionId);
    }

    @Override
    public boolean release(String executionId, String recorderId) {
        call("release " + executionId);
        return open.contains(executionId);
    }

    @Override
    public List<String> endAbandoned(Duration olderThan, Scope scope) {
        call("end abandoned");
        synchronized (this) {
            return abandoned;
        }
    }
}
