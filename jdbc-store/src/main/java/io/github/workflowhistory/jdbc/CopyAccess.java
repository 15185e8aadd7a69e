package io.github.workflowhistory.jdbc;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Knows into which tables COPY may write, because it looked into the catalog before the first attempt. Safe for use by
 * many threads.
 *
 * <p>PostgreSQL refuses COPY where row level security applies to the role, and into anything but tables. What it would
 * not refuse is a column of another type with the same binary format: {@code timestamp} without time zone would take
 * the microseconds of UTC for local time.
 */
final class CopyAccess {
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    private static final String LOOK = """
            select
              not pg_catalog.row_security_active(relation.oid)
              and relation.relkind operator(pg_catalog.=) any (cast('{r,p}' as pg_catalog."char"[]))
              and not exists (
                select from unnest(
                  cast(:name as pg_catalog.text[]),
                  cast(:type as pg_catalog.text[])
                ) as wanted (name, type)
                where not exists (
                  select from pg_catalog.pg_attribute as found
                  join pg_catalog.pg_type as type on type.oid operator(pg_catalog.=) found.atttypid
                  where found.attrelid operator(pg_catalog.=) relation.oid
                    and found.attname operator(pg_catalog.=) wanted.name
                    and type.typname operator(pg_catalog.=) wanted.type
                    and type.typnamespace operator(pg_catalog.=) relation.catalog)) as is_allowed
            from (
              select oid, relkind, cast('pg_catalog' as pg_catalog.regnamespace) as catalog
              from pg_catalog.pg_class
              where oid operator(pg_catalog.=) cast(:table as pg_catalog.regclass)) as relation""";

    /** Tells whether COPY may write into these columns of a table. Looks only once. */
    boolean allows(Statements statements, String table, Columns<?> columns) {
        Boolean answer = known.get(table);
        if (answer == null) {
            answer = look(statements, table, columns);
            known.put(table, answer);
        }
        return answer;
    }

    private static boolean look(Statements statements, String table, Columns<?> columns) {
        List<String> names = columns.names();
        List<String> types = columns.types();
        Columns<Integer> wanted = Columns.of(
                        IntStream.range(0, names.size()).boxed().toList())
                .text("name", names::get)
                .text("type", types::get);
        return statements.send(
                LOOK,
                query -> {
                    wanted.bind(query);
                    query.bind("table", statements.nameOf(table));
                },
                results -> results.rows(row -> row.getBoolean("is_allowed")).get(0));
    }

    /** Something has failed, perhaps because a table is no longer what it was: what was allowed is looked up anew. */
    void lookAgain() {
        known.values().removeIf(allowed -> allowed);
    }
}
