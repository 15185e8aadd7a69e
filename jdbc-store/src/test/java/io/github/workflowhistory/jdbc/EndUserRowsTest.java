package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.IdConflictException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A store that acts as a user reaches that user's rows, and nobody else's, by none of its methods. */
class EndUserRowsTest {
    private static TwoUsers users;
    private static HikariDataSource pool;
    private static JdbcExecutionStore store;

    @BeforeAll
    static void open() {
        users = new TwoUsers("end_user_rows");
        pool = TestPools.pool(users.dataSource(), 1, true);
        store = JdbcExecutionStore.create(pool);
    }

    @AfterAll
    static void close() {
        pool.close();
        users.close();
    }

    /** Something that is tried with the execution of somebody. */
    private interface Trial {
        Object of(ExecutionStore store, String id, UUID owner);
    }

    /** By method; all but the last two reach rows when they are the user's own. */
    private static Map<String, List<Trial>> trials() {
        Map<String, List<Trial>> trials = new LinkedHashMap<>();
        trials.put("findExecution(String)", List.of((store, id, owner) -> store.findExecution(id)));
        trials.put("findDetails(String)", List.of((store, id, owner) -> store.findDetails(id)));
        trials.put(
                "listExecutions(ExecutionQuery)",
                List.of(
                        (store, id, owner) -> listed(store, id, ExecutionQuery.all()),
                        (store, id, owner) ->
                                listed(store, id, ExecutionQuery.all().ofWorkflow("import-orders")),
                        (store, id, owner) ->
                                listed(store, id, new ExecutionQuery(owner, null, ExecutionQuery.MAX_LIMIT))));
        trials.put(
                "listLogs(LogQuery)",
                List.of(
                        (store, id, owner) -> store.listLogs(LogQuery.ofExecution(id)),
                        (store, id, owner) ->
                                store.listLogs(LogQuery.ofExecution(id).ofNodeRun(id + "-result"))));
        trials.put("deleteExecution(String)", List.of((store, id, owner) -> store.deleteExecution(id)));
        trials.put(
                "record(HistoryBatch)",
                List.of(
                        (store, id, owner) -> recorded(() -> store.record(TwoUsers.execution(id, owner))),
                        (store, id, owner) -> recorded(() -> store.record(TwoUsers.execution("new", owner))),
                        (store, id, owner) -> recorded(() -> store.record(HistoryBatch.builder()
                                .add(Records.log("another", id))
                                .add(Records.result("another", id))
                                .add(end(id))
                                .build()))));
        trials.put(
                "record(WorkflowExecution)",
                List.of(
                        (store, id, owner) -> recorded(() -> store.record(TwoUsers.running(id, owner))),
                        (store, id, owner) -> recorded(() -> store.record(TwoUsers.running("new", owner)))));
        trials.put("record(ExecutionChange)", List.of((store, id, owner) -> recorded(() -> store.record(end(id)))));
        trials.put(
                "record(NodeResult)",
                List.of(
                        (store, id, owner) -> recorded(() -> store.record(Records.result("another", id))),
                        (store, id, owner) -> recorded(() -> store.record(Records.result(id + "-result", id)))));
        trials.put(
                "record(ExecutionLog)",
                List.of(
                        (store, id, owner) -> recorded(() -> store.record(Records.log("another", id))),
                        (store, id, owner) -> recorded(() -> store.record(Records.log("another", id, id + "-result"))),
                        (store, id, owner) -> recorded(() -> store.record(Records.log(id + "-log", id)))));
        trials.put("flush(Duration)", List.of((store, id, owner) -> !store.flush(Duration.ofSeconds(1))));
        trials.put("leases()", List.of((store, id, owner) -> store.leases()));
        trials.put(
                "actingUser()", List.of((store, id, owner) -> store.actingUser().isEmpty()));
        return trials;
    }

    private static final List<String> WITHOUT_ROWS = List.of("flush(Duration)", "leases()", "actingUser()");

    private static ExecutionChange end(String id) {
        return ExecutionChange.ended(id, ExecutionStatus.FAILED, Records.at(900))
                .withFinalOutput(Json.of("forged"));
    }

    private static List<ExecutionSummary> listed(ExecutionStore store, String id, ExecutionQuery query) {
        return store.listExecutions(query).stream()
                .filter(execution -> execution.id().equals(id))
                .toList();
    }

    private static boolean recorded(Runnable recording) {
        recording.run();
        return true;
    }

    private static boolean reaches(Trial trial, ExecutionStore store, String id, UUID owner) {
        Object outcome;
        try {
            outcome = trial.of(store, id, owner);
        } catch (HistoryStoreException e) {
            assertThat(e.kind()).isEqualTo(HistoryStoreException.Kind.DATA);
            return false;
        }
        return !outcome.equals(false) && !outcome.equals(Optional.empty()) && !outcome.equals(List.of());
    }

    @Test
    void every_method_of_a_store_is_tried() {
        assertThat(trials().keySet())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ExecutionStore.class.getMethods())
                        .map(EndUserRowsTest::signature)
                        .toList());
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    @TestFactory
    Stream<DynamicTest> a_user_reaches_what_is_its_own() {
        return each((trial, reachesRows) -> {
            assertThat(reaches(trial, store.actingAs(users.ada), "ada", users.ada))
                    .isEqualTo(reachesRows);
            users.refill();
            assertThat(reaches(trial, store.actingAs(users.bob), "bob", users.bob))
                    .isEqualTo(reachesRows);
        });
    }

    @TestFactory
    Stream<DynamicTest> a_user_reaches_nothing_of_others_and_nothing_of_nobody() {
        return each((trial, reachesRows) -> {
            String ofAda = users.stored("ada");
            String ofBob = users.stored("bob");
            String ofNobody = users.stored("nobody");

            assertThat(reaches(trial, store.actingAs(users.bob), "ada", users.ada))
                    .isFalse();
            assertThat(reaches(trial, store.actingAs(users.ada), "bob", users.bob))
                    .isFalse();
            assertThat(reaches(trial, store.actingAs(UUID.randomUUID()), "bob", users.bob))
                    .isFalse();
            assertThat(reaches(trial, store.actingAs(users.ada), "nobody", null))
                    .isFalse();

            assertThat(users.stored("ada")).isEqualTo(ofAda).contains("secret of ada");
            assertThat(users.stored("bob")).isEqualTo(ofBob).contains("secret of bob");
            assertThat(users.stored("nobody")).isEqualTo(ofNobody).contains("secret of nobody");
            assertThat(users.stored("new")).isEmpty();
        });
    }

    private interface Check {
        void of(Trial trial, boolean reachesRows);
    }

    private static Stream<DynamicTest> each(Check check) {
        return trials().entrySet().stream()
                .flatMap(method -> Stream.iterate(0, i -> i < method.getValue().size(), i -> i + 1)
                        .map(i -> DynamicTest.dynamicTest(method.getKey() + ", trial " + (i + 1), () -> {
                            users.refill();
                            check.of(method.getValue().get(i), !WITHOUT_ROWS.contains(method.getKey()));
                        })));
    }

    @Test
    void a_refusal_says_as_whom_the_store_acts_and_what_it_may_record() {
        users.refill();
        ExecutionStore acting = store.actingAs(users.ada);

        for (UUID other : Arrays.asList(users.bob, null)) {
            HistoryStoreException refusal = catchThrowableOfType(
                    HistoryStoreException.class, () -> acting.record(TwoUsers.running("new", other)));
            assertThat(refusal)
                    .hasMessageContaining("Row level security allows each end user only rows of that user's own")
                    .hasMessageContaining("the store acts as user " + users.ada);
        }
    }

    @Test
    void an_id_that_another_user_has_is_taken_and_shows_nothing_more() {
        users.refill();
        ExecutionStore acting = store.actingAs(users.bob);

        for (HistoryBatch taken : List.of(
                HistoryBatch.builder().add(TwoUsers.running("ada", users.bob)).build(),
                HistoryBatch.builder().add(Records.result("ada-result", "bob")).build(),
                HistoryBatch.builder().add(Records.log("ada-log", "bob")).build())) {
            assertThat(catchThrowable(() -> acting.record(taken)))
                    .isInstanceOf(IdConflictException.class)
                    .hasMessageNotContaining("secret")
                    .hasMessageNotContaining(users.ada.toString());
        }
    }

    @Test
    void a_log_entry_that_names_a_node_run_of_another_user_is_not_tied_to_it() {
        users.refill();
        ExecutionStore acting = store.actingAs(users.bob);

        acting.record(Records.log("l", "bob", "ada-result"));

        assertThat(acting.listLogs(LogQuery.ofExecution("bob").ofNodeRun("ada-result")))
                .containsExactly(Records.log("l", "bob", "ada-result"));
        assertThat(users.database.value("select node_result_id is null from execution_logs where id = 'l'"))
                .isEqualTo("t");
        assertThat(store.actingAs(users.ada)
                        .listLogs(LogQuery.ofExecution("ada").ofNodeRun("ada-result")))
                .hasSize(1);
    }

    @Test
    void a_login_role_that_may_do_nothing_itself_suffices() {
        users.refill();
        String role = "wh_bare_" + UUID.randomUUID().toString().replace("-", "");
        users.database.execute(
                "create role %s login noinherit password 'secret' in role authenticated".formatted(role));
        try {
            JdbcExecutionStore bare = JdbcExecutionStore.create(users.database.dataSource(role, "secret"));
            assertThat(catchThrowable(() -> bare.findExecution("ada"))).hasMessageContaining("permission denied");

            ExecutionStore acting = bare.actingAs(users.ada);
            acting.record(TwoUsers.execution("new", users.ada));

            assertThat(acting.listExecutions(ExecutionQuery.all()))
                    .extracting(ExecutionSummary::id)
                    .containsExactly("new", "ada");
            assertThat(acting.findDetails("new")).isPresent();
            assertThat(acting.deleteExecution("new")).isTrue();
            assertThat(acting.deleteExecution("bob")).isFalse();
        } finally {
            users.database.execute("drop role " + role);
        }
    }

    @Test
    void in_another_schema() {
        try (TwoUsers others = new TwoUsers("end_user_schema")) {
            TestDatabase weird = others.database.inSchema("We \"ird'").install();
            weird.execute("grant usage on schema %s to authenticated, service_role".formatted(weird.schema()));
            UUID user = weird.newUser();
            JdbcExecutionStore inSchema = weird.store(others.dataSource());

            inSchema.actingAs(user).record(TwoUsers.execution("e", user));

            assertThat(inSchema.actingAs(user).findDetails("e")).isPresent();
            assertThat(inSchema.actingAs(others.ada).findDetails("e")).isEmpty();
            assertThat(inSchema.findDetails("e")).isPresent();
            assertThat(others.stored("e")).isEmpty();
        }
    }
}
