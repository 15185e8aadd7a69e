package io.github.workflowhistory;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The log of an execution or of one run of a node. Entries are recorded in the order of the calls. Safe for use by many
 * threads; no method throws because the history cannot be written.
 */
public interface HistoryLog {

    /**
     * Records a log entry.
     *
     * @param level how important it is; entries below the level of {@link WorkflowHistory.Builder#logLevel} are ignored
     * @param message what happened
     * @param data more about it: anything that the payload codec can write, for example a {@link java.util.Map}; a
     *     {@link Throwable} becomes an object with its text and stack trace; null when there is nothing more to say
     * @throws NullPointerException when the level or the message is null
     */
    void log(LogLevel level, String message, @Nullable Object data);

    /**
     * Hands out an SLF4J logger that writes both into this log and to the library's logger
     * {@code io.github.workflowhistory.execution} of the host's logging. Key-value pairs of SLF4J's fluent API become
     * the entry's data, trace becomes debug.
     *
     * @return a logger
     */
    Logger logger();

    /**
     * As {@link #logger()}, on top of a logger of the host's.
     *
     * @param host where the lines go as well
     * @return a logger
     */
    Logger logger(Logger host);

    /**
     * Records a detail.
     *
     * @param message what happened
     */
    default void debug(String message) {
        log(LogLevel.DEBUG, message, null);
    }

    /**
     * Records a detail with data.
     *
     * @param message what happened
     * @param data see {@link #log}
     */
    default void debug(String message, @Nullable Object data) {
        log(LogLevel.DEBUG, message, data);
    }

    /**
     * Records what happens in the normal course.
     *
     * @param message what happened
     */
    default void info(String message) {
        log(LogLevel.INFO, message, null);
    }

    /**
     * Records what happens in the normal course, with data.
     *
     * @param message what happened
     * @param data see {@link #log}
     */
    default void info(String message, @Nullable Object data) {
        log(LogLevel.INFO, message, data);
    }

    /**
     * Records something unexpected.
     *
     * @param message what happened
     */
    default void warn(String message) {
        log(LogLevel.WARN, message, null);
    }

    /**
     * Records something unexpected, with data.
     *
     * @param message what happened
     * @param data see {@link #log}
     */
    default void warn(String message, @Nullable Object data) {
        log(LogLevel.WARN, message, data);
    }

    /**
     * Records an error. It does not end anything.
     *
     * @param message what happened
     */
    default void error(String message) {
        log(LogLevel.ERROR, message, null);
    }

    /**
     * Records an error, with data. It does not end anything.
     *
     * @param message what happened
     * @param data see {@link #log}
     */
    default void error(String message, @Nullable Object data) {
        log(LogLevel.ERROR, message, data);
    }
}
