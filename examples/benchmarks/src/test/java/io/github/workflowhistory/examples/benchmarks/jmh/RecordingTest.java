package io.github.workflowhistory.examples.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.workflowhistory.NodeRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordingTest {
    private final Recording recording = new Recording();

    @AfterEach
    void close() {
        recording.close();
    }

    @ParameterizedTest
    @EnumSource
    void two_iterations_measure_what_the_state_says(Database database) {
        recording.database = database;
        for (int iteration = 0; iteration < 2; iteration++) {
            recording.open();
            NodeRun node = recording.run(Recording.MAX_THREADS - 1).begin("node");
            for (int call = 0; call < 1_000; call++) {
                node.info("a call");
            }

            assertThatCode(recording::check).doesNotThrowAnyException();
        }
    }

    @Test
    void an_iteration_that_drops_is_no_measurement_of_accepting() {
        recording.database = Database.SLOW_AND_FULL;
        recording.open();
        recording.database = Database.FAST;

        assertThatIllegalStateException().isThrownBy(recording::check).withMessageContaining("records were dropped");
    }
}
