package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.store.ExecutionStore;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.statement.HashPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.junit.jupiter.api.BeforeAll;

/** A host's Jdbi, whose own ways of writing statements and reading values must not reach the store. */
class HostJdbiContractTest extends PostgresContract {
    private Jdbi jdbi;

    @Override
    TestDatabase createDatabase() {
        return TestDatabase.create("host_jdbi").install();
    }

    @BeforeAll
    void createJdbi() {
        jdbi = Jdbi.create(pool());
        jdbi.getConfig(SqlStatements.class)
                .setSqlParser(new HashPrefixSqlParser())
                .setTemplateEngine((template, context) -> "select 'the template engine of the host'")
                .setQueryTimeout(1);
        jdbi.registerColumnMapper(String.class, (row, column, context) -> "the mapper of the host");
        jdbi.registerArrayType(String.class, "the array type of the host");
        jdbi.registerArgument((ArgumentFactory) (type, value, config) -> {
            throw new AssertionError("the argument factory of the host");
        });
    }

    @Override
    protected ExecutionStore createStore() {
        database().clear();
        return JdbcExecutionStore.create(jdbi);
    }
}
