package io.github.workflowhistory.jdbc;

import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;

/** COPY failed, and with it the transaction. Of Jdbi's exceptions, so that it is handled as those are. */
final class CopyFailedException extends JdbiException {
    private static final long serialVersionUID = 1L;

    CopyFailedException(SQLException cause) {
        super(cause);
    }
}
