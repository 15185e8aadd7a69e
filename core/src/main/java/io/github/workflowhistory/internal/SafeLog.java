package io.github.workflowhistory.internal;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's logging, for whoever has records on their way. A disk that is full, an appender of the host's that throws
 * or a heap that is short may cost the line, but neither a record nor a thread; so what a line throws is ignored, and
 * there is nowhere left to tell of it. Safe for use by many threads.
 */
public final class SafeLog {
    private final Logger log;

    /**
     * A logging that never throws.
     *
     * @param log the host's
     */
    public SafeLog(Logger log) {
        this.log = log;
    }

    /**
     * The logging of a class.
     *
     * @param named the class whose name it has
     * @return a logging that never throws
     */
    public static SafeLog of(Class<?> named) {
        return new SafeLog(LoggerFactory.getLogger(named));
    }

    /**
     * The exception to show with a line that tells its message and what to do: none, unless somebody looks for details.
     * For a failure that nobody knows its stack trace may be all there is, and belongs to the line.
     *
     * @param log where the line goes
     * @param known the failure
     * @return the failure where debug lines are written, otherwise null
     */
    public static @Nullable Throwable detail(Logger log, Throwable known) {
        return log.isDebugEnabled() ? known : null;
    }

    /**
     * Writes a line.
     *
     * @param line writes it to the host's logging, and finds out what it says: a message of a foreign exception may
     *     throw as well
     */
    public void tell(Consumer<Logger> line) {
        try {
            line.accept(log);
        } catch (Throwable e) {
            // The work goes on without the line.
        }
    }
}
