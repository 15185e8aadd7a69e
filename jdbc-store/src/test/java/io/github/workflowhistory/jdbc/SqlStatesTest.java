package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStatesTest {
    @ParameterizedTest
    @CsvSource({
        "08000, CONNECTION",
        "08001, CONNECTION",
        "08003, CONNECTION",
        "08006, CONNECTION",
        "57P01, CONNECTION",
        "57P02, CONNECTION",
        "57P03, CONNECTION",
        "57P05, CONNECTION",
        "40003, CONNECTION",
        "40001, CONTENTION",
        "40P01, CONTENTION",
        "55P03, CONTENTION",
        "57014, TIMEOUT",
        "53100, RESOURCES",
        "53200, RESOURCES",
        "53300, RESOURCES",
        "58030, RESOURCES",
        "25006, RESOURCES",
        "0A000, STALE_STATEMENT",
        "26000, STALE_STATEMENT",
        "42P05, STALE_STATEMENT",
        "42P01, CONFIGURATION",
        "42703, CONFIGURATION",
        "42883, CONFIGURATION",
        "42501, CONFIGURATION",
        "28P01, CONFIGURATION",
        "28000, CONFIGURATION",
        "3D000, CONFIGURATION",
        "08004, CONFIGURATION",
        "3F000, CONFIGURATION",
        "25001, CONFIGURATION",
        "23514, CONFIGURATION",
        "22021, DATA",
        "22P05, DATA",
        "22003, DATA",
        "23502, DATA",
        "23503, DATA",
        "23505, DATA",
        "54000, DATA",
        "P0001, DATA",
        "25P02, UNKNOWN",
        "40002, UNKNOWN",
        "XX000, UNKNOWN",
        "58P01, UNKNOWN",
        "P0002, UNKNOWN",
        "55000, UNKNOWN",
        "S0001, UNKNOWN",
        "1, UNKNOWN"
    })
    void every_state_has_its_kind(String state, Kind kind) {
        assertThat(SqlStates.kind(state, false, false)).isEqualTo(kind);
    }

    @Test
    void a_check_with_a_name_is_about_the_data() {
        assertThat(SqlStates.kind("23514", true, false)).isEqualTo(Kind.DATA);
    }

    @Test
    void a_policy_that_refuses_a_row_is_about_the_data() {
        assertThat(SqlStates.kind("42501", false, true)).isEqualTo(Kind.DATA);
    }

    @Test
    void no_state_is_unknown() {
        assertThat(SqlStates.kind(null, false, false)).isEqualTo(Kind.UNKNOWN);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"08006", "08003", "57P01", "57P02", "57P03", "40003", "58030", "XX000", "F0001", ""})
    void a_commit_may_have_happened(String state) {
        assertThat(SqlStates.leavesCommitInDoubt(state)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23503", "23505", "40001", "40P01", "P0001", "57014", "53100", "22003", "25P02", "55P03"})
    void a_commit_was_refused(String state) {
        assertThat(SqlStates.leavesCommitInDoubt(state)).isFalse();
    }
}
