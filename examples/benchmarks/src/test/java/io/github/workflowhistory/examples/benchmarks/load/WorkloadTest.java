package io.github.workflowhistory.examples.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    @Test
    void is_what_the_figures_are_said_to_be_of() {
        List<Workload.Rows> all = new Workload(DurableServer.USER).rows(1_000);

        assertThat(all).allSatisfy(rows -> {
            assertThat(rows.results())
                    .hasSize(10)
                    .allSatisfy(result ->
                            assertThat(result.output().text().length()).isBetween(310, 350));
            assertThat(rows.logs())
                    .hasSize(30)
                    .allSatisfy(log -> assertThat(log.message()).hasSize(81));
            assertThat(rows.logs().stream().filter(log -> log.data() != null)).hasSize(10);
        });
        assertThat(all.stream().map(rows -> rows.execution().id())).isSorted();
        assertThat(Workload.EVENTS).isEqualTo(42);
    }
}
