package io.github.workflowhistory.jdbc;

import java.util.List;

/** Finds ids that belong to rows of another execution: those that were sent and are not there afterwards. */
final class ForeignIds {
    private ForeignIds() {}

    // "Offset 0" makes it look row by row: for a join, a plan that was made while the table was empty would read it
    // whole.
    private static final String FIND = """
            select sent.id
            from unnest(
              cast(:id as pg_catalog.text[]),
              cast(:execution_id as pg_catalog.text[])
            ) as sent (id, execution_id)
            where not exists (
              select from {schema}.%s as stored
              where stored.execution_id operator(pg_catalog.=) sent.execution_id
                and stored.id operator(pg_catalog.=) sent.id
              offset 0)""";

    /** The statement for one of our tables. */
    static String sql(String table) {
        return FIND.formatted(table);
    }

    /**
     * Looks after the rows were inserted.
     *
     * @param sent the columns {@code id} and {@code execution_id} of what was sent
     */
    static List<String> find(Statements statements, String table, Columns<?> sent) {
        return statements.send(sql(table), sent::bind, found -> found.rows(row -> row.getString("id")));
    }
}
