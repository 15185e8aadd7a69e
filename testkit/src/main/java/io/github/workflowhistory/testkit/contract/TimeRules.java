package io.github.workflowhistory.testkit.contract;

import static io.github.workflowhistory.testkit.contract.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Instants come back as they were recorded, to the microsecond, whatever the time zones of server and client. */
public abstract class TimeRules extends ContractGroup {

    /**
     * The rule for a store.
     *
     * @param underTest the store of each test
     */
    protected TimeRules(StoreUnderTest underTest) {
        super(underTest);
    }

    @TestFactory
    Stream<DynamicTest> every_instant_comes_back_to_the_microsecond() {
        return Stream.of(
                        "2026-03-01T10:00:00.123456Z",
                        "2026-03-01T10:00:00.123456789Z",
                        "2026-03-01T10:00:00.000001Z",
                        "2026-03-01T10:00:00.999999999Z",
                        "1970-01-01T00:00:00Z",
                        "1969-12-31T23:59:59.999999Z",
                        "1969-12-31T23:59:59.999999999Z",
                        "1969-12-31T23:59:59.000000001Z",
                        "1900-01-01T00:00:00.5Z",
                        "1582-10-10T12:00:00Z",
                        "0001-01-01T00:00:00Z",
                        "0001-01-01T00:00:00.000001Z",
                        "0099-12-31T23:59:59.999999Z",
                        "9999-12-31T23:59:59.999999Z",
                        "9999-12-31T23:59:59.999999999Z",
                        "2026-03-29T01:30:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:30:00Z",
                        "2024-02-29T23:59:59.999999Z",
                        "2038-01-19T03:14:08Z")
                .map(text -> DynamicTest.dynamicTest(text, () -> assertKept(text, Instant.parse(text))));
    }

    @Test
    @ResourceLock(Resources.TIME_ZONE)
    void instants_do_not_depend_on_the_time_zone_of_the_process() {
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
            record(running("e"));
            TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
            assertThat(execution("e")).isEqualTo(running("e"));
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private void assertKept(String id, Instant time) {
        WorkflowExecution execution = new WorkflowExecution(
                id,
                Samples.WORKFLOW,
                null,
                ExecutionStatus.FAILED,
                time,
                time,
                null,
                null,
                null,
                time,
                "recorder",
                time);
        NodeResult result = new NodeResult(id, id, "node", "Node", NodeStatus.SUCCESS, null, null, time, time, null, 1);
        ExecutionLog log = Samples.log(id, id, time);
        record(execution, result, log);

        Instant micros = time.truncatedTo(ChronoUnit.MICROS);
        WorkflowExecution read = execution(id);
        assertThat(read.createdAt()).isEqualTo(micros);
        assertThat(read.startedAt()).isEqualTo(micros);
        assertThat(read.completedAt()).isEqualTo(micros);
        assertThat(read.abandonedAt()).isEqualTo(micros);
        assertThat(results(id)).containsExactly(result);
        assertThat(logs(id)).containsExactly(log);
    }
}
