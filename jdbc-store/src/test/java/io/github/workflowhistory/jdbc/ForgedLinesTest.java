package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
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
                .doesNotContain("\n", "\r", "\u001B", "\u0085", "\u009B");
    }

    @Test
    void of_a_store_without_a_database() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/nowhere");
        ExecutionStore store = JdbcExecutionStore.create(nowhere);

        ExecutionLeases leases = store.leases().orElseThrow();

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> leases.renew(ID),
                () -> leases.takeOver(ID, "recorder"),
                () -> leases.release(ID, "recorder"),
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

    /** PostgreSQL quotes rows as they are. */
    @Test
    void of_a_row_that_a_host_refuses() {
        TestDatabase database = TestDatabase.create("forged_rows").install();
        database.execute("""
                alter table workflow_executions add constraint no_guests check (workflow_id <> 'guest');
                create function refuse() returns trigger language plpgsql as $$
                begin
                  raise exception 'no message for %', new.execution_id using hint = 'not ' || new.message;
                end $$;
                create trigger refuse before insert on execution_logs for each row execute function refuse()""");
        ExecutionStore store = database.store();
        store.record(Records.running(ID));

        saysItInOneLine(() -> store.record(WorkflowExecution.running(ID + "2", "guest", null, Records.START)));
        saysItInOneLine(() -> store.record(Records.log("l", ID)));
        saysItInOneLine(() -> store.record(
                new ExecutionLog("l", ID, null, LogLevel.INFO, "\r\u0085 of\u009B2J", null, Records.START)));
    }

    @Test
    void of_a_row_that_is_no_history() {
        TestDatabase database = TestDatabase.create("forged_history").install();
        database.store().record(Records.running("e"));
        database.execute("""
                alter table workflow_executions drop constraint workflow_executions_status_check;
                update workflow_executions set status = e'e\\nERROR root logged in'""");

        saysItInOneLine(() -> database.store().findExecution("e"));
    }
}
