package io.github.workflowhistory.jdbc;

/** Chooses, for one attempt to write a batch, how rows get into a table. */
interface InsertWay {
    /** By statements that pass over what is there already: always possible. */
    InsertWay IDEMPOTENT = (table, columns) -> false;

    /** Tells whether these rows go by COPY, which is faster and fails at the first row that is there already. */
    boolean isCopy(String table, Columns<?> columns);
}
