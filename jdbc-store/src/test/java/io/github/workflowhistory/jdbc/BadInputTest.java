package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.workflowhistory.store.ExecutionLeases;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What is refused before the database is asked: the data source leads nowhere. */
class BadInputTest {
    private final JdbcExecutionStore store = JdbcExecutionStore.create(new PGSimpleDataSource());

    @Test
    void null_instead_of_a_source_of_connections() {
        assertThatNullPointerException()
                .isThrownBy(() -> JdbcExecutionStore.create((DataSource) null))
                .withMessage("dataSource must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> JdbcExecutionStore.create((Jdbi) null))
                .withMessage("jdbi must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> WorkflowSchema.of((DataSource) null))
                .withMessage("dataSource must not be null");
    }

    @Test
    void ids_that_are_none() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.findExecution(" "))
                .withMessage("execution id must not be blank");
        assertThatIllegalArgumentException().isThrownBy(() -> store.findDetails("a\0b"));
        assertThatIllegalArgumentException().isThrownBy(() -> store.deleteExecution("\uD800"));
        assertThatNullPointerException()
                .isThrownBy(() -> store.findExecution(null))
                .withMessage("execution id must not be null");
        ExecutionLeases leases = store.leases().orElseThrow();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> leases.renew(""))
                .withMessage("recorder id must not be blank");
        assertThatIllegalArgumentException().isThrownBy(() -> leases.takeOver("e", " "));
        assertThatIllegalArgumentException().isThrownBy(() -> leases.endAbandoned(Duration.ofMillis(-1)));
    }

    @Test
    void null_instead_of_a_query() {
        assertThatNullPointerException().isThrownBy(() -> store.listExecutions(null));
        assertThatNullPointerException().isThrownBy(() -> store.listLogs(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\0b", "$workflow_history_part_2$"})
    void schemas_that_cannot_be(String schema) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        JdbcExecutionStore.builder(new PGSimpleDataSource()).schema(schema));
        assertThatIllegalArgumentException().isThrownBy(() -> WorkflowSchema.script(schema));
    }

    @Test
    void a_schema_whose_name_postgresql_would_cut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkflowSchema.script("\u00E9".repeat(32)))
                .withMessageContaining("at most 63 bytes");
        WorkflowSchema.script("\u00E9".repeat(31) + "e");
    }

    @Test
    void timeouts_that_postgresql_does_not_know() {
        JdbcExecutionStore.Builder builder = JdbcExecutionStore.builder(new PGSimpleDataSource());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.statementTimeout(Duration.ZERO))
                .withMessageStartingWith("statementTimeout must be from 1 ms to");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.lockTimeout(Duration.ofDays(25)));
        assertThatNullPointerException().isThrownBy(() -> builder.lockTimeout(null));
    }

    @Test
    void a_timeout_for_locks_that_the_one_for_statements_never_lets_come() {
        JdbcExecutionStore.Builder builder = JdbcExecutionStore.builder(new PGSimpleDataSource())
                .statementTimeout(Duration.ofSeconds(2))
                .lockTimeout(Duration.ofSeconds(2));

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining("lockTimeout PT2S contradicts statementTimeout PT2S");
        builder.lockTimeout(Duration.ofMillis(1_999)).build();
    }
}
