package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.jdbc.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** Work on threads of its own. */
final class Background implements AutoCloseable {
    /** The name of these threads. */
    static final String NAME = "host of a test";

    private final ExecutorService threads;
    private final List<Future<?>> work = new ArrayList<>();
    private final List<Thread> started = new CopyOnWriteArrayList<>();

    private Background(int threads) {
        this.threads = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, NAME);
            thread.setDaemon(true);
            started.add(thread);
            return thread;
        });
    }

    /** Starts work on so many threads, which are numbered. */
    static Background start(int threads, IntConsumer work) {
        Background background = new Background(threads);
        for (int i = 0; i < threads; i++) {
            int number = i;
            background.work.add(background.threads.submit(() -> work.accept(number)));
        }
        return background;
    }

    static Background start(Runnable work) {
        return start(1, number -> work.run());
    }

    boolean isDone() {
        return work.stream().allMatch(Future::isDone);
    }

    /** Waits until every thread waits for something, with a limit; those that are done wait without one. */
    void awaitWaiting() {
        Await.until(
                "all wait", () -> started.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
    }

    /** Waits until all of it is done, and fails when one failed. */
    void await() {
        for (Future<?> each : work) {
            try {
                each.get(60, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            } catch (TimeoutException e) {
                throw new AssertionError("the work does not end", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
