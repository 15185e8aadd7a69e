package io.github.workflowhistory.jdbc.schema;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tests on tables that an application made from the guide's columns alone, each in a transaction rolled back. */
@ResourceLock("the database in ApplicationTables") // which one static field holds for all subclasses
abstract class ApplicationTables {
    private static SchemaDatabase database;

    Session session;

    @BeforeAll
    static void create_database() {
        database = SchemaDatabase.withAuth();
        try (Session session = database.autoCommit()) {
            session.run("create extension pgcrypto"); // as the guide's troubleshooting says
        }
    }

    @AfterAll
    static void drop_database() {
        database.close();
    }

    @BeforeEach
    void begin() {
        session = database.session();
        session.run(Scripts.resource("application-tables.sql"));
        session.run("savepoint rows_of_the_application");
    }

    @AfterEach
    void roll_back() {
        session.close();
    }
}
