package io.github.workflowhistory.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;

/**
 * What pgjdbc is told for one transaction, and what it was told before. A driver that cannot be reached stays as it is.
 *
 * @param driver the driver's connection, or null when nothing was changed
 */
record DriverSettings(@Nullable PgConnection driver, int prepareThreshold, boolean forceBinary) {
    /** The driver's own. */
    private static final int DEFAULT_PREPARE_THRESHOLD = 5;

    private static final DriverSettings UNCHANGED = new DriverSettings(null, 0, false);

    /**
     * Changes what our statements cannot do with.
     *
     * @param unnamed whether the server must keep no statement of ours, not even the driver's own BEGIN and COMMIT
     */
    static DriverSettings change(Connection connection, boolean unnamed) throws SQLException {
        if (!connection.isWrapperFor(PgConnection.class)) {
            return UNCHANGED;
        }
        PgConnection driver = connection.unwrap(PgConnection.class);
        DriverSettings before = new DriverSettings(driver, driver.getPrepareThreshold(), driver.getForceBinary());
        boolean forcesBinary = before.forceBinary || before.prepareThreshold < 0;
        if (!unnamed && !forcesBinary) {
            return UNCHANGED;
        }
        driver.setPrepareThreshold(unnamed ? 0 : DEFAULT_PREPARE_THRESHOLD);
        // A prepareThreshold of -1 makes the driver ask for descriptions of all that travels together before any of it
        // runs. Describing a query takes a snapshot, and after that SET TRANSACTION is refused.
        driver.setForceBinary(false);
        return before;
    }

    /** Tells the driver what it was told before. */
    void restore() {
        if (driver != null) {
            driver.setPrepareThreshold(prepareThreshold);
            driver.setForceBinary(forceBinary);
        }
    }
}
