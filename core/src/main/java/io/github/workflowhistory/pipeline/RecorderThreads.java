package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The threads of one recorder: its writers, and one that closes it when a writer is told to. */
final class RecorderThreads {
    private static final AtomicLong NUMBER = new AtomicLong();

    private final String prefix = "workflow-history-" + NUMBER.incrementAndGet() + "-";
    private final List<Thread> writers = new ArrayList<>();
    private final Thread closer;
    private final AtomicBoolean isCloserStarted = new AtomicBoolean();

    /**
     * Without writers yet.
     *
     * @param close closes the recorder
     */
    RecorderThreads(Runnable close) {
        this.closer = new OwnThread(close, prefix + "closing");
    }

    private static final class OwnThread extends Thread {
        OwnThread(Runnable work, String name) {
            super(null, work, name, 0, false);
            setDaemon(true);
            // The host's class loader at this moment may belong to an application that ends before this thread.
            setContextClassLoader(BufferedRecorder.class.getClassLoader());
        }
    }

    void add(Runnable writer) {
        writers.add(new OwnThread(writer, prefix + writers.size()));
    }

    /** Starts the writers. */
    void start(Consumer<Thread> starter) {
        writers.forEach(starter);
    }

    /** Whether the caller is a writer, which is never to wait for what only it can do. */
    boolean isWriter() {
        return Thread.currentThread() instanceof OwnThread thread && writers.contains(thread);
    }

    /**
     * Closes the recorder on a thread that can wait for the end of the writers. Several of them may be told to: each
     * would wait for the others.
     */
    void closeElsewhere() {
        if (isCloserStarted.compareAndSet(false, true)) {
            closer.start();
        }
    }

    /** Whether a writer has not ended. */
    boolean areAlive() {
        return writers.stream().anyMatch(Thread::isAlive);
    }

    void interrupt() {
        writers.forEach(Thread::interrupt);
    }

    /** Waits until the writers have ended; true when whoever waits was interrupted, and wants to get on. */
    boolean await(Duration timeout) {
        long deadline = System.nanoTime() + Times.nanos(timeout);
        for (Thread writer : writers) {
            while (writer.isAlive()) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                try {
                    writer.join(millis);
                } catch (InterruptedException e) {
                    // Whoever interrupts wants to get on: what is left is given up.
                    return true;
                }
            }
        }
        return false;
    }
}
