package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.FailedSqlException.Stage;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/** Turns what PostgreSQL, the driver or the pool said into an exception that names the thing and the mend. */
final class StoreFailures {
    private static final String SCRIPT = "database/workflow-execution-schema.sql";

    private final SchemaName schema;
    private final SchemaDiagnosis diagnosis;
    private final EndUserDiagnosis endUserDiagnosis;

    StoreFailures(SchemaName schema, SchemaDiagnosis diagnosis, EndUserDiagnosis endUserDiagnosis) {
        this.schema = schema;
        this.diagnosis = diagnosis;
        this.endUserDiagnosis = endUserDiagnosis;
    }

    HistoryStoreException explain(String doing, TransactionSettings settings, FailedSqlException failure) {
        if (failure.stage() == Stage.COMMIT && SqlStates.leavesCommitInDoubt(failure.sqlState())) {
            String message = "cannot " + doing + ": the answer to the commit was lost, so it may have happened: "
                    + failure.text() + state(failure) + ". To do the same once more is safe";
            return failure.as(Kind.CONNECTION, message, true);
        }
        if (settings.endUser() != null && isAboutEndUsers(failure)) {
            List<String> mends = endUserDiagnosis.look(settings);
            if (!mends.isEmpty() || isUnprotected(failure)) {
                String message =
                        "cannot " + doing + " as user " + settings.endUser().id() + ": "
                                + withoutCast(failure.text())
                                + (mends.isEmpty()
                                        ? ""
                                        : ". Whoever may change roles and tables runs: " + String.join(" ", mends))
                                + state(failure);
                return failure.as(Kind.CONFIGURATION, message, false);
            }
        }
        if (settings.endUser() == null && isRowSecurity(failure.server())) {
            SchemaDiagnosis.Findings findings = diagnosis.look(settings);
            if (findings != null && findings.isShutOut()) {
                String message = shutOut(doing, failure.text() + state(failure), findings);
                return failure.as(Kind.CONFIGURATION, message, false);
            }
        }
        Kind kind = kind(failure);
        String message = "cannot " + doing + ": " + explanation(kind, settings, failure) + state(failure);
        return failure.as(kind, message, false);
    }

    /**
     * Makes sure that a store which acts as no user and found nothing could have found something.
     *
     * @return false when the database did not say
     * @throws HistoryStoreException when row level security hides all rows from the role
     */
    boolean requireSight(String doing, TransactionSettings settings) {
        SchemaDiagnosis.Findings findings = diagnosis.look(settings);
        if (findings != null && findings.isShutOut()) {
            throw new HistoryStoreException(Kind.CONFIGURATION, shutOut(doing, "nothing can be found", findings), null);
        }
        return findings != null;
    }

    private static String shutOut(String doing, String happened, SchemaDiagnosis.Findings findings) {
        return "cannot " + doing + ": " + happened
                + ". Row level security hides all rows from the store's role"
                + (findings.isOfEndUsers() ? ", because the session names no user" : ", for which there is no policy")
                + findings.advice();
    }

    private static Kind kind(FailedSqlException failure) {
        ServerErrorMessage server = failure.server();
        if (failure.stage() == Stage.CONNECT && failure.sqlState() == null) {
            // Pools do not give their time-out a SQLSTATE.
            return Kind.RESOURCES;
        }
        if (isUnprotected(failure)) {
            return Kind.CONFIGURATION;
        }
        return SqlStates.kind(
                failure.sqlState(), server != null && server.getConstraint() != null, isRowSecurity(server));
    }

    /** PostgreSQL refused to become the end user, or refused the end user something that no policy decides. */
    private static boolean isAboutEndUsers(FailedSqlException failure) {
        if (failure.stage() != Stage.EXECUTE) {
            return false;
        }
        return switch (String.valueOf(failure.sqlState())) {
            case SqlStates.INSUFFICIENT_PRIVILEGE -> !isRowSecurity(failure.server());
            // The role does not exist.
            case SqlStates.INVALID_PARAMETER -> true;
            default -> isUnprotected(failure);
        };
    }

    private static boolean isUnprotected(FailedSqlException failure) {
        return SqlStates.INVALID_TEXT.equals(failure.sqlState())
                && failure.text().contains(EndUser.REFUSAL);
    }

    /** What PostgreSQL says about a cast that only exists to fail is left out. */
    private static String withoutCast(String text) {
        int refusal = text.indexOf(EndUser.REFUSAL);
        return refusal < 0 ? text : text.substring(refusal).replace("\"", "");
    }

    /** The text may be in any language; the function of the server that checks policies is not. */
    private static boolean isRowSecurity(@Nullable ServerErrorMessage server) {
        return server != null
                && ("ExecWithCheckOptions".equals(server.getRoutine())
                        || String.valueOf(server.getMessage()).contains("row-level security"));
    }

    private static String state(FailedSqlException failure) {
        return failure.sqlState() == null ? "" : " (SQLSTATE " + failure.sqlState() + ")";
    }

    private String explanation(Kind kind, TransactionSettings settings, FailedSqlException failure) {
        String text = withoutCast(failure.text());
        String state = String.valueOf(failure.sqlState());
        return switch (kind) {
            case CONNECTION -> "cannot reach PostgreSQL, or lost the connection: " + text;
            case RESOURCES ->
                failure.stage() == Stage.CONNECT && failure.sqlState() == null
                        ? "no connection to be had: " + text
                        : text;
            case TIMEOUT -> "PostgreSQL cancelled it, because it took too long or somebody asked for that: " + text;
            case CONFIGURATION -> configuration(state, settings, text);
            case DATA -> data(state, settings, failure, text);
            case STALE_STATEMENT ->
                state.equals("0A000")
                        ? text
                        : text + ". Where a pooler such as PgBouncer shares servers among clients, the URL of the"
                                + " DataSource needs prepareThreshold=0";
            case CONTENTION, UNKNOWN -> text;
        };
    }

    private String configuration(String state, TransactionSettings settings, String text) {
        return switch (state) {
            case SqlStates.UNDEFINED_TABLE, SqlStates.INVALID_SCHEMA, SqlStates.UNDEFINED_COLUMN ->
                wrongSchema(text, diagnosis.look(settings));
            case SqlStates.INSUFFICIENT_PRIVILEGE -> missingGrant(text, diagnosis.look(settings));
            case SqlStates.ACTIVE_TRANSACTION ->
                text + ": the store needs a DataSource whose connections take part in no transaction of the host,"
                        + " so that history survives the host's rollback";
            case "28P01", "28000", SqlStates.CONNECTION_REJECTED ->
                "PostgreSQL refuses the login: " + text + ". Check user and password of the DataSource";
            case SqlStates.UNKNOWN_DATABASE -> text + ". Check the name of the database in the URL of the DataSource";
            case SqlStates.CHECK_VIOLATION -> text + ". A partition is missing for these rows";
            default -> text;
        };
    }

    private String wrongSchema(String text, SchemaDiagnosis.@Nullable Findings findings) {
        String where = "schema " + schema.quoted();
        if (findings == null) {
            return text + ". Run " + SCRIPT + " for " + where;
        }
        if (!findings.schemaExists()) {
            return where + " does not exist: give the store the right schema, or run " + SCRIPT + " for it";
        }
        if (!findings.missingTables().isEmpty()) {
            return text + ". In " + where + " of this database there is no "
                    + String.join(", ", findings.missingTables()) + ": run " + SCRIPT
                    + " (its Part 2 drops nothing), or WorkflowSchema.install()";
        }
        Integer version = findings.version();
        if (version != null && version > WorkflowSchema.VERSION) {
            return text + ". The tables in " + where + " are of version " + version
                    + ", newer than the version " + WorkflowSchema.VERSION
                    + " that this library knows: update the library";
        }
        String found = version == null
                ? "were made without its script"
                : version == WorkflowSchema.VERSION
                        ? "are of this version, but somebody changed them"
                        : "are of the older version " + version;
        return text + ". The library needs version " + WorkflowSchema.VERSION + " of its tables; those in " + where
                + " " + found + ": run Part 2 of " + SCRIPT + ", which keeps all rows, or WorkflowSchema.install()";
    }

    private static String missingGrant(String text, SchemaDiagnosis.@Nullable Findings findings) {
        String advice = findings == null ? "" : findings.advice();
        return text + (advice.isEmpty() ? ". Grant the store's role what it lacks" : advice);
    }

    private static String data(String state, TransactionSettings settings, FailedSqlException failure, String text) {
        ServerErrorMessage server = failure.server();
        if (state.equals(SqlStates.INSUFFICIENT_PRIVILEGE)) {
            return text
                    + ". Row level security allows each end user only rows of that user's own executions, and of those"
                    + " only such as can be read back"
                    + (settings.endUser() == null
                            ? ""
                            : ", and the store acts as user "
                                    + settings.endUser().id()
                                    + ": executions of others, or of nobody, are for a store that acts as no user");
        }
        if (state.equals(SqlStates.FOREIGN_KEY_VIOLATION) && server != null && isAboutUser(server)) {
            return "the user does not exist: " + text + ". Record executions for users that exist, or for null";
        }
        return "PostgreSQL refuses the data: " + text;
    }

    /** The constraint may bear another name where the tables were adopted. */
    private static boolean isAboutUser(ServerErrorMessage server) {
        return "workflow_executions".equals(server.getTable())
                && (String.valueOf(server.getConstraint()).contains("user_id")
                        || String.valueOf(server.getDetail()).contains("(user_id)"));
    }
}
