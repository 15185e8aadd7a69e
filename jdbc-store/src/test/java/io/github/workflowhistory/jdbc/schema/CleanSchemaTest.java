package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.SchemaFinding;
import io.github.workflowhistory.jdbc.SchemaFinding.Severity;
import io.github.workflowhistory.jdbc.WorkflowSchema;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** All ways to install give the same catalog, and verification has nothing to say about it. */
class CleanSchemaTest {
    @Test
    void a_supabase_project_is_clean() {
        SchemaDatabase.withAuth().close(); // the roles of the server
        try (SchemaDatabase database = SchemaDatabase.empty();
                Session session = database.autoCommit()) {
            session.run(Scripts.resource("supabase-project.sql"));
            session.run("alter database " + session.row("select current_database()") + " owner to supabase_postgres");
            session.logInAs("supabase_postgres");
            session.run(Scripts.WHOLE);

            assertThat(WorkflowSchema.of(database.dataSource()).verify()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application-tables.sql", "loose-application-tables.sql"})
    void adopted_tables_have_no_error(String tables) {
        try (SchemaDatabase database = SchemaDatabase.withAuth();
                Session session = database.autoCommit()) {
            session.run(Scripts.resource(tables));
            WorkflowSchema schema = WorkflowSchema.of(database.dataSource());
            schema.install();

            assertThat(schema.verify()).extracting(SchemaFinding::severity).doesNotContain(Severity.ERROR);
        }
    }

    @Test
    void every_way_gives_the_same_catalog() {
        List<String> whole = catalog(Scripts.WHOLE, false);
        assertThat(catalog(Scripts.PART_2, false)).isEqualTo(whole);
        assertThat(catalog(WorkflowSchema.script(), true)).isEqualTo(whole);
        assertThat(catalog(WorkflowSchema.recreateScript("public"), true)).isEqualTo(whole);
        try (SchemaDatabase database = SchemaDatabase.withAuth();
                Session session = database.autoCommit()) {
            WorkflowSchema schema = WorkflowSchema.of(database.dataSource());
            schema.install();
            assertThat(catalog(session)).isEqualTo(whole);
            schema.recreate(WorkflowSchema.Consent.DROP_ALL_HISTORY);
            assertThat(catalog(session)).isEqualTo(whole);
        }
    }

    private static List<String> catalog(String script, boolean simpleQueries) {
        try (SchemaDatabase database = SchemaDatabase.withAuth()) {
            PGSimpleDataSource dataSource = database.dataSource();
            if (simpleQueries) { // as the SQL editor of Supabase sends it
                dataSource.setPreferQueryMode(PreferQueryMode.SIMPLE);
            }
            try (Session session = new Session(dataSource.getConnection(), true)) {
                session.run(script);
                return catalog(session);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> catalog(Session session) {
        return Stream.concat(Catalog.description(session, "public").stream(), Catalog.privileges(session).stream())
                .toList();
    }
}
