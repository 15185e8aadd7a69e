package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.workflowhistory.store.HistoryStoreException;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Calls of a store that fail. */
final class Failures {
    private Failures() {}

    /** What a call fails with, which says why and leaves no doubt that nothing was done. */
    static HistoryStoreException failure(Runnable work) {
        HistoryStoreException failure = catchThrowableOfType(HistoryStoreException.class, work::run);
        assertThat(failure.isInDoubt()).isFalse();
        assertThat(failure).hasCauseInstanceOf(SQLException.class);
        return failure;
    }

    /** What recording fails with. */
    static HistoryStoreException recording(TestDatabase database, DataSource dataSource) {
        return failure(() -> database.store(dataSource).record(Records.execution("e", 1)));
    }
}
