package io.github.workflowhistory.jdbc;

/**
 * The schema that holds the tables, and how it is written in SQL. Statements name it as <code>{schema}</code>, so that
 * no name in them depends on the search_path.
 *
 * @param name the schema's name as it stands in the catalog
 */
record SchemaName(String name) {
    static final SchemaName PUBLIC = new SchemaName("public");

    SchemaName {
        Identifiers.requireValid("schema", name);
    }

    /** The name as an identifier. */
    String quoted() {
        return Identifiers.quoted(name);
    }

    /** A statement with the schema filled in. */
    String in(String statement) {
        return statement.replace("{schema}", quoted());
    }
}
