package io.github.workflowhistory.examples.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceDatesTest {
    @ParameterizedTest
    @CsvSource({
        "2023-03-29T10:02:36-10:00, 2023-03-29T20:02:36Z",
        "2020-12-25T20:10:08+00:00, 2020-12-25T20:10:08Z",
        "2020-04-01T20:22:32.420180Z, 2020-04-01T20:22:32.420180Z",
        "2023-05-04T10:54:31.562432, 2023-05-04T10:54:31.562432Z",
        "20200401T035043+0000, 2020-04-01T03:50:43Z",
        "20200401T035043-0230, 2020-04-01T06:20:43Z",
        "20200401T035043Z, 2020-04-01T03:50:43Z",
        "20200401T035043, 2020-04-01T03:50:43Z",
        "03-23-21T05:57:15Z, 2021-03-23T05:57:15Z",
        "12-20-20T04:58:25+01:00, 2020-12-20T03:58:25Z"
    })
    void reads_each_spelling(String text, String instant) throws TraceException {
        assertThat(TraceDates.parse(text)).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "1585713043", "2023-02-30T10:00:00Z", "23-03-21T05:57:15Z", "2023-03-29"})
    void refuses_what_nobody_can_read(String text) {
        assertThatThrownBy(() -> TraceDates.parse(text))
                .isInstanceOf(TraceException.class)
                .hasMessageContaining(text);
    }
}
