package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A batch that brings nothing new writes no row version, which would be dead weight until the next vacuum. */
class ReplayTest {
    private static TestDatabase database;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("replay").install();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    /** Which transaction wrote each row, and where it stands. */
    private static List<String> rowVersions() {
        return database.query("""
                select concat_ws(' ', 'execution', id, xmin, ctid) from workflow_executions
                union all select concat_ws(' ', 'node result', id, xmin, ctid) from node_execution_results
                union all select concat_ws(' ', 'log', id, xmin, ctid) from execution_logs
                order by 1""");
    }

    @Test
    void the_same_batch_again_writes_nothing() {
        HistoryBatch batch = Records.execution("e", 5);
        HistoryBatch rest = Records.rest("e", 8);
        database.store().record(batch);
        database.store().record(rest);
        List<String> before = rowVersions();
        assertThat(before).hasSize(17);

        database.store().record(batch);
        database.store().record(rest);
        database.store()
                .record(HistoryBatch.builder().addAll(batch).addAll(rest).build());

        assertThat(rowVersions()).isEqualTo(before);
    }

    @Test
    void an_end_that_comes_too_late_writes_nothing() {
        database.store().record(Records.running("e"));
        database.store().record(Records.ended("e"));
        List<String> before = rowVersions();

        database.store().record(ExecutionChange.ended("e", ExecutionStatus.FAILED, Records.at(2_000)));

        assertThat(rowVersions()).isEqualTo(before);
    }

    @Test
    void an_execution_that_starts_and_ends_in_one_batch_is_written_once() {
        database.execute("truncate workflow_executions cascade");
        HistoryBatch batch = HistoryBatch.builder()
                .addAll(Records.execution("e", 5))
                .addAll(Records.rest("e", 5))
                .build();

        database.store().record(batch);

        assertThat(database.value("select ctid from workflow_executions"))
                .as("the first place")
                .isEqualTo("(0,1)");
        assertThat(database.store().findExecution("e").orElseThrow().status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void a_log_without_a_run_is_not_written_again_when_a_result_arrives() {
        database.store().record(Records.running("e"));
        database.store().record(Records.log("without", "e"));
        database.store().record(Records.log("of another", "e", "another"));
        database.store().record(Records.log("linked", "e", "run"));
        String before = versionOf("without") + versionOf("of another");

        database.store().record(Records.result("run", "e"));

        assertThat(versionOf("without") + versionOf("of another")).isEqualTo(before);
        assertThat(database.value("select node_result_id from execution_logs where id = 'linked'"))
                .isEqualTo("run");
    }

    private static String versionOf(String log) {
        return database.value("select concat_ws(' ', xmin, ctid) from execution_logs where id = '" + log + "'");
    }
}
