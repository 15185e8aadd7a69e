package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An execution goes while it runs, with a thousand of its records still to come. */
class DeletedWhileRecordingTest extends FaultTest {
    private static final String DELETED = "deleted";
    /** Before the deletion: the start and three for each node. */
    private static final int NODES_BEFORE = 10;
    /** After it: three for each node, and the end. */
    private static final int NODES_AFTER = 333;

    @Test
    void what_comes_for_a_deleted_execution_is_rejected_and_others_are_unharmed() {
        recordWhile(null, "delete from public.workflow_executions where id = '" + DELETED + "'");
    }

    @Test
    void what_comes_for_an_execution_of_a_deleted_user_is_rejected_and_others_are_unharmed() {
        UUID user = UUID.randomUUID();
        server.execute("insert into public.users (id) values ('" + user + "')");
        recordWhile(user, "delete from public.users where id = '" + user + "'");
    }

    private void recordWhile(UUID user, String deletion) {
        Recording recording = recording(settings());
        recording.record(Workload.start(DELETED, user));
        Workload.nodes(recording, DELETED, 0, NODES_BEFORE);
        try (Background others = Workload.executions(recording, 2, 30, 8)) {
            recording.settle();
            long rejectedBefore = recording.stats().rejected();
            server.execute(deletion);
            Workload.nodes(recording, DELETED, NODES_BEFORE, NODES_BEFORE + NODES_AFTER);
            recording.record(Workload.end(DELETED));
            others.await();
            assertThat(rejectedBefore).isZero();
        }
        recording.settle();

        assertThat(recording.stats().rejected()).isEqualTo(3 * NODES_AFTER + 1);
        assertThat(recording.rejections().names()).hasSize(3 * NODES_AFTER + 1);
        assertThat(recording.rejections().causes()).hasOnlyElementsOfType(UnknownExecutionException.class);
        recording.emitted().deleted(DELETED);
        Emitted.Found found = recording.emitted().compare(StoredRows.read(server.dataSource()));
        assertThat(found.missing()).isEmpty();
        assertThat(recording.stats().stored()).isEqualTo(found.stored() + 1 + 3 * NODES_BEFORE);
    }

    @Test
    void an_execution_that_is_deleted_in_the_middle_of_its_records_leaves_none_behind() {
        Recording recording = recording(settings());
        try (Background others = Workload.executions(recording, 2, 30, 8);
                Background host = Background.start(() -> Workload.execution(recording, DELETED, NODES_AFTER))) {
            Await.until(
                    "the execution is there",
                    () -> !server.query(
                                    "delete from public.workflow_executions where id = '" + DELETED + "' returning id")
                            .isEmpty());
            host.await();
            others.await();
        }
        recording.settle();

        recording.emitted().deleted(DELETED);
        Emitted.Found found = recording.emitted().compare(StoredRows.read(server.dataSource()));
        assertThat(found.missing()).isEmpty();
        assertThat(recording.rejections().names())
                .allSatisfy(name -> assertThat(name).contains(DELETED))
                .hasSize((int) recording.stats().rejected());
        assertThat(recording.stats().dropped()).isZero();
    }
}
