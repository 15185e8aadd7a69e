package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a SQLSTATE means for whoever wants to try again.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL Error Codes</a>
 */
final class SqlStates {
    /** By the driver, when the server asks for a password that there is none of, or for a way to log in that it lacks. */
    static final String CONNECTION_REJECTED = "08004";

    static final String ACTIVE_TRANSACTION = "25001";
    static final String IN_FAILED_TRANSACTION = "25P02";
    static final String INVALID_PARAMETER = "22023";
    static final String INVALID_TEXT = "22P02";
    static final String FOREIGN_KEY_VIOLATION = "23503";
    static final String UNIQUE_VIOLATION = "23505";
    static final String CHECK_VIOLATION = "23514";
    static final String INSUFFICIENT_PRIVILEGE = "42501";
    static final String UNDEFINED_TABLE = "42P01";
    static final String UNDEFINED_COLUMN = "42703";
    static final String UNKNOWN_DATABASE = "3D000";
    static final String INVALID_SCHEMA = "3F000";
    static final String LOCK_NOT_AVAILABLE = "55P03";

    private SqlStates() {}

    /**
     * Sorts an error.
     *
     * @param state the SQLSTATE, or null when the driver or the pool gave none
     * @param onConstraint whether the server named a constraint
     * @param byRowSecurity whether a policy of row level security refused a row
     * @return the kind
     */
    static Kind kind(@Nullable String state, boolean onConstraint, boolean byRowSecurity) {
        if (state == null || state.length() != 5) {
            return Kind.UNKNOWN;
        }
        return switch (state) {
            // Shut down by an administrator, after a crash, or starting up; and "commit: answer unknown".
            case "57P01", "57P02", "57P03", "57P05", "40003" -> Kind.CONNECTION;
            case "40001", "40P01", LOCK_NOT_AVAILABLE -> Kind.CONTENTION;
            case "57014" -> Kind.TIMEOUT;
            case "58030", "25006" -> Kind.RESOURCES;
            case "0A000", "26000", "42P05" -> Kind.STALE_STATEMENT;
            case CONNECTION_REJECTED, UNKNOWN_DATABASE, INVALID_SCHEMA, ACTIVE_TRANSACTION -> Kind.CONFIGURATION;
            // Without a constraint it means "no partition for this row".
            case CHECK_VIOLATION -> onConstraint ? Kind.DATA : Kind.CONFIGURATION;
            case INSUFFICIENT_PRIVILEGE -> byRowSecurity ? Kind.DATA : Kind.CONFIGURATION;
            case "P0001" -> Kind.DATA;
            default -> kindOfClass(state.substring(0, 2));
        };
    }

    private static Kind kindOfClass(String errorClass) {
        return switch (errorClass) {
            case "08" -> Kind.CONNECTION;
            case "53" -> Kind.RESOURCES;
            case "42", "28" -> Kind.CONFIGURATION;
            case "22", "23", "54" -> Kind.DATA;
            default -> Kind.UNKNOWN;
        };
    }

    /**
     * Tells whether an error that answers a commit leaves open whether the transaction is there.
     *
     * @param state the SQLSTATE, or null
     * @return false only when PostgreSQL itself refused the commit and went on working
     */
    static boolean leavesCommitInDoubt(@Nullable String state) {
        if (state == null || state.length() != 5 || state.equals("40003")) {
            return true;
        }
        return switch (state.substring(0, 2)) {
            case "08", "58", "F0", "XX" -> true;
            case "57" -> !state.equals("57014");
            default -> false;
        };
    }
}
