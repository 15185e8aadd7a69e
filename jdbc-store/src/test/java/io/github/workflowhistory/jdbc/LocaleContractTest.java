package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/**
 * A database whose texts compare as in American English. By ICU, which PostgreSQL itself brings; version 14 can have a
 * whole database in a locale only by the machine's C library, and there this is skipped where the machine has no
 * en_US.UTF-8. {@link AdoptedTablesContractTest} compares that way in every version.
 */
class LocaleContractTest extends PostgresContract {
    @Override
    TestDatabase createDatabase() {
        return TestDatabase.create("locale", options()).install();
    }

    private static String options() {
        PostgresServer server = PostgresServer.shared();
        if (server.majorVersion() >= 15) {
            return "template template0 locale_provider icu icu_locale 'en-US'";
        }
        assumeTrue(
                server.hasCollation("en_US.utf8"),
                "PostgreSQL 14 needs a C library with the locale en_US.UTF-8 for this");
        return "template template0 lc_collate 'en_US.UTF-8' lc_ctype 'en_US.UTF-8'";
    }

    @Test
    void the_locale_is_in_effect() {
        assertThat(database().query("select t from (values ('b'), ('A'), ('a'), ('B'), ('_')) as v (t) order by t"))
                .containsExactly("_", "a", "A", "b", "B");
    }

    @Test
    void ids_compare_as_bytes_in_spite_of_it() {
        assertThat(database().query("""
                                select distinct collation_name from information_schema.columns
                                where table_schema = 'public' and column_name in ('id', 'execution_id')
                                  and table_name <> 'users'""")).containsExactly("C");
    }
}
