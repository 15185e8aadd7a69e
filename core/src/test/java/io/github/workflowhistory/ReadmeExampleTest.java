package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.pipeline.MicrometerListener;
import io.github.workflowhistory.pipeline.PipelineSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the README shows, run. The lines between the marks stand there word for word. */
class ReadmeExampleTest {
    private final CollectingStore store = new CollectingStore();

    @Test
    void settings_and_meters_take_effect() {
        MeterRegistry meterRegistry = new SimpleMeterRegistry();

        // README: settings
        PipelineSettings settings = PipelineSettings.builder()
                .capacityBytes(64 << 20)
                .writers(2)
                .linger(Duration.ofMillis(20))
                .abandonAfter(Duration.ofMinutes(10))
                .build();
        WorkflowHistory history = WorkflowHistory.builder(store)
                .pipeline(settings)
                .listener(new MicrometerListener(meterRegistry))
                .build();
        // README: end

        history.run("import-orders", null, run -> run.run("fetch", node -> node.info("asking the shop")));
        history.close();

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(meterRegistry
                        .get("workflow.history.records")
                        .tags("kind", "execution", "outcome", "stored")
                        .counter()
                        .count())
                .isEqualTo(2);
    }
}
