package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionLeases;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A text is a text, whatever it would mean as SQL, as a parameter marker, in a COPY or in a template. */
class SqlInStringsTest {
    static final List<String> HOSTILE = List.of(
            "'); drop table public.execution_logs cascade; --",
            "' or '1' = '1",
            "\\'; delete from public.workflow_executions; --",
            "\"; drop schema public cascade; --",
            "$$; truncate public.workflow_executions cascade; $$",
            "$workflow_history_part_2$; select 1/0; --",
            "*/ ; delete from public.execution_logs; /*",
            "? ?? $1 :id :execution_id <id> {schema} {} %s %n ${jndi:x}",
            "{\"sub\": \"x\"}, {a,b}, \\N \\. \\x00",
            "line one\r\nline two\tafter a tab\u2028after a separator");

    private static TwoUsers users;
    private static HikariDataSource owner;
    private static HikariDataSource login;

    @BeforeAll
    static void install() {
        users = new TwoUsers("sql_in_strings");
        WaySpy.install(users.database);
        owner = TestPools.pool(users.database.dataSource(), 1, true);
        login = TestPools.pool(users.dataSource(), 1, true);
    }

    @AfterAll
    static void drop() {
        owner.close();
        login.close();
        users.close();
    }

    @BeforeEach
    void refill() {
        users.refill();
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void as_the_owner(String hostile) {
        everywhere(users.database.store(owner), users.ada, hostile);
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void by_copy(String hostile) {
        WaySpy.clear(users.database);
        everywhere(
                JdbcExecutionStore.builder(owner)
                        .copyPolicy(CopyPolicy.always())
                        .build(),
                users.ada,
                hostile);

        assertThat(WaySpy.waysOfExecutions(users.database)).contains("COPY");
        assertThat(WaySpy.ways(users.database)).contains("node_execution_results COPY", "execution_logs COPY");
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void as_an_end_user(String hostile) {
        everywhere(JdbcExecutionStore.create(login).actingAs(users.ada), users.ada, hostile);
    }

    private static void everywhere(ExecutionStore store, UUID user, String hostile) {
        String others = users.stored("ada") + users.stored("bob") + users.stored("nobody");

        storesAndReads(store, user, hostile);
        callsEveryMethod(store, user, hostile);

        assertThat(store.findExecution(hostile)).as("deleted, as the last call").isEmpty();
        assertThat(users.stored("ada") + users.stored("bob") + users.stored("nobody"))
                .as("rows that were not named")
                .isEqualTo(others)
                .contains("secret of ada", "secret of bob", "secret of nobody");
    }

    /** Every text of every record, each read back as it was. */
    private static void storesAndReads(ExecutionStore store, UUID user, String hostile) {
        WorkflowExecution execution = HostileRecords.of(WorkflowExecution.class, user, name -> hostile);
        NodeResult result = HostileRecords.of(NodeResult.class, user, name -> hostile);
        ExecutionLog log = HostileRecords.of(ExecutionLog.class, user, name -> hostile);
        store.record(HistoryBatch.builder().add(execution).add(result).add(log).build());

        ExecutionDetails details = store.findDetails(hostile).orElseThrow();
        assertThat(details.execution()).isEqualTo(execution);
        assertThat(details.nodeResults()).containsExactly(result);
        assertThat(details.logs()).containsExactly(log);

        // What ran has no error and no output that this would write over.
        store.deleteExecution(hostile);
        store.record(WorkflowExecution.running(hostile, hostile, user, Records.START));
        ExecutionChange change = HostileRecords.of(ExecutionChange.class, user, name -> hostile);
        store.record(change);
        WorkflowExecution ended = store.findExecution(hostile).orElseThrow();
        assertThat(ended.error()).isEqualTo(hostile);
        assertThat(ended.finalOutput()).isEqualTo(Json.of(hostile));
        store.deleteExecution(hostile);
    }

    /** Every method of the interface, each text of its parameters hostile; deleting comes last. */
    private static void callsEveryMethod(ExecutionStore store, UUID user, String hostile) {
        Arrays.stream(ExecutionStore.class.getMethods())
                .sorted(Comparator.comparingInt(SqlInStringsTest::turn))
                .forEach(method -> call(store, method, user, hostile));
        store.leases()
                .ifPresent(leases -> Arrays.stream(ExecutionLeases.class.getMethods())
                        .forEach(method -> call(leases, method, user, hostile)));
        store.deleteExecution(hostile);
    }

    private static int turn(Method method) {
        if (method.getName().equals("record")) {
            return method.getParameterTypes()[0] == HistoryBatch.class ? 0 : 1;
        }
        return method.getName().startsWith("delete") ? 3 : 2;
    }

    private static void call(Object target, Method method, UUID user, String hostile) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> argument(type, user, hostile))
                .toArray();
        try {
            method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method + " with " + hostile, e);
        }
    }

    private static Object argument(Class<?> type, UUID user, String hostile) {
        if (type == String.class) {
            return hostile;
        } else if (type == HistoryBatch.class) {
            return HistoryBatch.builder()
                    .add(HostileRecords.of(WorkflowExecution.class, user, name -> hostile))
                    .build();
        } else if (type == Duration.class) {
            return Duration.ofDays(1);
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        } else if (type.isRecord()) {
            return HostileRecords.of(type, user, name -> hostile);
        }
        throw new AssertionError("add an argument for " + type);
    }
}
