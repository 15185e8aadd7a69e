package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever text of a record holds an id of somebody else, nothing of that other user changes or comes to light. */
class IdsOfOthersTest {
    private static final List<Class<? extends Record>> RECORDED =
            List.of(WorkflowExecution.class, ExecutionChange.class, NodeResult.class, ExecutionLog.class);
    private static final List<String> IDS_OF_ADA = List.of("ada", "ada-result", "ada-log");

    private static TwoUsers users;
    private static HikariDataSource login;

    @BeforeAll
    static void install() {
        users = new TwoUsers("ids_of_others");
        login = TestPools.pool(users.dataSource(), 1, true);
    }

    @AfterAll
    static void drop() {
        login.close();
        users.close();
    }

    @TestFactory
    Stream<DynamicTest> each_text_of_each_record_with_each_id() {
        return RECORDED.stream()
                .flatMap(type -> HostileRecords.texts(type).stream()
                        .flatMap(component -> IDS_OF_ADA.stream()
                                .map(id -> DynamicTest.dynamicTest(
                                        type.getSimpleName() + "." + component.getName() + " is " + id,
                                        () -> tryIt(type, component, id)))));
    }

    /** Otherwise all of them might be refused for another reason. */
    @TestFactory
    Stream<DynamicTest> the_same_with_ids_of_ones_own_is_stored() {
        return RECORDED.stream()
                .map(type -> DynamicTest.dynamicTest(type.getSimpleName(), () -> {
                    users.refill();
                    String before = users.stored("bob") + users.stored("new");
                    Record record =
                            HostileRecords.of(type, users.bob, name -> name.equals("executionId") ? "bob" : "new");

                    JdbcExecutionStore.create(login).actingAs(users.bob).record(batchOf(record));

                    assertThat(users.stored("bob") + users.stored("new"))
                            .isNotEqualTo(before)
                            .contains("new");
                }));
    }

    private static void tryIt(Class<? extends Record> type, RecordComponent component, String id) {
        users.refill();
        String ofAda = users.stored("ada");
        ExecutionStore bob = JdbcExecutionStore.create(login).actingAs(users.bob);
        for (UUID named : List.of(users.bob, users.ada)) {
            Record record = HostileRecords.of(type, named, name -> {
                if (name.equals(component.getName())) {
                    return id;
                }
                return name.equals("executionId") ? "bob" : "new";
            });
            try {
                bob.record(batchOf(record));
            } catch (HistoryStoreException e) {
                assertThat(e.getMessage()).doesNotContain("secret of ada");
            }
        }

        assertThat(users.stored("ada")).isEqualTo(ofAda).contains("secret of ada");
        assertThat(users.database.value("""
                select count(*) from execution_logs as l join node_execution_results as r on r.id = l.node_result_id
                where l.execution_id <> r.execution_id""")).isEqualTo("0");
        assertThat(bob.findDetails("bob").toString()).doesNotContain("secret of ada");
        assertThat(bob.findDetails("ada")).isEmpty();
    }

    private static HistoryBatch batchOf(Record record) {
        HistoryBatch.Builder batch = HistoryBatch.builder();
        if (record instanceof WorkflowExecution execution) {
            batch.add(execution);
        } else if (record instanceof ExecutionChange change) {
            batch.add(change);
        } else if (record instanceof NodeResult result) {
            batch.add(result);
        } else if (record instanceof ExecutionLog log) {
            batch.add(log);
        }
        assertThat(batch.build().size()).isEqualTo(1);
        return batch.build();
    }
}
