package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.SchemaCatalog.Fact;
import io.github.workflowhistory.jdbc.SchemaFinding.Kind;
import io.github.workflowhistory.jdbc.SchemaVerification.SchemaFindings;
import java.util.Optional;

/** Columns, constraints, indexes, the trigger. What the host added beside them is its own, unless inserts fail on it. */
final class StructureComparison {
    private final SchemaName schema;
    private final SchemaCatalog expected;
    private final SchemaCatalog found;
    private final SchemaFindings findings;

    StructureComparison(SchemaName schema, SchemaCatalog expected, SchemaCatalog found, SchemaFindings findings) {
        this.schema = schema;
        this.expected = expected;
        this.found = found;
        this.findings = findings;
    }

    /**
     * A column as the catalog spells it: {@code integer not null default 1}.
     *
     * @param type the type, with "generated" or "identity" behind it
     * @param required whether it must not be null
     * @param hasDefault whether it has a default
     */
    private record Column(String type, boolean required, boolean hasDefault) {
        static Column of(String definition) {
            String[] parts = definition.split("( |^)default ", 2);
            String typeAndNull = parts[0];
            boolean required = typeAndNull.endsWith(" not null");
            String type =
                    required ? typeAndNull.substring(0, typeAndNull.length() - " not null".length()) : typeAndNull;
            return new Column(type, required, parts.length == 2);
        }

        boolean fillsItself() {
            return hasDefault || type.endsWith(" generated") || type.endsWith(" identity");
        }
    }

    void compareColumns(String table) {
        for (Fact column : expected.of("column", table)) {
            Optional<String> definition = found.definition("column", table, column.name());
            if (definition.isEmpty()) {
                findings.add(
                        Kind.COLUMN_MISSING,
                        column,
                        "column " + column.name() + " does not exist",
                        alter(table) + "add column " + quoted(column) + " " + column.definition() + ";");
            } else {
                compareColumn(column, Column.of(column.definition()), Column.of(definition.get()));
            }
        }
        for (Fact column : found.of("column", table)) {
            Column actual = Column.of(column.definition());
            if (!expected.has(column) && actual.required() && !actual.fillsItself()) {
                findings.add(
                        Kind.HOST_COLUMN_REQUIRED,
                        column,
                        "the column of the host's own must not be null and has no default, so nothing can be recorded",
                        alter(table) + "alter column " + quoted(column) + " drop not null;");
            }
        }
        for (Fact column : found.of("collation", table)) {
            compareCollation(column);
        }
    }

    private void compareColumn(Fact column, Column wanted, Column actual) {
        String alter = alter(column.table()) + "alter column " + quoted(column) + " ";
        if (!actual.type().equals(wanted.type())) {
            boolean computed = actual.type().endsWith(" generated");
            findings.add(
                    Kind.COLUMN_TYPE,
                    column,
                    "is of type " + actual.type() + ", not " + wanted.type(),
                    computed
                            ? alter + "drop expression;"
                            : alter + "type " + wanted.type() + " using " + quoted(column) + "::" + wanted.type()
                                    + ";");
            return;
        }
        if (wanted.required() != actual.required()) {
            findings.add(
                    Kind.COLUMN_NULLABILITY,
                    column,
                    wanted.required() ? "may be null, and must not" : "must not be null, and has to be allowed to",
                    alter + (wanted.required() ? "set not null;" : "drop not null;"));
        }
        if (wanted.hasDefault() && !actual.fillsItself()) {
            findings.add(
                    Kind.COLUMN_DEFAULT,
                    column,
                    "has no default, so that applications which leave it out fail",
                    alter + "set " + column.definition().replaceFirst("^.*?(default )", "$1") + ";");
        }
    }

    /** Policies depend on the columns, so the script has to make them anew. */
    private void compareCollation(Fact column) {
        if (!expected.has(new Fact("column", column.table(), column.name(), ""))) {
            return;
        }
        findings.add(
                Kind.COLLATION,
                column,
                "compares by the collation " + column.definition() + "; as bytes (collate \"C\", as in a fresh"
                        + " installation) writing was measured 1.5 times as fast",
                "-- Rewrites the column's indexes and locks the table meanwhile. First drop the policies that use the"
                        + " column, last run Part 2 of the script, which makes them anew.\n"
                        + alter(column.table()) + "alter column " + quoted(column) + " type text collate \"C\";");
    }

    /** Keys before what refers to them, so that the mends can run in the order of the findings. */
    void compareKeys(String table) {
        for (Fact constraint : expected.of("constraint", table)) {
            if (isKey(constraint)) {
                compareConstraint(constraint, Kind.KEY_MISSING, "key");
            }
        }
    }

    void compareRest(String table) {
        for (Fact constraint : expected.of("constraint", table)) {
            if (constraint.definition().startsWith("FOREIGN KEY")) {
                compareConstraint(constraint, Kind.FOREIGN_KEY_MISSING, "foreign key");
            } else if (!isKey(constraint)) {
                compareConstraint(constraint, Kind.CHECK_MISSING, "check");
            }
        }
        expected.of("index", table).forEach(this::compareIndex);
    }

    private static boolean isKey(Fact constraint) {
        return constraint.definition().startsWith("PRIMARY KEY")
                || constraint.definition().startsWith("UNIQUE");
    }

    private void compareConstraint(Fact wanted, Kind kind, String what) {
        // One that an application made under another name counts.
        if (found.of("constraint", wanted.table()).stream().anyMatch(each -> isAsGood(each, wanted))) {
            return;
        }
        Optional<String> sameName = found.definition("constraint", wanted.table(), wanted.name());
        String alter = alter(wanted.table());
        if (sameName.isPresent() && sameName.get().equals(wanted.definition() + " NOT VALID")) {
            findings.add(
                    kind,
                    wanted,
                    "the " + what + " was never validated for the rows that were there",
                    alter + "validate constraint " + wanted.name() + ";");
            return;
        }
        findings.add(
                kind,
                wanted,
                sameName.map(definition -> "the " + what + " is " + definition + ", not " + wanted.definition())
                        .orElse("the " + what + " does not exist: " + wanted.definition()),
                alter + (sameName.isPresent() ? "drop constraint " + wanted.name() + ", " : "") + "add constraint "
                        + wanted.name() + " " + wanted.definition() + ";");
    }

    /** What user_id refers to is the host's choice, as long as the user's executions go with the user. */
    private static boolean isAsGood(Fact constraint, Fact wanted) {
        String user = "FOREIGN KEY (user_id) REFERENCES ";
        if (wanted.definition().startsWith(user)) {
            return constraint.definition().startsWith(user)
                    && constraint.definition().endsWith("(id) ON DELETE CASCADE");
        }
        return constraint.definition().equals(wanted.definition());
    }

    private void compareIndex(Fact index) {
        Optional<String> definition = found.definition("index", index.table(), index.name());
        if (definition.isEmpty()) {
            findings.add(Kind.INDEX_MISSING, index, "the index does not exist", index.definition() + ";");
        } else if (!definition.get().equals(index.definition())) {
            findings.add(
                    Kind.INDEX_ALTERED,
                    index,
                    definition.get().endsWith(" INVALID")
                            ? "the index is invalid, as a failed CREATE INDEX CONCURRENTLY leaves it"
                            : "the index is another one: " + definition.get(),
                    "drop index " + findings.schema() + "." + index.name() + ";\n" + index.definition() + ";");
        }
    }

    void compareTrigger() {
        Fact function = new Fact("function", "", "workflow_executions_complete", "");
        String wantedFunction =
                "security invoker set search_path=pg_catalog, pg_temp as " + SchemaScripts.functionBody(schema);
        Optional<String> actualFunction = found.definition("function", "", function.name());
        if (!actualFunction.equals(Optional.of(wantedFunction))) {
            findings.add(
                    Kind.FUNCTION_ALTERED,
                    function.name() + "()",
                    "the function of the trigger "
                            + (actualFunction.isPresent() ? "is not the script's" : "does not exist"),
                    SchemaScripts.createFunction(schema));
        }
        for (Fact trigger : expected.of("trigger", "workflow_executions")) {
            Optional<String> definition = found.definition("trigger", trigger.table(), trigger.name());
            if (definition.isEmpty()) {
                findings.add(Kind.TRIGGER_MISSING, trigger, "the trigger does not exist", trigger.definition() + ";");
            } else if (definition.get().equals(trigger.definition() + " DISABLED")) {
                findings.add(
                        Kind.TRIGGER_DISABLED,
                        trigger,
                        "the trigger is disabled",
                        alter(trigger.table()) + "enable trigger " + trigger.name() + ";");
            } else if (!definition.get().equals(trigger.definition())) {
                findings.add(
                        Kind.TRIGGER_MISSING,
                        trigger,
                        "the trigger is another one: " + definition.get(),
                        "drop trigger " + trigger.name() + " on " + findings.nameOf(trigger.table()) + ";\n"
                                + trigger.definition() + ";");
            }
        }
    }

    private String alter(String table) {
        return "alter table " + findings.nameOf(table) + " ";
    }

    private static String quoted(Fact column) {
        return '"' + column.name().replace("\"", "\"\"") + '"';
    }
}
