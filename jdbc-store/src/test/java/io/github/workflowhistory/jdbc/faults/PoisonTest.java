package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Records that the database can never take. */
class PoisonTest extends FaultTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void one_bad_record_in_five_thousand_costs_none_of_its_neighbours() {
        refusePoison();
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, inBatchesOf(5_000));
        Set<String> poison = new TreeSet<>();
        // Two batches, each with one bad record.
        for (int i = 0; i < 80; i++) {
            String id = "execution-" + i;
            recording.record(Workload.start(id));
            Workload.nodes(recording, id, 0, 40);
            if (i == 20 || i == 60) {
                recording.record(poison("poison-" + i, id));
                poison.add(RecordNames.result("poison-" + i));
            }
            recording.record(Workload.end(id));
        }
        recording.assertStoredOrRejected(server.dataSource(), poison);
        assertAreRefusedAsData(recording);
        // Starts and ends of executions are merged in it.
        assertThat(attempts.failures().get(0).size()).isGreaterThan(4_900);
        // 41 executions take 6 halvings, 123 records of one 7.
        assertThat(attempts.failures()).hasSizeLessThanOrEqualTo(2 * (1 + 6 + 7));
    }

    @Test
    void when_all_records_are_bad_each_is_refused_as_data_and_what_is_good_is_stored() {
        refusePoison();
        Attempts attempts = attempts();
        Recording recording = recordingTo(attempts, inBatchesOf(5_000));
        Set<String> poison = new TreeSet<>();
        for (int e = 0; e < 10; e++) {
            recording.record(Workload.start("execution-" + e));
            for (int i = 0; i < 25; i++) {
                String id = "poison-" + e + "-" + i;
                recording.record(poison(id, "execution-" + e));
                poison.add(RecordNames.result(id));
            }
            recording.record(Workload.end("execution-" + e));
        }
        recording.assertStoredOrRejected(server.dataSource(), poison);
        assertAreRefusedAsData(recording);
        assertThat(attempts.failures().get(0).size()).isEqualTo(10 * (1 + 25));
        assertThat(attempts.failures()).allMatch(failure -> failure.isOf("23514"));
    }

    /** Nothing is written before a batch is full or flushed. */
    private static PipelineSettings.Builder inBatchesOf(int records) {
        return settings().batchSize(records).linger(Duration.ofHours(1));
    }

    @Test
    void an_execution_of_an_unknown_user_is_refused_with_all_that_belongs_to_it() {
        Recording recording = recording(settings());
        recording.record(Workload.start("bad", UUID.randomUUID()));
        try (Background others = Workload.executions(recording, 2, 10, 8)) {
            Workload.nodes(recording, "bad", 0, 30);
            recording.record(Workload.end("bad"));
            others.await();
        }
        recording.settle();
        assertThat(recording.rejections().names()).hasSize(2 + 3 * 30).allMatch(name -> name.contains("bad"));
        recording.assertStoredOrRejected(
                server.dataSource(), recording.rejections().names());
    }

    @Test
    void a_string_of_three_hundred_megabytes_costs_none_of_its_neighbours() {
        // It is in memory several times over: as text, as JSON, and as what the driver sends.
        Assumptions.assumeTrue(Runtime.getRuntime().maxMemory() > 3L << 30, "needs a heap of 3 GB");
        Recording recording = recordingTo(server.dataSource(), settings().capacityBytes(1L << 30));
        String quoted = '"' + "x".repeat(300 << 20) + '"';
        NodeResult huge = new NodeResult(
                "huge",
                "neighbour-of-huge",
                "node",
                "Node",
                NodeStatus.SUCCESS,
                Json.parse(quoted),
                null,
                null,
                AT,
                null,
                1);
        try (Background others = Workload.executions(recording, 2, 10, 8)) {
            recording.record(Workload.start("neighbour-of-huge"));
            Workload.nodes(recording, "neighbour-of-huge", 0, 5);
            recording.record(huge);
            Workload.nodes(recording, "neighbour-of-huge", 5, 10);
            recording.record(Workload.end("neighbour-of-huge"));
            others.await();
        }
        recording.assertStoredOrRejected(server.dataSource(), Set.of(RecordNames.result("huge")));
        assertAreRefusedAsData(recording);
    }

    private void refusePoison() {
        server.execute("alter table public.node_execution_results add constraint no_poison"
                + " check (node_name <> 'poison')");
        closedAtEnd(() -> server.execute("alter table public.node_execution_results drop constraint no_poison"));
    }

    private static NodeResult poison(String id, String executionId) {
        return NodeResult.of(id, executionId, "poison", NodeStatus.SUCCESS, AT);
    }

    private static void assertAreRefusedAsData(Recording recording) {
        assertThat(recording.rejections().causes())
                .isNotEmpty()
                .allSatisfy(cause ->
                        assertThat(((HistoryStoreException) cause).kind()).isEqualTo(Kind.DATA));
    }
}
