package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LargeBatchTest {
    @Test
    void more_rows_than_a_statement_can_have_parameters() {
        TestDatabase database = TestDatabase.create("large").install();
        HistoryBatch.Builder batch = HistoryBatch.builder().add(Records.running("e"));
        IntStream.range(0, 70_000).forEach(i -> batch.add(Records.log("log " + i, "e", "run " + i % 1_000)));

        database.store().record(batch.build());

        List<ExecutionLog> logs =
                database.store().listLogs(LogQuery.ofExecution("e").limit(LogQuery.MAX_LIMIT));
        assertThat(logs).hasSize(70_000).isSortedAccordingTo(HistoryOrder.LOGS);
        assertThat(database.store().listLogs(LogQuery.ofExecution("e").ofNodeRun("run 7")))
                .hasSize(70);
        assertThat(database.store().deleteExecution("e")).isTrue();
        assertThat(database.value("select count(*) from execution_logs")).isEqualTo("0");
    }
}
