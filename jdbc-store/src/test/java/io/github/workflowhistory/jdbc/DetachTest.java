package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionRun;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.github.workflowhistory.store.ExecutionLeases;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An execution that waits between two processes belongs to neither. */
@Timeout(120)
class DetachTest {
    private static final TestDatabase DATABASE = TestDatabase.create("detach").install();
    private static final Duration LONG = Duration.ofSeconds(30);

    private final JdbcExecutionStore store = DATABASE.store();
    private final ExecutionLeases leases = store.leases().orElseThrow();

    @BeforeEach
    void clear() {
        DATABASE.clear();
    }

    private WorkflowHistory process() {
        return WorkflowHistory.builder(store)
                .pipeline(PipelineSettings.builder().abandonAfter(Duration.ZERO).build())
                .build();
    }

    private WorkflowExecution execution(String id) {
        return store.findExecution(id).orElseThrow();
    }

    @Test
    void an_execution_that_waits_is_not_abandoned_when_its_process_ends() {
        String id;
        try (WorkflowHistory process = process()) {
            // Closed at once: nothing of this is in the database before.
            id = process.begin("approval", null).detach();
        }

        assertThat(execution(id).recorderId()).isNull();
        assertThat(leases.endAbandoned(Duration.ZERO)).isEmpty();

        try (WorkflowHistory next = process()) {
            next.attach(id, run -> "approved");
        }
        assertThat(execution(id).status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void an_execution_that_waits_is_not_abandoned_when_its_process_is_killed_after_a_flush() {
        try (WorkflowHistory process = process()) {
            String id = process.begin("approval", null).detach();
            assertThat(process.flush(LONG)).isTrue();

            // What is in the database now is what a killed process leaves.
            assertThat(execution(id).recorderId()).isNull();
            assertThat(execution(id).status()).isEqualTo(ExecutionStatus.RUNNING);
        }
    }

    @Test
    void an_execution_that_was_not_let_go_of_is_abandoned_when_its_process_ends() {
        String id;
        try (WorkflowHistory process = process()) {
            id = process.begin("wf", null).id();
        }

        assertThat(leases.endAbandoned(Duration.ZERO)).containsExactly(id);
    }

    @Test
    void whoever_attaches_takes_over() {
        try (WorkflowHistory second = process()) {
            ExecutionRun run;
            try (WorkflowHistory first = process()) {
                String id = first.begin("wf", null).id();
                assertThat(first.flush(LONG)).isTrue();
                String before = execution(id).recorderId();

                run = second.attach(id);
                assertThat(second.flush(LONG)).isTrue();

                assertThat(execution(id).recorderId()).isNotNull().isNotEqualTo(before);
            }
            run.complete("done");
            assertThat(second.flush(LONG)).isTrue();
            assertThat(execution(run.id()).status()).isEqualTo(ExecutionStatus.SUCCESS);
        }
    }

    @Test
    void whoever_attaches_and_lets_go_at_once_leaves_it_to_nobody() {
        try (WorkflowHistory first = process()) {
            String running = first.begin("wf", null).id();
            String queued = first.recordQueued("wf", null);
            assertThat(first.flush(LONG)).isTrue();

            try (WorkflowHistory second = process()) {
                second.attach(running).detach();
                second.attach(queued).detach();
            }

            assertThat(execution(running).recorderId()).isNull();
            assertThat(execution(queued).recorderId()).isNull();
            assertThat(execution(queued).status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(leases.endAbandoned(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void an_execution_can_go_from_process_to_process() {
        String id;
        try (WorkflowHistory process = process()) {
            id = process.recordQueued("wf", null);
        }
        for (int i = 0; i < 5; i++) {
            int step = i;
            try (WorkflowHistory process = process()) {
                ExecutionRun run = process.attach(id);
                run.run("step" + step, node -> node.info("done"));
                run.detach();
            }
            assertThat(leases.endAbandoned(Duration.ZERO)).isEmpty();
        }
        try (WorkflowHistory process = process()) {
            process.attach(id).complete();
        }

        assertThat(execution(id).status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.findDetails(id).orElseThrow().nodeResults()).hasSize(5);
    }
}
