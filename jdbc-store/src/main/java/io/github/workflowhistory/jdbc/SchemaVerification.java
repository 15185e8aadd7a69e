package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.SchemaCatalog.Fact;
import io.github.workflowhistory.jdbc.SchemaFinding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares what a schema holds with what it should hold. Knows no database. */
final class SchemaVerification {
    private final SchemaName schema;
    private final SchemaCatalog found;
    private final SchemaDiagnosis.Findings role;

    private SchemaVerification(SchemaName schema, SchemaCatalog found, SchemaDiagnosis.Findings role) {
        this.schema = schema;
        this.found = found;
        this.role = role;
    }

    /** What is wrong, whatever stands in the way of others first. */
    static List<SchemaFinding> findings(SchemaName schema, SchemaCatalog found, SchemaDiagnosis.Findings role) {
        return new SchemaVerification(schema, found, role).findings();
    }

    private List<SchemaFinding> findings() {
        List<SchemaFinding> findings = new ArrayList<>();
        encoding().ifPresent(findings::add);
        List<SchemaFinding> whole = schemaTablesAndVersion();
        if (!whole.isEmpty()) {
            // The rest would only repeat it, once for each column.
            findings.addAll(whole);
            return findings;
        }
        String quoted = found.single("schema").orElse(schema.quoted());
        SchemaCatalog expected =
                SchemaCatalog.expected(quoted, found.single("users").orElse("auth.users"));
        SchemaFindings collected = new SchemaFindings(quoted);
        StructureComparison structure = new StructureComparison(schema, expected, found, collected);
        AccessComparison access = new AccessComparison(expected, found, collected);
        SchemaCatalog.TABLES.forEach(structure::compareColumns);
        SchemaCatalog.TABLES.forEach(structure::compareKeys);
        SchemaCatalog.TABLES.forEach(structure::compareRest);
        structure.compareTrigger();
        SchemaCatalog.TABLES.forEach(access::compare);
        access.compareUsage();
        new BypassComparison(found, collected).compare();
        findings.addAll(collected.list());
        roleThatAsks().ifPresent(findings::add);
        return findings;
    }

    private Optional<SchemaFinding> roleThatAsks() {
        if (!role.isMisled()) {
            return Optional.empty();
        }
        // No statement, lest who runs all mends open all rows to a role that was never meant to see them.
        String mend = "-- For a store, make a login that may only record, by recorder-role.sql"
                + (role.joinsServiceRole() ? "; or: " + String.join(" ", role.mends()) : "");
        return Optional.of(new SchemaFinding(
                Kind.ROLE_SHUT_OUT,
                "role " + role.role(),
                "the role that asked may read the tables, but row level security shows it no rows, as no policy is for"
                        + " it: a store that connects as it can only act as end users (actingAs); where none does,"
                        + " nothing is wrong",
                mend));
    }

    private Optional<SchemaFinding> encoding() {
        String encoding = found.single("encoding").orElse("unknown");
        return encoding.equals("UTF8")
                ? Optional.empty()
                : Optional.of(new SchemaFinding(
                        Kind.ENCODING,
                        "database",
                        "the database has the encoding " + encoding
                                + ", in which PostgreSQL cannot hold every text that is recorded",
                        "-- The encoding of a database is for life. Dump its data and restore them into one made with:"
                                + " create database … encoding 'UTF8' template template0"));
    }

    private List<SchemaFinding> schemaTablesAndVersion() {
        String script = SchemaScripts.part2(schema);
        if (found.single("schema").isEmpty()) {
            return List.of(new SchemaFinding(
                    Kind.SCHEMA_MISSING,
                    schema.quoted(),
                    "schema " + schema.quoted() + " does not exist in this database",
                    script));
        }
        Optional<Integer> version = found.single("version").map(Integer::valueOf);
        List<String> missing = SchemaCatalog.TABLES.stream()
                .filter(table -> !found.hasTable(table))
                .toList();
        if (version.isPresent() && version.get() > WorkflowSchema.VERSION) {
            return List.of(new SchemaFinding(
                    Kind.VERSION_NEWER,
                    schema.quoted(),
                    "the tables are of version " + version.get() + ", newer than the version " + WorkflowSchema.VERSION
                            + " that this library knows",
                    "-- Update the library; an older one must not change newer tables."));
        }
        boolean madeByTheGuide = missing.isEmpty() || missing.equals(List.of("workflow_recorders"));
        if (version.isEmpty() && madeByTheGuide) {
            return List.of(new SchemaFinding(
                    Kind.VERSION_MISSING,
                    schema.quoted(),
                    "the tables were made without the script, or are no longer marked as made by it",
                    script));
        }
        if (!missing.isEmpty()) {
            return missing.stream()
                    .map(table -> new SchemaFinding(
                            Kind.TABLE_MISSING,
                            schema.quoted() + "." + table,
                            "table " + table + " does not exist in schema " + schema.quoted(),
                            script))
                    .toList();
        }
        if (version.orElseThrow() < WorkflowSchema.VERSION) {
            return List.of(new SchemaFinding(
                    Kind.VERSION_OLDER,
                    schema.quoted(),
                    "the tables are of the older version " + version.get() + "; this library needs version "
                            + WorkflowSchema.VERSION,
                    script));
        }
        return List.of();
    }

    /** Findings as they come, with the names of tables as PostgreSQL quotes them. */
    static final class SchemaFindings {
        private final String schema;
        private final List<SchemaFinding> list = new ArrayList<>();

        SchemaFindings(String schema) {
            this.schema = schema;
        }

        String nameOf(String table) {
            return schema + "." + table;
        }

        /** Something about a table as a whole. */
        void add(Kind kind, String table, String message, String mend) {
            list.add(new SchemaFinding(kind, nameOf(table), message, mend));
        }

        /** Something about a part of a table. */
        void add(Kind kind, Fact part, String message, String mend) {
            list.add(new SchemaFinding(kind, nameOf(part.table()) + "." + part.name(), message, mend));
        }

        /** Something about what is not a table of ours. */
        void addOther(Kind kind, String object, String message, String mend) {
            list.add(new SchemaFinding(kind, object, message, mend));
        }

        void addSchema(Kind kind, String message, String mend) {
            list.add(new SchemaFinding(kind, schema, message, mend));
        }

        String schema() {
            return schema;
        }

        List<SchemaFinding> list() {
            return list;
        }
    }
}
