package io.github.workflowhistory;

import java.util.Locale;

/** How important a log entry is. The natural order is the order of importance: debug &lt; info &lt; warn &lt; error. */
public enum LogLevel {
    /** Detail for whoever develops the workflow. */
    DEBUG,
    /** What happens in the normal course of an execution. */
    INFO,
    /** Something unexpected that did not stop the work. */
    WARN,
    /** Something that stopped the work or part of it. */
    ERROR;

    private final String code = name().toLowerCase(Locale.ROOT);

    /**
     * The word that the database and other applications use for this level.
     *
     * @return the lower-case name, for example {@code "warn"}
     */
    public String code() {
        return code;
    }

    /**
     * Tells whether an entry of this level belongs into a log that starts at another level.
     *
     * @param minimum the least important level that is wanted
     * @return true when this level is {@code minimum} or more important
     */
    public boolean isAtLeast(LogLevel minimum) {
        return compareTo(minimum) >= 0;
    }

    /**
     * Finds the level for a {@linkplain #code() code}.
     *
     * @param code one of the lower-case words of this enum
     * @return the level
     * @throws IllegalArgumentException when no level has this code
     */
    public static LogLevel ofCode(String code) {
        for (LogLevel level : values()) {
            if (level.code.equals(code)) {
                return level;
            }
        }
        throw new IllegalArgumentException(
                "unknown log level '" + code + "': it must be one of debug, info, warn, error");
    }
}
