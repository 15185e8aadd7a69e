package io.github.workflowhistory.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The trigger completes what an application leaves out when an execution ends. */
class CompletionTriggerTest extends InstalledSchema {
    @ParameterizedTest
    @ValueSource(strings = {"success", "failed", "partial"})
    void an_end_without_times_gets_both(String status) {
        session.run("update workflow_executions set started_at = now() - interval '2500 ms' where id = 'alice-1'");
        session.run("update workflow_executions set status = '" + status + "' where id = 'alice-1'");
        assertThat(end("alice-1")).isEqualTo("t | 2500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "running"})
    void an_execution_that_goes_on_gets_neither(String status) {
        session.run("update workflow_executions set status = '" + status + "' where id = 'alice-1'");
        assertThat(end("alice-1")).isEqualTo("null | null");
    }

    @Test
    void an_execution_that_is_inserted_with_its_end_is_completed_too() {
        insert("'success', now() - interval '7 seconds', null, null");
        assertThat(end("e")).isEqualTo("t | 7000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2026-01-01 00:00:00Z        | 2026-01-01 00:00:05Z        | 5000
            2026-01-01 00:00:00.000400Z | 2026-01-01 00:00:00.002300Z | 1
            2026-01-01 00:00:00Z        | 2026-01-01 01:30:00Z        | 5400000
            2026-03-29 00:30:00Z        | 2026-03-29 01:30:00Z        | 3600000
            2026-01-01 00:00:00Z        | 2026-01-25 20:31:23.647Z    | 2147483647
            2026-01-01 00:00:00Z        | 2026-02-10 00:00:00Z        | 2147483647
            2026-01-02 00:00:00Z        | 2026-01-01 00:00:00Z        | 0
            -infinity                   | infinity                    | 2147483647
            infinity                    | 2026-01-01 00:00:00Z        | 0
            """)
    void the_duration_is_what_lies_between_start_and_end(String start, String end, String millis) {
        session.run("set local time zone 'Europe/Berlin'");
        insert("'success', '%s', '%s', null".formatted(start, end));
        assertThat(session.row("select duration_ms from workflow_executions where id = 'e'"))
                .isEqualTo(millis);
    }

    @Test
    void what_was_given_is_never_overwritten() {
        insert("'success', '2026-01-01 00:00Z', '2026-01-02 00:00Z', 5");
        session.run("update workflow_executions set status = 'failed', error = 'x' where id = 'e'");
        assertThat(
                        session.row(
                                "select completed_at = '2026-01-02 00:00Z', duration_ms from workflow_executions where id = 'e'"))
                .isEqualTo("t | 5");
    }

    @Test
    void a_duration_without_an_end_gets_the_end() {
        insert("'failed', null, null, 5");
        assertThat(end("e")).isEqualTo("t | 5");
    }

    @Test
    void without_a_start_there_is_no_duration_until_the_start_is_known() {
        insert("'success', null, '2026-01-01 00:00:10Z', null");
        assertThat(session.row("select duration_ms from workflow_executions where id = 'e'"))
                .isEqualTo("null");

        session.run("update workflow_executions set started_at = '2026-01-01 00:00:03.0005Z' where id = 'e'");
        assertThat(session.row("select duration_ms from workflow_executions where id = 'e'"))
                .isEqualTo("6999");
    }

    @Test
    void it_works_for_the_end_users_too() {
        session.actAs(Session.ALICE);
        session.run("update workflow_executions set started_at = now() - interval '1 s', status = 'success'"
                + " where id = 'alice-1'");
        assertThat(end("alice-1")).isEqualTo("t | 1000");
    }

    private void insert(String statusStartEndDuration) {
        session.run("insert into workflow_executions (id, workflow_id, user_id, status, started_at, completed_at,"
                + " duration_ms) values ('e', 'w', null, " + statusStartEndDuration + ")");
    }

    private String end(String id) {
        return session.row("select completed_at = now(), duration_ms from workflow_executions where id = ?", id);
    }
}
