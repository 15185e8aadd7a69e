package io.github.workflowhistory.jdbc;

/** What a {@link JdbcExecutionStore} does about its tables when it is opened. */
public enum SchemaMode {
    /**
     * Installs, adopts or upgrades them, as {@link WorkflowSchema#install()} does, then verifies them. The role has to be
     * allowed to. What is current costs one SELECT more than {@link #VERIFY}.
     */
    INSTALL,
    /**
     * Looks whether they are of the library's version and whole, as {@link WorkflowSchema#verify()} does, in one round
     * trip. Changes nothing.
     */
    VERIFY,
    /** Nothing: the database is not asked. What is wrong shows when it is used. */
    TRUST
}
