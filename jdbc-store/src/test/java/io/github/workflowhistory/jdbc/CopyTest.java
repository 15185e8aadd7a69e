package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.IdConflictException.IdKind;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which batches go by COPY, and what becomes of those that COPY cannot write. */
class CopyTest {
    private static TestDatabase database;

    private final HookedDataSource connections = new HookedDataSource(database.dataSource());
    private final ExecutionStore copying = JdbcExecutionStore.builder(connections)
            .copyPolicy(CopyPolicy.always())
            .build();
    private final ExecutionStore standard =
            JdbcExecutionStore.builder(connections).build();

    @BeforeAll
    static void install() {
        database = TestDatabase.create("copy_or_not").install();
        WaySpy.install(database);
    }

    @BeforeEach
    void clear() {
        database.clear();
        WaySpy.clear(database);
    }

    private int rollbacks() {
        return Collections.frequency(connections.calls(), "rollback");
    }

    private static List<String> rows() {
        return database.query("""
                select concat_ws(' ', 'execution', id, xmin, ctid) from workflow_executions
                union all select concat_ws(' ', 'node result', id, xmin, ctid) from node_execution_results
                union all select concat_ws(' ', 'log', id, xmin, ctid) from execution_logs
                order by 1""");
    }

    @Test
    void a_large_batch_goes_by_copy() {
        standard.record(Records.execution("e", CopyPolicy.LARGE));

        assertThat(WaySpy.ways(database)).containsExactly("node_execution_results COPY", "execution_logs COPY");
        assertThat(copying.findDetails("e").orElseThrow().nodeResults()).hasSize(CopyPolicy.LARGE);
        assertThat(copying.listLogs(LogQuery.ofExecution("e").ofNodeRun("e-result-7")))
                .hasSize(1);
    }

    @Test
    void a_small_batch_does_not() {
        standard.record(Records.execution("e", CopyPolicy.LARGE - 1));

        assertThat(WaySpy.ways(database))
                .containsExactly("node_execution_results IDEMPOTENT_INSERT", "execution_logs IDEMPOTENT_INSERT");
    }

    @Test
    void each_table_goes_by_the_number_of_its_own_rows() {
        HistoryBatch.Builder batch = HistoryBatch.builder()
                .addAll(Records.execution("e", CopyPolicy.LARGE - 1))
                .add(Records.log("one more", "e"));

        standard.record(batch.build());

        assertThat(WaySpy.ways(database))
                .containsExactly("node_execution_results IDEMPOTENT_INSERT", "execution_logs COPY");
    }

    @Test
    void no_batch_does_when_it_is_turned_off() {
        ExecutionStore store =
                JdbcExecutionStore.builder(connections).copyLargeBatches(false).build();

        store.record(Records.execution("e", CopyPolicy.LARGE));

        assertThat(WaySpy.ways(database))
                .containsExactly("node_execution_results IDEMPOTENT_INSERT", "execution_logs IDEMPOTENT_INSERT");
    }

    @Test
    void the_same_batch_again_goes_the_other_way_and_writes_nothing() {
        copying.record(Records.execution("e", 5));
        List<String> before = rows();
        assertThat(before).hasSize(11);
        assertThat(rollbacks()).isZero();

        copying.record(Records.execution("e", 5));

        assertThat(rows()).isEqualTo(before);
        assertThat(rollbacks()).isEqualTo(1);
    }

    @Test
    void a_batch_of_which_a_part_is_there_is_completed() {
        copying.record(Records.execution("e", 5));

        copying.record(HistoryBatch.builder()
                .addAll(Records.execution("e", 8))
                .addAll(Records.execution("new", 3))
                .build());

        assertThat(copying.findDetails("e").orElseThrow().nodeResults()).hasSize(8);
        assertThat(copying.findDetails("new").orElseThrow().logs()).hasSize(3);
    }

    @Test
    void executions_go_by_copy_where_they_are_many() {
        HistoryBatch.Builder many = HistoryBatch.builder();
        HistoryBatch.Builder fewer = HistoryBatch.builder();
        for (int i = 0; i < CopyPolicy.LARGE; i++) {
            many.add(Records.running("many-" + i));
            if (i > 0) {
                fewer.add(Records.running("fewer-" + i));
            }
        }

        standard.record(many.build());
        standard.record(fewer.build());

        assertThat(WaySpy.waysOfExecutions(database)).containsExactly("COPY", "IDEMPOTENT_INSERT");
        assertThat(database.query("select count(*) from workflow_executions")).containsExactly("99");
    }

    @Test
    void an_execution_that_is_there_already_sends_the_batch_the_other_way() {
        copying.record(Records.running("e"));
        WaySpy.clear(database);

        copying.record(Records.execution("e", 3));

        assertThat(WaySpy.ways(database))
                .containsExactly("node_execution_results IDEMPOTENT_INSERT", "execution_logs IDEMPOTENT_INSERT");
        assertThat(rollbacks()).isEqualTo(1);
        assertThat(copying.findDetails("e").orElseThrow().nodeResults()).hasSize(3);
    }

    @Test
    void executions_of_one_that_exists_and_new_ones_are_told_apart_after_all() {
        copying.record(Records.running("e"));

        copying.record(HistoryBatch.builder()
                .addAll(Records.execution("e", 3))
                .addAll(Records.execution("new", 2))
                .add(Records.log("of an older one", "e"))
                .build());

        assertThat(copying.findDetails("e").orElseThrow().logs()).hasSize(4);
        assertThat(copying.findDetails("new").orElseThrow().nodeResults()).hasSize(2);
    }

    @Test
    void an_id_that_is_taken_is_named_as_by_the_other_way() {
        copying.record(Records.execution("e", 2));
        List<String> before = rows();

        IdConflictException result = catchThrowableOfType(
                IdConflictException.class,
                () -> copying.record(HistoryBatch.builder()
                        .addAll(Records.execution("other", 3))
                        .add(Records.result("e-result-1", "other"))
                        .build()));
        IdConflictException log = catchThrowableOfType(
                IdConflictException.class,
                () -> copying.record(HistoryBatch.builder()
                        .addAll(Records.execution("other", 3))
                        .add(Records.log("e-log-1", "other"))
                        .build()));
        IdConflictException run = catchThrowableOfType(
                IdConflictException.class,
                () -> copying.record(HistoryBatch.builder()
                        .addAll(Records.execution("other", 3))
                        .add(Records.log("of a foreign run", "other", "e-result-1"))
                        .build()));

        assertThat(result.idKind()).isEqualTo(IdKind.NODE_RESULT);
        assertThat(result.ids()).containsExactly("e-result-1");
        assertThat(log.idKind()).isEqualTo(IdKind.LOG);
        assertThat(log.ids()).containsExactly("e-log-1");
        assertThat(run.idKind()).isEqualTo(IdKind.NODE_RUN);
        assertThat(run.ids()).containsExactly("e-result-1");
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void an_unknown_execution_is_named_before_any_attempt() {
        UnknownExecutionException failure = catchThrowableOfType(
                UnknownExecutionException.class,
                () -> copying.record(HistoryBatch.builder()
                        .addAll(Records.execution("e", 3))
                        .add(Records.log("l", "unknown"))
                        .build()));

        assertThat(failure.executionIds()).containsExactly("unknown");
        assertThat(rows()).isEmpty();
        assertThat(rollbacks()).isEqualTo(1);
    }

    @Test
    void batches_that_keep_failing_do_not_cost_twice_each() {
        HistoryBatch batch = Records.execution("e", CopyPolicy.LARGE);
        standard.record(batch);

        for (int i = 0; i < 9; i++) {
            standard.record(batch);
        }

        assertThat(rollbacks()).isEqualTo(1);
    }

    @Test
    void a_log_is_tied_to_the_result_that_an_earlier_batch_brought() {
        copying.record(Records.running("e"));
        copying.record(Records.result("earlier", "e"));
        copying.record(Records.log("l1", "e", "later"));
        copying.record(HistoryBatch.builder()
                .add(Records.log("l2", "e", "earlier"))
                .add(Records.log("l3", "e", "later"))
                .add(Records.log("l4", "e"))
                .build());
        copying.record(Records.result("later", "e"));

        assertThat(database.query("select concat_ws(' ', id, node_result_id) from execution_logs order by id"))
                .containsExactly("l1 later", "l2 earlier", "l3 later", "l4");
        assertThat(WaySpy.ways(database)).hasSize(4).allMatch(way -> way.endsWith(" COPY"));
    }

    @Test
    void executions_go_in_the_order_of_their_ids_in_which_all_writers_insert() {
        copying.record(HistoryBatch.builder()
                .add(Records.running("\uFFFD"))
                .add(Records.running("😀"))
                .add(Records.running("b"))
                .add(Records.running("a"))
                .build());

        assertThat(database.query("select id from workflow_executions order by ctid"))
                .containsExactly("a", "b", "\uFFFD", "😀");
    }
}
