package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionStore;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** An id with a line feed cannot forge a line in the host's log by way of our error messages. */
class ForgedLinesTest {
    private static final String ID = "e\nERROR root logged in\u001B[2J";

    private static void saysItInOneLine(ThrowingCallable call) {
        assertThat(catchThrowable(call).getMessage())
                .as("names the id")
                .contains("e\\u000AERROR")
                .doesNotContain("\n", "\r", "\u001B");
    }

    @Test
    void of_a_store_without_a_database() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/nowhere");
        ExecutionStore store = JdbcExecutionStore.create(nowhere);

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> store.findExecution(ID),
                () -> store.findDetails(ID),
                () -> store.deleteExecution(ID),
                () -> store.listLogs(LogQuery.ofExecution(ID)))) {
            saysItInOneLine(call);
        }
    }

    @Test
    void of_a_conflict_and_of_an_unknown_execution() {
        TestDatabase database = TestDatabase.create("forged_lines").install();
        ExecutionStore store = database.store();
        store.record(WorkflowExecution.running(ID, "a", null, Records.START));
        store.record(Records.running("other"));
        store.record(Records.result(ID, ID));
        store.record(Records.log(ID, ID));

        saysItInOneLine(() -> store.record(WorkflowExecution.running(ID, "b", null, Records.START)));
        saysItInOneLine(() -> store.record(NodeResult.of(ID, "other", "n", NodeStatus.SUCCESS, Records.START)));
        saysItInOneLine(() -> store.record(Records.log(ID, "other")));
        saysItInOneLine(() -> store.record(ExecutionChange.running(ID + "2", Records.START)));
        assertThat(store.listLogs(LogQuery.ofExecution(ID).atLeast(LogLevel.DEBUG)))
                .hasSize(1);
    }
}
