package io.github.workflowhistory.jdbc.faults;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes what the writers of recorders and the threads of a test log to the standard error: tests of faults would
 * fill the console otherwise. Other threads log as before.
 */
final class CapturedLog implements AutoCloseable {
    private static final String WRITERS = "workflow-history-";

    private final Thread owner = Thread.currentThread();
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();

    private volatile Consumer<String> listener = text -> {};

    CapturedLog() {
        System.setErr(new PrintStream(new Divided(), true, StandardCharsets.UTF_8));
    }

    private final class Divided extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            Thread thread = Thread.currentThread();
            if (thread == owner
                    || thread.getName().equals(Background.NAME)
                    || thread.getName().startsWith(WRITERS)) {
                captured.write(bytes, offset, length);
                listener.accept(new String(bytes, offset, length, StandardCharsets.UTF_8));
            } else {
                before.write(bytes, offset, length);
            }
        }
    }

    /** Hands on what is logged, on the thread that logs, as a bridge between loggers does. */
    void forwardTo(Consumer<String> newListener) {
        listener = newListener;
    }

    /** The lines of some threads at a level such as WARN, without stack traces. */
    List<String> lines(Set<Thread> threads, String level) {
        return captured.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> threads.stream()
                        .anyMatch(thread -> line.startsWith("[" + thread.getName() + "] " + level + " ")))
                .toList();
    }

    /** All lines at a level that contain a text. */
    List<String> lines(String level, String part) {
        return captured.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("] " + level + " ") && line.contains(part))
                .toList();
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
