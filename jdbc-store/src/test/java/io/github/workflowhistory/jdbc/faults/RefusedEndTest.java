package io.github.workflowhistory.jdbc.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Json;
import io.github.workflowhistory.WorkflowExecution;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The database refuses how an execution ended, because of its output. */
class RefusedEndTest extends FaultTest {
    private static final String REFUSED = "refused";

    @Test
    void an_end_that_breaks_a_constraint_is_written_without_its_output() {
        server.execute("alter table public.workflow_executions add constraint outputs_are_small"
                + " check (length(final_output::text) < 1000)");
        closedAtEnd(() -> server.execute("alter table public.workflow_executions drop constraint outputs_are_small"));
        assertEndIsWrittenWithoutOutput("outputs_are_small");
    }

    @Test
    void an_end_that_a_trigger_refuses_is_written_without_its_output() {
        server.execute("""
                create function public.refuse_large_outputs() returns trigger language plpgsql as $$
                begin
                  if length(new.final_output::text) >= 1000 then
                    raise exception 'this output is too large for us';
                  end if;
                  return new;
                end $$;
                create trigger outputs_are_small before insert or update on public.workflow_executions
                  for each row execute function public.refuse_large_outputs()""");
        closedAtEnd(() -> server.execute("drop function public.refuse_large_outputs cascade"));
        assertEndIsWrittenWithoutOutput("this output is too large for us");
    }

    private void assertEndIsWrittenWithoutOutput(String reason) {
        Recording recording = recording(settings());
        try (Background others = Workload.executions(recording, 2, 10, 8)) {
            recording.record(Workload.start(REFUSED));
            Workload.nodes(recording, REFUSED, 0, 5);
            recording.record(Workload.end(REFUSED).withFinalOutput(Json.of("x".repeat(2_000))));
            others.await();
        }
        recording.settle();

        StoredRows rows = StoredRows.read(server.dataSource());
        Emitted.Found found = recording.emitted().compare(rows);
        assertThat(found.missing()).isEmpty();
        assertThat(found.withoutOutput()).isEqualTo(Set.of(REFUSED));
        WorkflowExecution end = rows.executions().get(REFUSED);
        assertThat(end.error()).contains(reason).contains("not everything worked");
        assertThat(recording.stats().rejected())
                .as("%s", recording.rejections())
                .isZero();
        assertThat(recording.stats().stored()).isEqualTo(recording.emitted().count());
    }
}
