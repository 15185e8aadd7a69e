package io.github.workflowhistory.jdbc;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something about the tables that is not as it should be, found by {@link WorkflowSchema#verify()}.
 *
 * @param kind what is wrong
 * @param object what it is wrong with, such as {@code public.execution_logs.message}
 * @param message one sentence for people
 * @param mend SQL that mends it, to be run as the owner of the tables, or as a role that may change what it names where
 *     that is not a table; a comment alone where no statement can, or where somebody has to decide. It may be the whole of
 *     {@link WorkflowSchema#script()}, which {@link WorkflowSchema#install()} runs
 */
public record SchemaFinding(Kind kind, String object, String message, String mend) {
    /** So many lines of SQL are shown as one. */
    private static final int SHORT = 3;

    /**
     * A finding.
     *
     * @param kind what is wrong
     * @param object what it is wrong with
     * @param message one sentence for people
     * @param mend SQL that mends it
     */
    public SchemaFinding {
        Objects.requireNonNull(kind, "kind must not be null");
        Objects.requireNonNull(object, "object must not be null");
        Objects.requireNonNull(message, "message must not be null");
        Objects.requireNonNull(mend, "mend must not be null");
    }

    /** How much it matters. */
    public enum Severity {
        /** Recording, reading or the isolation of end users is broken, or will be. */
        ERROR,
        /** Everything works; the host may have meant it so. */
        ADVICE
    }

    /** What can be wrong. */
    public enum Kind {
        /** There is no such schema. */
        SCHEMA_MISSING(Severity.ERROR),
        /** A table is not there. */
        TABLE_MISSING(Severity.ERROR),
        /** The tables were made without the script, or have lost its mark. */
        VERSION_MISSING(Severity.ERROR),
        /** The tables are of an older version. */
        VERSION_OLDER(Severity.ERROR),
        /** The tables are of a newer version. */
        VERSION_NEWER(Severity.ERROR),
        /** The database cannot hold every text. */
        ENCODING(Severity.ERROR),
        /** A column is not there. */
        COLUMN_MISSING(Severity.ERROR),
        /** A column has another type, or is generated. */
        COLUMN_TYPE(Severity.ERROR),
        /** A column may be null that must not, or must not that may. */
        COLUMN_NULLABILITY(Severity.ERROR),
        /** A column lost its default, so that applications which leave it out fail. */
        COLUMN_DEFAULT(Severity.ERROR),
        /** A column of the host's own wants a value that the library does not know. */
        HOST_COLUMN_REQUIRED(Severity.ERROR),
        /** A primary or unique key is not there. */
        KEY_MISSING(Severity.ERROR),
        /** A check is not there, is another one, or was never validated. */
        CHECK_MISSING(Severity.ERROR),
        /** A foreign key is not there, does not cascade, or was never validated. */
        FOREIGN_KEY_MISSING(Severity.ERROR),
        /** An index is not there. */
        INDEX_MISSING(Severity.ERROR),
        /** An index of the right name is invalid, or another one. */
        INDEX_ALTERED(Severity.ERROR),
        /** The trigger is not there, or another one. */
        TRIGGER_MISSING(Severity.ERROR),
        /** The trigger does not fire. */
        TRIGGER_DISABLED(Severity.ERROR),
        /** The trigger's function is not there, or another one. */
        FUNCTION_ALTERED(Severity.ERROR),
        /** Policies have no effect on a table. */
        ROW_LEVEL_SECURITY_OFF(Severity.ERROR),
        /** A policy is not there. */
        POLICY_MISSING(Severity.ERROR),
        /** A policy of the script's is no longer what the script made. */
        POLICY_ALTERED(Severity.ERROR),
        /** A policy opens rows to end users without asking who they are. */
        POLICY_UNSCOPED(Severity.ERROR),
        /** End users or anybody hold a privilege that policies do not bind, or that they have no use for. */
        GRANT_TOO_WIDE(Severity.ERROR),
        /** End users or the service role lack a privilege; perhaps the host took it away. What needs it says so. */
        GRANT_MISSING(Severity.ADVICE),
        /** A table has another owner than those it refers to, or belongs to a role of end users. */
        TABLE_OWNER(Severity.ERROR),
        /**
         * Policies do not bind the role of end users: it is a superuser, has BYPASSRLS, or inherits the rights of the
         * service role, of an owner, or of another role that sees the rows of everybody.
         */
        END_USER_ROLE(Severity.ERROR),
        /** A partition of a table, or one that inherits from it, has no row level security, or can be used by end users. */
        PARTITION_OPEN(Severity.ERROR),
        /**
         * End users may use a view of the tables that reads as its owner, or a materialized one. Whether it leaves out
         * the rows of others itself, nobody can tell from here; a host may have meant it so.
         */
        VIEW_OPEN(Severity.ADVICE),
        /**
         * The role that asked may read the tables, and row level security shows it none of the rows: no policy is for
         * it. A store that connects as this role can act as end users, and is refused whatever else it does.
         */
        ROLE_SHUT_OUT(Severity.ADVICE),
        /** An id does not compare as bytes, which costs speed. */
        COLLATION(Severity.ADVICE);

        private final Severity severity;

        Kind(Severity severity) {
            this.severity = severity;
        }

        /**
         * How much it matters.
         *
         * @return the severity
         */
        public Severity severity() {
            return severity;
        }
    }

    /**
     * How much it matters.
     *
     * @return the severity of its kind
     */
    public Severity severity() {
        return kind.severity();
    }

    /** In one line, the mend too: as SQL that can be run, or as what to run instead where that is longer. */
    @Override
    public String toString() {
        return kind + " " + object + ": " + message + ". Mend: " + mendInOneLine();
    }

    String mendInOneLine() {
        if (mend.startsWith("-- Part 2")) {
            return "run Part 2 of database/workflow-execution-schema.sql, which keeps all rows,"
                    + " or WorkflowSchema.install()";
        }
        List<String> lines = mend.lines().map(String::strip).toList();
        List<String> statements =
                lines.stream().filter(line -> !line.startsWith("--")).toList();
        if (statements.size() > SHORT) {
            return "run mend(), " + lines.size() + " lines that start with: " + statements.get(0);
        }
        // Comments at the end, because whatever follows one in its line is part of it.
        return Stream.concat(statements.stream(), lines.stream().filter(line -> line.startsWith("--")))
                .collect(Collectors.joining(" "));
    }
}
