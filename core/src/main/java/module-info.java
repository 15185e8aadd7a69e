/**
 * The history of workflow executions: the domain, the interface of stores, and the API that host code calls. Knows
 * nothing of databases.
 */
module io.github.workflowhistory.core {
    requires static transitive org.jspecify;
    requires transitive com.fasterxml.jackson.core;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires com.fasterxml.uuid;
    requires jdk.jfr;
    requires static micrometer.core;
    requires transitive org.slf4j;

    exports io.github.workflowhistory;
    exports io.github.workflowhistory.pipeline;
    exports io.github.workflowhistory.query;
    exports io.github.workflowhistory.store;
}
