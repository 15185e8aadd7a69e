package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a history with a buffer asks of the store's leases, and after which of its writes. */
class BufferedHistoryLeasesTest extends BufferedHistoryFixture {
    @Test
    void attaching_takes_over_detaching_releases_and_an_end_forgets() throws InterruptedException {
        store.withLeases();
        start(lingering());
        String id = history.recordQueued("workflow", null);
        ExecutionRun run = history.attach(id);
        store.awaitAsked("takeOver " + id);

        run.detach();
        // Not before what was recorded for it has arrived.
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.asked()).contains("release " + id);

        ExecutionRun again = history.attach(id);
        assertThat(history.flush(LONG)).isTrue();
        // The first take-over may be asked for twice, when the release comes before its answer.
        assertThat(store.asked().lastIndexOf("takeOver " + id))
                .isGreaterThan(store.asked().lastIndexOf("release " + id));
        again.success(null);
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.asked()).contains("renew");
    }

    @Test
    void executions_name_the_recorder_whose_lease_covers_them_and_queued_ones_name_none() {
        store.withLeases();
        start(lingering());
        String queued = history.recordQueued("workflow", null);
        ExecutionRun run = history.begin("workflow", null);
        assertThat(history.flush(LONG)).isTrue();

        assertThat(store.findExecution(queued).orElseThrow().recorderId()).isNull();
        assertThat(store.findExecution(run.id()).orElseThrow().recorderId()).isNotNull();
    }

    @Test
    void without_leases_nobody_asks_for_any() {
        store.withLeases();
        start(lingering().withoutLeases());
        history.attach(history.recordQueued("workflow", null)).success(null);
        history.close();
        assertThat(store.asked()).isEmpty();
    }
}
