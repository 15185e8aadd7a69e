/** The PostgreSQL store of Workflow History, with the schema scripts. */
@SuppressWarnings("opens") // database holds scripts, no classes
module io.github.workflowhistory.jdbc {
    requires transitive io.github.workflowhistory.core;
    requires transitive java.sql;
    requires static transitive org.jspecify;
    requires transitive org.jdbi.v3.core;
    requires org.jdbi.v3.postgres;
    requires org.postgresql.jdbc;

    exports io.github.workflowhistory.jdbc;

    opens database;
}
