package io.github.workflowhistory.examples.traces;

import static java.time.format.DateTimeFormatter.ISO_DATE_TIME;
import static java.time.format.DateTimeFormatter.ofPattern;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.stream.Stream;

/**
 * The spellings of date and time that are found in traces. WfFormat asks for ISO 8601; the workflow systems write what
 * they write.
 */
final class TraceDates {
    private static final List<DateTimeFormatter> SPELLINGS = Stream.of(
                    ISO_DATE_TIME, // 2023-03-29T10:02:36-10:00, 2023-05-04T10:54:31.562432
                    ofPattern("uuuuMMdd'T'HHmmss[XXX][XX][X]"), // 20200401T035043+0000
                    ofPattern("MM-dd-uu'T'HH:mm:ss[XXX][XX][X]")) // 03-23-21T05:57:15Z, the 23rd of March
            .map(spelling -> spelling.withResolverStyle(ResolverStyle.STRICT))
            .toList();

    private TraceDates() {}

    /**
     * Reads a date with a time. One without a zone is taken for UTC.
     *
     * @throws TraceException when it is in none of the known spellings
     */
    static Instant parse(String text) throws TraceException {
        for (DateTimeFormatter spelling : SPELLINGS) {
            try {
                TemporalAccessor time = spelling.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
                return time instanceof OffsetDateTime withZone
                        ? withZone.toInstant()
                        : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                // Then it is in another spelling, or in none.
            }
        }
        throw new TraceException("nobody can read the date '" + text + "'");
    }
}
