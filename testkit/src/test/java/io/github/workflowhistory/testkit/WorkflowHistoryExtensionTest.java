package io.github.workflowhistory.testkit;

import static io.github.workflowhistory.testkit.HistoryAssertions.assertThatExecution;
import static io.github.workflowhistory.testkit.HistoryAssertions.assertThatLatestExecution;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.Redactor;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.store.ExecutionReader;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.ExecutionStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

class WorkflowHistoryExtensionTest {

    @Nested
    @ExtendWith(WorkflowHistoryExtension.class)
    class WithParameters {
        private WorkflowHistory ofBeforeEach;

        @BeforeEach
        void set_up(WorkflowHistory history) {
            ofBeforeEach = history;
        }

        @Test
        void everything_about_a_recorded_execution_can_be_foretold(
                WorkflowHistory history, InMemoryExecutionStore store, SettableClock clock) {
            List<Integer> orders = history.record("import-orders", TestRecords.ADA, run -> {
                List<Integer> fetched = run.call("fetch", node -> {
                    node.info("asking the shop");
                    clock.advance(Duration.ofMillis(700));
                    return List.of(1, 2);
                });
                run.skip("mail", "nothing new");
                clock.advance(Duration.ofMillis(300));
                return fetched;
            });

            assertThat(orders).containsExactly(1, 2);
            assertThatExecution(store, "id-000001")
                    .succeeded()
                    .belongsTo(TestRecords.ADA)
                    .hasDuration(Duration.ofSeconds(1))
                    .hasOutput(List.of(1, 2))
                    .ranNodes("fetch")
                    .skippedNode("mail", "nothing new")
                    .hasLogs(1)
                    .node("fetch")
                    .succeeded()
                    .hasDuration(Duration.ofMillis(700))
                    .logged(LogLevel.INFO, "asking the shop");
            assertThat(store.findExecution("id-000001").orElseThrow().startedAt())
                    .isEqualTo(SettableClock.DEFAULT_START);
        }

        @Test
        void each_test_has_a_history_of_its_own(WorkflowHistory history, InMemoryExecutionStore store) {
            assertThat(history).isSameAs(ofBeforeEach);
            history.run("w", null, run -> {});

            assertThatLatestExecution(store).succeeded();
            assertThatExecution(store, "id-000001").succeeded();
        }

        @Test
        void the_store_is_at_hand_by_each_of_its_types(
                InMemoryExecutionStore inMemory,
                ExecutionStore store,
                ExecutionReader reader,
                ExecutionRecorder recorder) {
            assertThat(store).isSameAs(inMemory);
            assertThat(reader).isSameAs(inMemory);
            assertThat(recorder).isSameAs(inMemory);
        }

        @Test
        void the_store_can_fail_on_demand(WorkflowHistory history, FaultyStore faults) {
            assertThat(history.store()).isSameAs(faults);
        }
    }

    @Nested
    class AsAField {
        @RegisterExtension
        final WorkflowHistoryExtension extension = WorkflowHistoryExtension.with(
                        builder -> builder.redactor(Redactor.keys("password")))
                .allowingRejections();

        @Test
        void the_settings_are_taken() {
            extension.history().record("w", null, run -> Map.of("password", "secret"));

            assertThatLatestExecution(extension.store()).hasOutput(Map.of("password", "***"));
            assertThat(extension.rejections()).isEmpty();
            assertThat(extension.clock().instant()).isEqualTo(SettableClock.DEFAULT_START);
        }

        @Test
        void the_host_does_not_notice_when_history_cannot_be_recorded() {
            extension.faults().onWrites().fail();

            String answer = extension.history().record("w", null, run -> run.call("node", node -> "fine"));

            assertThat(answer).isEqualTo("fine");
            assertThat(extension.rejections()).isNotEmpty();
        }
    }

    @ExtendWith(WorkflowHistoryExtension.class)
    static class Strict {
        @Test
        void loses_history(WorkflowHistory history, FaultyStore faults) {
            faults.onWrites().next(1).fail();
            history.run("w", null, run -> {});
        }

        @Test
        void loses_one_batch(WorkflowHistory history, FaultyStore faults) {
            faults.onWrites().next(1).fail(() -> new IllegalStateException("disk full"));
            history.recordQueued("w", null);
        }

        @Test
        void loses_two_batches(WorkflowHistory history, FaultyStore faults) {
            faults.onWrites().next(2).fail(() -> new IllegalStateException("disk full"));
            history.recordQueued("w", null);
            history.recordQueued("w", null);
        }

        @Test
        void fails_itself(WorkflowHistory history, FaultyStore faults) {
            faults.onWrites().next(1).fail();
            history.run("w", null, run -> {});
            throw new IllegalStateException("its own failure");
        }
    }

    @Test
    void a_test_whose_history_is_lost_fails() {
        SuiteRun run = SuiteRun.of(selectClass(Strict.class));

        assertThat(run.failures().get("loses_history")).hasMessageContaining("could not be recorded");
        assertThat(run.failures().get("loses_one_batch"))
                .hasMessageStartingWith("history of this test could not be recorded (1 batch: disk full). ")
                .hasMessageContaining("without @ExtendWith: @RegisterExtension final WorkflowHistoryExtension")
                .hasMessageContaining("allowingRejections()");
        assertThat(run.failures().get("loses_two_batches"))
                .hasMessageStartingWith(
                        "history of this test could not be recorded (2 batches, the first: disk full). ");
        assertThat(run.failures().get("fails_itself")).hasMessage("its own failure");
    }

    @ExtendWith(WorkflowHistoryExtension.class)
    static class TooEarly {
        @BeforeAll
        static void asks(WorkflowHistory history) {}

        @Test
        void is_not_reached() {}
    }

    @Test
    void a_history_before_all_tests_is_refused_with_the_reason() {
        SuiteRun run = SuiteRun.of(selectClass(TooEarly.class));

        assertThat(run.failures().values())
                .hasSize(1)
                .first()
                .satisfies(failure ->
                        assertThat(failure).hasMessageContaining("each test has a WorkflowHistory of its own"));
    }
}
