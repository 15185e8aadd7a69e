package io.github.workflowhistory.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs tasks at the same time: each on a thread of its own, all let go at once, each wait bounded. */
final class Together {
    private static final long LIMIT_SECONDS = 120;

    /** Something that a thread does; whatever it throws is its outcome. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    private Together() {}

    /** Runs the tasks and fails when one of them fails. */
    static void run(List<Task> tasks) {
        List<Throwable> failures = failuresOf(tasks);
        if (!failures.isEmpty()) {
            AssertionError error = new AssertionError(
                    failures.size() + " of " + tasks.size() + " threads failed, the first with: " + failures.get(0),
                    failures.get(0));
            failures.subList(1, failures.size()).forEach(error::addSuppressed);
            throw error;
        }
    }

    /** Runs the tasks and returns what was thrown, if anything. */
    static List<Throwable> failuresOf(List<Task> tasks) {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            CyclicBarrier start = new CyclicBarrier(tasks.size());
            List<Future<?>> futures = new ArrayList<>();
            for (Task task : tasks) {
                futures.add(threads.submit(() -> {
                    awaitAll(start);
                    task.run();
                    return task;
                }));
            }
            List<Throwable> failures = new ArrayList<>();
            for (Future<?> future : futures) {
                outcomeOf(future, failures);
            }
            return failures;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void outcomeOf(Future<?> future, List<Throwable> failures) {
        try {
            future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            failures.add(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a thread was not done after " + LIMIT_SECONDS + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the threads of the test", e);
        }
    }

    private static void awaitAll(CyclicBarrier start)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        start.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
