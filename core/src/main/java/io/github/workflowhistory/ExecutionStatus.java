package io.github.workflowhistory;

import java.util.Locale;

/**
 * The state of a {@linkplain WorkflowExecution workflow execution}. It only moves forward: queued, running, then one of
 * the three terminal states.
 */
public enum ExecutionStatus {
    /** Recorded, but not started: waiting for a worker. */
    QUEUED,
    /** Started and not yet ended. */
    RUNNING,
    /** Ended; every node succeeded or was skipped. */
    SUCCESS,
    /** Ended with an error, or with no node that succeeded. */
    FAILED,
    /** Ended; some nodes succeeded and some failed. */
    PARTIAL;

    private final String code = name().toLowerCase(Locale.ROOT);

    /**
     * The word that the database and other applications use for this status.
     *
     * @return the lower-case name, for example {@code "running"}
     */
    public String code() {
        return code;
    }

    /**
     * Tells whether an execution in this status has ended for good.
     *
     * @return true for {@link #SUCCESS}, {@link #FAILED} and {@link #PARTIAL}
     */
    public boolean isTerminal() {
        return this == SUCCESS || this == FAILED || this == PARTIAL;
    }

    /**
     * Finds the status for a {@linkplain #code() code}.
     *
     * @param code one of the lower-case words of this enum
     * @return the status
     * @throws IllegalArgumentException when no status has this code
     */
    public static ExecutionStatus ofCode(String code) {
        for (ExecutionStatus status : values()) {
            if (status.code.equals(code)) {
                return status;
            }
        }
        throw new IllegalArgumentException(
                "unknown execution status '" + code + "': it must be one of queued, running, success, failed, partial");
    }
}
