package io.github.workflowhistory.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import io.github.workflowhistory.store.ExecutionStore;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A suite that nothing can fail proves nothing: each broken store must be refused, by the tests of its rule. */
class ContractCanFailTest {

    private static Supplier<ExecutionStore> storeUnderTest = DelegatingStore::new;

    /** The contract on the store of the test that runs. */
    static class TheContract extends ExecutionStoreContract {
        @Override
        protected ExecutionStore createStore() {
            return storeUnderTest.get();
        }
    }

    static List<Arguments> broken_stores() {
        return List.of(
                broken(
                        BrokenStores.NotAtomic::new,
                        ExecutionStoreContract.Rule01Atomic.class,
                        "a_node_result_of_an_unknown_execution_undoes_the_whole_batch",
                        "a_log_id_that_is_taken_undoes_the_whole_batch"),
                broken(
                        BrokenStores.NotIdempotent::new,
                        ExecutionStoreContract.Rule02Idempotent.class,
                        "the_same_batch_again_changes_nothing",
                        "a_whole_life_can_be_repeated_in_any_order"),
                broken(
                        BrokenStores.LastStatusWins::new,
                        ExecutionStoreContract.Rule03StatusesMoveForward.class,
                        "a_terminal_execution_never_reopens",
                        "the_first_terminal_status_wins"),
                broken(
                        BrokenStores.LastStatusWins::new,
                        ExecutionStoreContract.Rule03TransitionTable.class,
                        "a_change_has_the_effect_of_the_transition_table"),
                broken(
                        BrokenStores.PutInsteadOfMerge::new,
                        ExecutionStoreContract.Rule03TransitionTable.class,
                        "an_execution_recorded_again_in_another_state_has_the_same_effect"),
                broken(
                        BrokenStores.LastStatusWins::new,
                        ExecutionStoreContract.Rule12Races.class,
                        "of_two_different_ends_at_once_one_wins_whole"),
                broken(
                        BrokenStores.Resurrecting::new,
                        ExecutionStoreContract.Rule05ParentsFirst.class,
                        "a_deleted_execution_is_never_resurrected_by_what_arrives_late",
                        "a_change_never_creates_an_execution"),
                broken(
                        BrokenStores.IgnoringConflicts::new,
                        ExecutionStoreContract.Rule07IdConflicts.class,
                        "an_execution_of_another_workflow_cannot_have_the_same_id",
                        "a_node_result_of_another_execution_cannot_have_the_same_id",
                        "a_log_entry_cannot_name_a_node_run_of_another_execution"),
                broken(
                        BrokenStores.DroppingLinks::new,
                        ExecutionStoreContract.Rule08LogsOfNodeRuns.class,
                        "a_log_entry_can_come_before_the_result_of_its_node_run",
                        "a_log_entry_whose_node_run_never_ends_is_still_found"),
                broken(
                        BrokenStores.JsonNullIsNone::new,
                        ExecutionStoreContract.Rule09AnyJson.class,
                        "json_null_and_no_payload_are_different"),
                broken(
                        BrokenStores.StringOrder::new,
                        ExecutionStoreContract.Rule10Order.class,
                        "equal_times_are_read_in_the_order_of_the_bytes_of_their_ids"),
                broken(
                        BrokenStores.Milliseconds::new,
                        ExecutionStoreContract.Rule10Times.class,
                        "every_instant_comes_back_to_the_microsecond"),
                broken(
                        BrokenStores.LeavingOrphans::new,
                        ExecutionStoreContract.Rule11Deletion.class,
                        "deleting_an_execution_deletes_everything_that_belongs_to_it"),
                broken(
                        BrokenLeases.EndingWhatItSawBefore::new,
                        ExecutionStoreContract.LeasesRaces.class,
                        "an_execution_that_ends_meanwhile_keeps_its_real_end",
                        "a_recorder_that_comes_back_meanwhile_keeps_what_it_then_still_has",
                        "an_execution_that_is_taken_over_meanwhile_is_alive",
                        "an_execution_that_is_released_meanwhile_may_wait"),
                broken(
                        BrokenLeases.MissingTheFirstHeartbeat::new,
                        ExecutionStoreContract.LeasesAbandonment.class,
                        "an_execution_whose_recorder_never_renewed_its_lease_counts_from_its_start"),
                broken(
                        BrokenLeases.EndingWithoutRecorder::new,
                        ExecutionStoreContract.LeasesAbandonment.class,
                        "an_execution_that_names_no_recorder_is_left_alone"),
                broken(
                        BrokenLeases.LeasedOnly::new,
                        ExecutionStoreContract.LeasesAbandonment.class,
                        "executions_that_name_no_recorder_are_ended_when_asked_for"),
                broken(
                        BrokenLeases.ReleasingForAnybody::new,
                        ExecutionStoreContract.Leases.class,
                        "only_the_recorder_that_has_an_execution_can_release_it",
                        "an_execution_that_ended_or_does_not_exist_cannot_be_released",
                        "an_execution_that_was_taken_over_is_no_longer_to_be_released_by_whoever_had_it"),
                broken(
                        BrokenLeases.KeepingWhatIsReleased::new,
                        ExecutionStoreContract.Leases.class,
                        "an_execution_that_was_released_may_wait_for_as_long_as_it_takes",
                        "an_execution_that_was_released_can_come_under_a_lease_by_a_change"),
                broken(
                        BrokenLeases.TakingOverTheDead::new,
                        ExecutionStoreContract.Leases.class,
                        "an_execution_that_ended_or_does_not_exist_cannot_be_taken_over",
                        "an_execution_that_was_abandoned_cannot_be_taken_over"),
                broken(
                        BrokenLeases.AbandonedForEver::new,
                        ExecutionStoreContract.LeasesAbandonment.class,
                        "the_real_end_replaces_the_end_of_an_abandoned_execution",
                        "after_a_take_over_the_real_end_is_that_of_the_recorder_that_has_the_execution"),
                broken(
                        BrokenLeases.ForgettingTheLiving::new,
                        ExecutionStoreContract.Leases.class,
                        "a_lease_without_executions_is_kept_for_those_to_come"),
                broken(
                        BrokenStores.DroppingLinks::new,
                        ExecutionStoreContract.RandomSequences.class,
                        "a_random_sequence_reads_the_same_as_in_memory"));
    }

    private static Arguments broken(Supplier<ExecutionStore> store, Class<?> group, String... tests) {
        String name = store.get().getClass().getSimpleName() + " by " + group.getSimpleName();
        return Arguments.argumentSet(name, store, group, List.of(tests));
    }

    @ParameterizedTest
    @MethodSource("broken_stores")
    void a_store_that_breaks_a_rule_is_refused(Supplier<ExecutionStore> store, Class<?> group, List<String> tests) {
        storeUnderTest = store;

        SuiteRun run = SuiteRun.of(selectNestedClass(List.of(TheContract.class), group));

        assertThat(run.failures()).containsKeys(tests.toArray(String[]::new));
    }

    @Test
    void a_store_without_leases_passes_and_its_missing_capability_is_reported_as_skipped() {
        storeUnderTest = DelegatingStore::new;

        SuiteRun run = SuiteRun.of(selectClass(TheContract.class));

        assertThat(run.failures()).isEmpty();
        assertThat(run.succeeded()).isGreaterThan(500);
        assertThat(run.skipped())
                .hasSizeGreaterThan(10)
                .containsKey("the_real_end_replaces_the_end_of_an_abandoned_execution");
        assertThat(run.skipped().values())
                .allSatisfy(reason -> assertThat(reason).contains("capability ExecutionLeases"));
    }

    @Test
    void a_refusal_that_does_not_come_is_named_with_its_rule() {
        Map<String, Throwable> conflicts =
                failures(BrokenStores.IgnoringConflicts::new, ExecutionStoreContract.Rule07IdConflicts.class);
        assertThat(conflicts.get("a_log_entry_cannot_name_a_node_run_of_another_execution"))
                .hasMessageContaining("expected record(batch) to throw IdConflictException (rule 8: ")
                .hasMessageContaining("its idKind() is NODE_RUN and its ids() are of [r]), but it returned");
        assertThat(conflicts.get("the_message_names_the_id")).hasMessageContaining("IdConflictException (rule 7: ");

        assertThat(failures(BrokenStores.IgnoringConflicts::new, ExecutionStoreContract.Rule01Atomic.class)
                        .get("a_log_id_that_is_taken_undoes_the_whole_batch"))
                .hasMessageContaining("to throw IdConflictException (rule 1: ");
        assertThat(failures(BrokenStores.Resurrecting::new, ExecutionStoreContract.Rule05ParentsFirst.class)
                        .get("a_change_never_creates_an_execution"))
                .hasMessageContaining("to throw UnknownExecutionException (rule 5: ")
                .hasMessageContaining("[missing]");
    }

    @Test
    void one_mistake_in_the_transition_table_is_not_told_a_hundred_times() {
        storeUnderTest = BrokenStores.PutInsteadOfMerge::new;

        SuiteRun run = SuiteRun.of(
                selectNestedClass(List.of(TheContract.class), ExecutionStoreContract.Rule03TransitionTable.class));

        String method = "an_execution_recorded_again_in_another_state_has_the_same_effect";
        assertThat(run.failed()).isEqualTo(10);
        assertThat(run.skipped().get(method)).contains("10 places of this table are wrong already");
        assertThat(run.failures()).containsOnlyKeys(method);
        assertThat(run.failures().get(method).getMessage())
                .contains("ExecutionTransitions.apply(execution, change)", "ExecutionTransitions.stateOf(execution)")
                .containsPattern("^from queued.* to .*: .*expected .*, but was ")
                .hasSizeLessThan(1_000);
    }

    @Test
    void a_failing_random_sequence_tells_what_is_different_and_the_steps_that_it_takes() {
        String message = randomFailure(BrokenStores.DroppingLinks::new);

        assertThat(message)
                .startsWith("not as in memory, with seed 0\n")
                .contains(
                        "nodeRunId: expected ",
                        "after the step\n  record executions=",
                        "other steps made no difference")
                .hasSizeLessThan(5_000);
        assertThat(message.lines().filter(line -> line.matches("  (record|replay|delete|take over) .*")))
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void a_failing_random_sequence_begins_with_the_outcome_and_what_the_store_said() {
        String message = randomFailure(BrokenStores.NotIdempotent::new);

        assertThat(message.lines().skip(1).findFirst().orElseThrow())
                .startsWith("the outcome: expected \"recorded\", but was \"refused: DATA\"")
                .contains("HistoryStoreException: duplicate key");
        assertThat(message.lines().skip(2)).startsWith("after the step");
    }

    private static String randomFailure(Supplier<ExecutionStore> store) {
        return failures(store, ExecutionStoreContract.RandomSequences.class)
                .get("a_random_sequence_reads_the_same_as_in_memory")
                .getMessage();
    }

    private static Map<String, Throwable> failures(Supplier<ExecutionStore> store, Class<?> group) {
        storeUnderTest = store;
        return SuiteRun.of(selectNestedClass(List.of(TheContract.class), group)).failures();
    }
}
