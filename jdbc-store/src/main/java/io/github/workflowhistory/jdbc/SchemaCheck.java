package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.SchemaCatalog.Fact;
import io.github.workflowhistory.jdbc.SchemaFinding.Severity;
import io.github.workflowhistory.jdbc.TransactionSettings.Isolation;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.util.List;
import java.util.stream.Collectors;

/** Looks whether the tables are as they should be: one round trip that reads the catalog only. */
final class SchemaCheck {
    private static final TransactionSettings READING =
            TransactionSettings.writing(null, null).reading(Isolation.REPEATABLE_READ);

    // Before the statement, in the same round trip: nothing in it is found outside pg_catalog then.
    private static final String LOOK = "set local search_path to pg_catalog, pg_temp;\n"
            + Resources.text("schema-catalog.sql") + ";\n" + SchemaDiagnosis.LOOK;

    /** More would bury the first. */
    private static final int TOLD = 5;

    private final Transactions transactions;
    private final SchemaName schema;

    SchemaCheck(Transactions transactions) {
        this.transactions = transactions;
        this.schema = transactions.schema();
    }

    /**
     * What the catalog says.
     *
     * @param catalog what the schema holds
     * @param role what it says about the role that asks
     */
    record Seen(SchemaCatalog catalog, SchemaDiagnosis.Findings role) {}

    Seen look() {
        return transactions.run("verify the tables in schema " + schema.quoted(), READING, SchemaCheck::look);
    }

    private static Seen look(Statements statements) {
        return statements.send(LOOK, query -> query.bind("schema", statements.schemaName()), results -> {
            results.skip();
            SchemaCatalog catalog = new SchemaCatalog(results.rows(row -> new Fact(
                    row.getString("kind"),
                    row.getString("relation"),
                    row.getString("name"),
                    row.getString("definition"))));
            return new Seen(catalog, SchemaDiagnosis.read(results));
        });
    }

    List<SchemaFinding> findings() {
        Seen seen = look();
        return List.copyOf(SchemaVerification.findings(schema, seen.catalog(), seen.role()));
    }

    /**
     * Fails when something is broken.
     *
     * @throws HistoryStoreException of kind CONFIGURATION, with what is wrong and its mend; or when the database cannot
     *     be asked
     */
    void require() {
        List<SchemaFinding> broken = findings().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
        if (broken.isEmpty()) {
            return;
        }
        String told = broken.stream().limit(TOLD).map(SchemaCheck::told).collect(Collectors.joining("; "));
        String more = broken.size() > TOLD ? "; and " + (broken.size() - TOLD) + " more" : "";
        throw new HistoryStoreException(
                Kind.CONFIGURATION,
                "the tables in schema " + schema.quoted() + " are not as this library needs them: " + told + more
                        + ". WorkflowSchema.verify() tells all, with the statements that mend them",
                null);
    }

    private static String told(SchemaFinding finding) {
        return finding.object() + ": " + finding.message() + " (" + finding.mendInOneLine() + ")";
    }
}
