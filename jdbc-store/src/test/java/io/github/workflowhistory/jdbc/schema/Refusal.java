package io.github.workflowhistory.jdbc.schema;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** An error of the server, in its parts. */
record Refusal(
        String state,
        String message,
        @Nullable String detail,
        @Nullable String hint,
        @Nullable String constraint) {
    static Refusal of(PSQLException exception) {
        ServerErrorMessage error = exception.getServerErrorMessage();
        if (error == null) {
            throw new IllegalStateException("not from the server", exception);
        }
        return new Refusal(
                String.valueOf(error.getSQLState()),
                String.valueOf(error.getMessage()),
                error.getDetail(),
                error.getHint(),
                error.getConstraint());
    }
}
