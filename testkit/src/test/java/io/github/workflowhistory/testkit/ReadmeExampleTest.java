package io.github.workflowhistory.testkit;

import static io.github.workflowhistory.testkit.HistoryAssertions.assertThatLatestExecution;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.WorkflowHistory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the README shows, run. The lines between the marks stand there word for word. */
class ReadmeExampleTest {
    /** A host's own code. */
    private record OrderImport(WorkflowHistory history, List<String> orders) {
        void run() {
            history.run("import-orders", null, run -> {
                run.call("fetch", "Fetch orders", node -> {
                    node.info("asking the shop");
                    return orders;
                });
                run.skip("mail", "nothing new");
            });
        }
    }

    private static final List<String> emptyShop = List.of();

    @Nested
    // README: testkit
    @ExtendWith(WorkflowHistoryExtension.class)
    class OrderImportTest {
        @Test
        void an_empty_shop_mails_nobody(WorkflowHistory history, InMemoryExecutionStore store) {
            new OrderImport(history, emptyShop).run();

            assertThatLatestExecution(store)
                    .succeeded()
                    .ranNodes("fetch")
                    .skippedNode("mail", "nothing new")
                    .node("fetch")
                    .logged(LogLevel.INFO, "asking the shop");
        }
    }
    // README: end

    @Nested
    class OrderImportWithoutHistoryTest {
        // README: faults
        @RegisterExtension
        final WorkflowHistoryExtension extension = new WorkflowHistoryExtension().allowingRejections();

        @Test
        void an_import_goes_on_when_history_is_down() {
            extension.faults().onWrites().fail();

            new OrderImport(extension.history(), emptyShop).run();

            assertThat(extension.rejections()).isNotEmpty();
        }
        // README: end
    }

    @Test
    void a_buffered_history_tries_again() {
        // README: buffered
        FaultyStore store = new FaultyStore(new InMemoryExecutionStore());
        store.onWrites().next(2).fail();
        try (WorkflowHistory history = WorkflowHistory.builder(store).build()) {
            new OrderImport(history, emptyShop).run();

            assertThat(history.flush(Duration.ofSeconds(30))).isTrue();
        }
        assertThatLatestExecution(store).succeeded();
        // README: end
    }
}
