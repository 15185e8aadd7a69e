package io.github.workflowhistory.jdbc;

/** How rows get into a table. The first two trust that none of them is there yet, and fail when one is. */
enum InsertWay {
    /** By COPY, which is the fastest, where PostgreSQL allows it. */
    COPY,
    /** By INSERT without looking first. */
    PLAIN_INSERT,
    /** By INSERT that passes over what is there already: always possible. */
    IDEMPOTENT_INSERT;

    /** What ends the INSERT. */
    String conflictClause() {
        return this == IDEMPOTENT_INSERT ? "on conflict do nothing" : "";
    }

    /** Chooses, for one attempt to write a batch. */
    interface Choice {
        InsertWay of(String table, Columns<?> columns);
    }
}
