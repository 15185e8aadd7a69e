package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What the README shows, run. The lines between the marks stand there word for word. */
class ReadmeExampleTest {
    private static final TestDatabase DATABASE = TestDatabase.create("readme").installUsers();

    private final Shop shop = since -> List.of("order 1", "order 2");
    private final List<String> mailed = new ArrayList<>();
    private final Mailer mailer = mailed::addAll;

    private interface Shop {
        List<String> fetch(Instant since);
    }

    private interface Mailer {
        void send(List<String> orders);
    }

    @Test
    void an_import_is_recorded_and_read_back() {
        DataSource dataSource = DATABASE.dataSource();
        UUID userId = DATABASE.newUser();
        Instant since = Instant.parse("2026-01-01T00:00:00Z");

        // README: embed
        WorkflowSchema.of(dataSource).install(); // or run the script by hand, once
        JdbcExecutionStore store = JdbcExecutionStore.create(dataSource);
        WorkflowHistory history = WorkflowHistory.builder(store).build(); // close it before the data source

        int sent = history.record("import-orders", userId, run -> {
            List<String> orders = run.call("fetch", "Fetch orders", node -> {
                node.info("asking the shop", Map.of("since", since));
                return shop.fetch(since);
            });
            if (orders.isEmpty()) {
                run.skip("mail", "nothing new");
            } else {
                run.run("mail", node -> mailer.send(orders));
            }
            return orders.size();
        });
        // README: end

        assertThat(sent).isEqualTo(2);
        assertThat(mailed).hasSize(2);
        assertThat(history.flush(Duration.ofSeconds(30))).isTrue();
        List<String> printed = new ArrayList<>();

        // README: read
        for (ExecutionSummary each :
                store.listExecutions(ExecutionQuery.all().ofUser(userId).limit(10))) {
            ExecutionDetails details = store.findDetails(each.id()).orElseThrow();
            for (NodeResult result : details.nodeResults()) {
                printed.add(result.nodeName() + " " + result.status().code() + " " + result.output());
            }
            store.listLogs(LogQuery.ofExecution(each.id()).atLeast(LogLevel.WARN));
        }
        // README: end

        assertThat(printed).containsExactly("Fetch orders success [\"order 1\",\"order 2\"]", "mail success null");
        assertThat(store.listExecutions(ExecutionQuery.all().ofUser(userId)))
                .singleElement()
                .extracting(ExecutionSummary::status)
                .isEqualTo(ExecutionStatus.SUCCESS);
        history.close();
    }

    @Test
    void a_user_sees_own_executions_and_no_others() {
        WorkflowSchema.of(DATABASE.dataSource()).install();
        JdbcExecutionStore store = DATABASE.store();
        UUID userId = DATABASE.newUser();
        store.record(WorkflowExecution.running("mine", "import-orders", userId, Instant.now()));
        store.record(WorkflowExecution.running("theirs", "import-orders", DATABASE.newUser(), Instant.now()));

        // README: user
        ExecutionStore mine = store.actingAs(userId);
        List<ExecutionSummary> own = mine.listExecutions(ExecutionQuery.all()); // this user's, and no others
        // README: end

        assertThat(own).extracting(ExecutionSummary::id).containsExactly("mine");
    }
}
