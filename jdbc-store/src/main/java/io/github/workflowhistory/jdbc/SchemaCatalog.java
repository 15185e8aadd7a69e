package io.github.workflowhistory.jdbc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a schema holds, or should hold: facts of the catalog, each found by what it is about. */
final class SchemaCatalog {
    /** The tables of the script; those that refer to others come after them. */
    static final List<String> TABLES =
            List.of("workflow_executions", "node_execution_results", "execution_logs", "workflow_recorders");

    private static final String EXPECTED = "expected-schema.txt";

    private final List<Fact> facts;
    private final Map<Fact, Fact> byKey = new LinkedHashMap<>();

    SchemaCatalog(List<Fact> facts) {
        this.facts = List.copyOf(facts);
        facts.forEach(fact -> byKey.put(fact.key(), fact));
    }

    /**
     * A fact.
     *
     * @param kind what it is about: column, index, …
     * @param table the table, or the role of end users, that it belongs to; empty when to none
     * @param name its name there; empty when it is about the table itself
     * @param definition how PostgreSQL spells it
     */
    record Fact(String kind, String table, String name, String definition) {
        /** What it is about. A privilege is about itself, as one may hold several. */
        Fact key() {
            return kind.equals("grant") ? this : new Fact(kind, table, name, "");
        }
    }

    /**
     * What a schema of the current version should hold.
     *
     * @param schema the schema's name as PostgreSQL quotes it
     * @param users the table of users as PostgreSQL quotes it
     */
    static SchemaCatalog expected(String schema, String users) {
        return new SchemaCatalog(Resources.text(EXPECTED)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" \\| ?", 4))
                .map(parts -> new Fact(
                        parts[0],
                        parts[1],
                        parts[2],
                        parts[3].replace("{schema}", schema).replace("{users}", users)))
                .toList());
    }

    /** All facts of a kind about a table. */
    List<Fact> of(String kind, String table) {
        return facts.stream()
                .filter(fact -> fact.kind().equals(kind) && fact.table().equals(table))
                .toList();
    }

    /** The definition of something, when it is there. */
    Optional<String> definition(String kind, String table, String name) {
        return Optional.ofNullable(byKey.get(new Fact(kind, table, name, ""))).map(Fact::definition);
    }

    /** What is there once, such as the version. */
    Optional<String> single(String kind) {
        return definition(kind, "", "");
    }

    boolean has(Fact fact) {
        return byKey.containsKey(fact.key());
    }

    boolean hasTable(String table) {
        return definition("table", table, "").isPresent();
    }

    List<Fact> facts() {
        return facts;
    }
}
