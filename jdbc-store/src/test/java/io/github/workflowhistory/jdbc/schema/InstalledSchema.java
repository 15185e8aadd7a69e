package io.github.workflowhistory.jdbc.schema;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tests of the installed schema, each in a transaction of the owner that is rolled back. */
@ResourceLock("the database in InstalledSchema") // which one static field holds for all subclasses
abstract class InstalledSchema {
    private static SchemaDatabase database;

    Session session;

    @BeforeAll
    static void create_database() {
        database = SchemaDatabase.installed();
    }

    @AfterAll
    static void drop_database() {
        database.close();
    }

    @BeforeEach
    void begin() {
        session = database.session();
    }

    @AfterEach
    void roll_back() {
        session.close();
    }
}
