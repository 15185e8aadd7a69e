package io.github.workflowhistory;

import java.util.Locale;

/** How one run of a node ended. */
public enum NodeStatus {
    /** The node did its work. */
    SUCCESS,
    /** The node ended with an error. */
    FAILED,
    /** The node had nothing to do and did not run. */
    SKIPPED;

    private final String code = name().toLowerCase(Locale.ROOT);

    /**
     * The word that the database and other applications use for this status.
     *
     * @return the lower-case name, for example {@code "skipped"}
     */
    public String code() {
        return code;
    }

    /**
     * Finds the status for a {@linkplain #code() code}.
     *
     * @param code one of the lower-case words of this enum
     * @return the status
     * @throws IllegalArgumentException when no status has this code
     */
    public static NodeStatus ofCode(String code) {
        for (NodeStatus status : values()) {
            if (status.code.equals(code)) {
                return status;
            }
        }
        throw new IllegalArgumentException(
                "unknown node status '" + code + "': it must be one of success, failed, skipped");
    }
}
