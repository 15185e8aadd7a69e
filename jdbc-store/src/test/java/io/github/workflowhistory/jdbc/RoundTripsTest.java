package io.github.workflowhistory.jdbc;

import static io.github.workflowhistory.jdbc.FlushCountingSocketFactory.roundTrips;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** How often the driver waits for an answer of the server, the commit included: never once per row. */
class RoundTripsTest {
    private static TestDatabase database;
    private static HikariDataSource pool;
    private static JdbcExecutionStore store;
    private static JdbcExecutionStore copying;

    @BeforeAll
    static void open() {
        database = TestDatabase.create("round_trips").install();
        PGSimpleDataSource connections = database.dataSource();
        connections.setSocketFactory(FlushCountingSocketFactory.class.getName());
        HikariConfig config = new HikariConfig();
        config.setDataSource(connections);
        config.setMaximumPoolSize(1);
        pool = new HikariDataSource(config);
        store = JdbcExecutionStore.builder(pool)
                .statementTimeout(Duration.ofSeconds(30))
                .lockTimeout(Duration.ofSeconds(10))
                .copyLargeBatches(false)
                .build();
        copying =
                JdbcExecutionStore.builder(pool).copyPolicy(CopyPolicy.always()).build();
        copying.record(Records.execution("looks into the catalog", 1));
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void new_executions_with_their_records_take_one_for_each_table_and_the_commit(int size) {
        HistoryBatch.Builder batch = HistoryBatch.builder();
        IntStream.range(0, size / 10).forEach(i -> batch.addAll(Records.execution("e" + i, 5)));

        assertThat(roundTrips(() -> store.record(batch.build()))).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void the_rest_of_older_executions_takes_one_more_to_lock(int size) {
        HistoryBatch.Builder first = HistoryBatch.builder();
        HistoryBatch.Builder rest = HistoryBatch.builder();
        IntStream.range(0, size / 10).forEach(i -> {
            first.add(Records.running("e" + i));
            rest.addAll(Records.rest("e" + i, 5));
        });
        store.record(first.build());

        // lock, update with node results, link of older logs with logs, commit
        assertThat(roundTrips(() -> store.record(rest.build()))).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void the_same_batch_again_takes_a_check_for_each_table(int size) {
        HistoryBatch.Builder batch = HistoryBatch.builder();
        IntStream.range(0, size / 10).forEach(i -> batch.addAll(Records.execution("e" + i, 5)));
        store.record(batch.build());

        // insert and lock, node results and their check, logs and their check, commit
        assertThat(roundTrips(() -> store.record(batch.build()))).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void copy_takes_one_more_for_each_table_and_one_to_open_the_transaction(int size) {
        HistoryBatch.Builder first = HistoryBatch.builder();
        HistoryBatch.Builder rest = HistoryBatch.builder();
        IntStream.range(0, size / 10).forEach(i -> {
            first.addAll(Records.execution("e" + i, 2));
            rest.add(Records.ended("e" + i));
            rest.add(Records.result("later-result-" + i, "e" + i));
            rest.add(Records.log("later-log-" + i, "e" + i, "e" + i + "-result-0"));
        });

        // lock, three times two, commit
        assertThat(roundTrips(() -> copying.record(first.build()))).isEqualTo(8);
        // lock, twice two, between them update, link of older logs and look at the runs together, commit
        assertThat(roundTrips(() -> copying.record(rest.build()))).isEqualTo(7);
    }

    @Test
    void one_log_of_a_run_that_goes_on_takes_three() {
        store.record(Records.running("e"));

        // lock, log with the look at its run, commit
        assertThat(roundTrips(() -> store.record(Records.log("l", "e", "run")))).isEqualTo(3);
    }

    @Test
    void every_way_of_reading_takes_one() {
        store.record(Records.execution("e", 100));

        assertThat(roundTrips(() -> store.findExecution("e"))).isEqualTo(1);
        assertThat(roundTrips(() -> store.findDetails("e"))).isEqualTo(1);
        assertThat(roundTrips(() -> store.findDetails("none"))).isEqualTo(1);
        assertThat(roundTrips(() -> store.listExecutions(ExecutionQuery.all().ofWorkflow("import-orders"))))
                .isEqualTo(1);
        assertThat(roundTrips(() -> store.listLogs(
                        LogQuery.ofExecution("e").ofNodeRun("e-result-1").atLeast(LogLevel.WARN))))
                .isEqualTo(1);
    }

    @Test
    void acting_as_a_user_takes_none_of_its_own() {
        UUID user = database.newUser();
        ExecutionStore acting = store.actingAs(user);
        HistoryBatch batch = HistoryBatch.builder()
                .add(WorkflowExecution.running("e", "import-orders", user, Records.START))
                .add(Records.result("r", "e"))
                .add(Records.log("l", "e"))
                .build();

        assertThat(roundTrips(() -> acting.record(batch))).isEqualTo(4);
        assertThat(roundTrips(() -> acting.record(Records.log("m", "e")))).isEqualTo(3);
        assertThat(roundTrips(() -> acting.findExecution("e"))).isEqualTo(1);
        assertThat(roundTrips(() -> acting.findDetails("e"))).isEqualTo(1);
        assertThat(roundTrips(() -> acting.listExecutions(ExecutionQuery.all())))
                .isEqualTo(1);
        assertThat(roundTrips(() -> acting.listLogs(LogQuery.ofExecution("e")))).isEqualTo(1);
        assertThat(roundTrips(() -> acting.deleteExecution("e"))).isEqualTo(2);
    }

    @Test
    void deleting_takes_one_and_the_commit() {
        store.record(Records.execution("e", 100));

        assertThat(roundTrips(() -> store.deleteExecution("e"))).isEqualTo(2);
    }

    @Test
    void leases_take_one_and_ending_what_is_abandoned_one_more_for_the_time() {
        store.record(Records.execution("e", 100));
        ExecutionLeases leases = store.leases().orElseThrow();

        assertThat(roundTrips(() -> leases.renew("recorder"))).isEqualTo(1);
        assertThat(roundTrips(() -> leases.takeOver("e", "recorder"))).isEqualTo(1);
        assertThat(roundTrips(() -> leases.release("e", "recorder"))).isEqualTo(1);
        assertThat(roundTrips(() -> leases.endAbandoned(Duration.ZERO))).isEqualTo(2);
    }

    @Test
    void a_schema_that_is_current_takes_one_to_install_and_one_to_verify() {
        WorkflowSchema schema = WorkflowSchema.of(pool);

        assertThat(roundTrips(schema::install)).isEqualTo(1);
        assertThat(roundTrips(schema::verify)).isEqualTo(1);
        assertThat(roundTrips(() -> JdbcExecutionStore.builder(pool)
                        .schemaMode(SchemaMode.TRUST)
                        .build()))
                .isZero();
        assertThat(roundTrips(() -> JdbcExecutionStore.builder(pool)
                        .schemaMode(SchemaMode.VERIFY)
                        .build()))
                .isEqualTo(1);
    }

    @Test
    void an_empty_batch_takes_none() {
        assertThat(roundTrips(() -> store.record(HistoryBatch.builder().build())))
                .isZero();
    }
}
