/** What tests of a host and of a store use: an in-memory store, the contract of all stores, assertions. */
module io.github.workflowhistory.testkit {
    requires transitive io.github.workflowhistory.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;

    exports io.github.workflowhistory.testkit;

    // JUnit finds and runs the tests of the contract.
    opens io.github.workflowhistory.testkit to
            org.junit.platform.commons;
    opens io.github.workflowhistory.testkit.contract to
            org.junit.platform.commons;
}
